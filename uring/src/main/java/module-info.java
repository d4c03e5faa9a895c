/** {@code Io} over io_uring. */
module dev.gyre.uring {
    requires static transitive org.jspecify;
    requires transitive dev.gyre.io;
    requires dev.gyre.host;
    requires dev.gyre.posix;
    requires dev.gyre.ring;
    requires jdk.jfr;

    exports dev.gyre.uring;

    provides dev.gyre.io.spi.IoProvider with dev.gyre.uring.UringProvider;
}
