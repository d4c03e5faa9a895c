package dev.gyre.simulated;

/** What becomes of what was written and not synced when a host loses its power ({@link Host#powerCut}). */
public enum Unsynced {
    /** All of it is lost: the least that a program can count on. */
    LOST,
    /**
     * Some of it is on the device, in no order, as the seed has it: each page of 4 KiB of a file by itself, of which
     * some sectors of 512 bytes may be new and some old; the length of each file; its attributes; and each name of a
     * folder, but that what one rename has changed is there as a whole or not at all, as on every file system with a
     * journal. {@link Simulation#exploreWorld} does not try what else could be left.
     */
    BY_CHANCE,
    /** Nothing is lost: the processes are gone, as if each had been killed, and the kernel has written everything. */
    KEPT
}
