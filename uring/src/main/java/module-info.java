/** {@code Io} over io_uring. */
module dev.gyre.uring {
    requires static transitive org.jspecify;
    requires transitive dev.gyre.io;
    requires dev.gyre.ring;
    requires org.jctools.core;

    exports dev.gyre.uring;
}
