/** {@code Io} over blocking system calls on a pool of threads. */
module dev.gyre.threaded {
    requires static transitive org.jspecify;
    requires transitive dev.gyre.io;
    requires dev.gyre.host;
    requires dev.gyre.posix;

    exports dev.gyre.threaded;

    provides dev.gyre.io.spi.IoProvider with dev.gyre.threaded.ThreadedProvider;
}
