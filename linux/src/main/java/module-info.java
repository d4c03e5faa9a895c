/** Linux system calls, struct layouts and error numbers: no policy, no threads. */
module dev.gyre.linux {
    requires static org.jspecify;

    exports dev.gyre.linux;
}
