/** What the backends on Linux share: {@code Io}'s values as Linux structs, and calls that never wait. */
module dev.gyre.posix {
    requires static transitive org.jspecify;
    requires transitive dev.gyre.io;
    requires transitive dev.gyre.linux;

    exports dev.gyre.posix;
}
