package dev.gyre.simulated.disk;

import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/** What chance makes of what was not synced when a host loses its power. */
final class Chance {
    /** So much of a page does a device write as a whole. */
    private static final int SECTOR = 512;

    private final RandomGenerator random;

    /** Names for which it is decided that they are as before. */
    private final Set<Place> lost = new HashSet<>();

    Chance(RandomGenerator random) {
        this.random = random;
    }

    /** What becomes of a page. */
    enum Survival {
        LOST,
        KEPT,
        /** Some sectors are new, and some old. */
        TORN
    }

    Survival survival() {
        return switch (random.nextInt(4)) {
            case 0 -> Survival.TORN;
            case 1 -> Survival.KEPT;
            default -> Survival.LOST;
        };
    }

    boolean keeps() {
        return random.nextBoolean();
    }

    /** Decides that some names are not on the device as they are; what is kept may need them all the same. */
    void lose(Set<Place> names) {
        lost.addAll(names);
    }

    boolean isLost(Place name) {
        return lost.contains(name);
    }

    /**
     * How long a file is that was {@code before}, then at least so long, and is {@code now}. While it grows the device
     * may have any whole number of pages of it.
     */
    long length(long before, long least, long now) {
        return switch (random.nextInt(4)) {
            case 0 -> now;
            case 1 -> {
                long wholePages = random.nextLong(least / PageCache.PAGE, now / PageCache.PAGE + 1);
                yield Math.max(least, wholePages * PageCache.PAGE);
            }
            default -> before;
        };
    }

    /** A page of which some sectors are as they were. */
    byte[] torn(byte[] before, byte[] after) {
        byte[] page = after.clone();
        for (int start = 0; start < page.length; start += SECTOR) {
            if (random.nextBoolean()) {
                System.arraycopy(before, start, page, start, SECTOR);
            }
        }
        return page;
    }
}
