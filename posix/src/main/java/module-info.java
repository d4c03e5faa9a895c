/** The contract of sockets, files and folders, above the thin calls that a backend makes. */
module dev.gyre.posix {
    requires static transitive org.jspecify;
    requires transitive dev.gyre.io;

    exports dev.gyre.posix;
}
