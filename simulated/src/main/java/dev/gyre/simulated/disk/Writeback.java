package dev.gyre.simulated.disk;

/** What a sync brings to the device: what was not there when it began. Guarded by the disk's lock. */
interface Writeback {
    /** It is there now. What was changed since the sync began need not be. */
    void finish();

    /** The device has refused it. It is taken for written, and nobody tries again. */
    void refuse();
}
