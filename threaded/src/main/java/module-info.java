/** {@code Io} over blocking system calls on a pool of threads. */
module dev.gyre.threaded {
    requires static transitive org.jspecify;
    requires transitive dev.gyre.io;
    requires dev.gyre.posix;
}
