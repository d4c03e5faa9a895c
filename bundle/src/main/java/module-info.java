/** What a program needs of Gyre: the interface, io_uring, and threads where that is refused. It has no code itself. */
module dev.gyre {
    requires transitive dev.gyre.io;
    requires dev.gyre.threaded;
    requires dev.gyre.uring;
}
