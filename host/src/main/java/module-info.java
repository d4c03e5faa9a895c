/**
 * What the backends on Linux share below the thin calls: values of {@code Io} as structs, and calls that never wait.
 */
@SuppressWarnings("module") // the modules that it is exported to come later
module dev.gyre.host {
    requires static transitive org.jspecify;
    requires transitive dev.gyre.io;
    requires transitive dev.gyre.linux;
    requires transitive dev.gyre.posix;

    exports dev.gyre.host to
            dev.gyre.threaded,
            dev.gyre.uring;
}
