package dev.gyre.simulated.disk;

import java.util.random.RandomGenerator;

/** What chance makes of what was not synced when a host loses its power. */
record Chance(RandomGenerator random) {
    /** So much of a page does a device write as a whole. */
    private static final int SECTOR = 512;

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
