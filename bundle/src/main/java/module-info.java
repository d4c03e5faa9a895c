/**
 * What a program needs of Gyre: the interface, io_uring, threads where that is refused, and host names. It has no code
 * itself.
 */
module dev.gyre {
    requires transitive dev.gyre.io;
    requires dev.gyre.names;
    requires dev.gyre.threaded;
    requires dev.gyre.uring;
}
