package dev.gyre.ring;

/** Claims that hold unless this module has a fault; always checked. */
final class Assert {
    private Assert() {}

    static void that(boolean condition, String claim) {
        if (!condition) {
            throw new AssertionError(claim);
        }
    }

    static void that(boolean condition, String claim, long actual) {
        if (!condition) {
            throw new AssertionError(claim + ": " + actual);
        }
    }
}
