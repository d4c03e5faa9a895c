/** io_uring: the shared rings, the loop over them, operations and probes. */
module dev.gyre.ring {
    requires static transitive org.jspecify;
    requires transitive dev.gyre.linux;

    exports dev.gyre.ring;
    exports dev.gyre.ring.file;
    exports dev.gyre.ring.socket;
    exports dev.gyre.ring.wait;
}
