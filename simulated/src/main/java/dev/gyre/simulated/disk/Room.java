package dev.gyre.simulated.disk;

/** How many pages a disk has room for. Guarded by the disk's lock. */
final class Room {
    private long all;
    private long left;

    /** How often all of it was made free. */
    private long generation;

    Room(long pages) {
        all = pages;
        left = pages;
    }

    /** How many there are. */
    long all() {
        return all;
    }

    /** Has so many from now on. */
    void setAll(long pages) {
        left += pages - all;
        all = pages;
    }

    /** How many are free. */
    long left() {
        return Math.max(0, left);
    }

    /** Makes all of it free. */
    void clear() {
        left = all;
        generation++;
    }

    long generation() {
        return generation;
    }

    /** Takes so many pages, all or none. Whether there was room. */
    boolean take(long pages) {
        if (pages > left) {
            return false;
        }
        left -= pages;
        return true;
    }

    /** Takes pages for what is there already. There may be less than none left then, until some are given back. */
    void takeAnyway(long pages) {
        left -= pages;
    }

    void give(long pages) {
        left += pages;
    }
}
