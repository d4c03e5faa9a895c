/** Linux system calls, struct layouts and error numbers: no policy, no threads. */
@SuppressWarnings("module") // those that raw memory is exported to are compiled later
module dev.gyre.linux {
    requires static org.jspecify;

    exports dev.gyre.linux;
    exports dev.gyre.linux.layout;
    exports dev.gyre.linux.raw to
            dev.gyre.host,
            dev.gyre.ring;
}
