package dev.gyre.process;

/**
 * When too much waits somewhere, and when no longer: who adds to it stops when {@code high} is reached, and goes on
 * when it has come down to {@code low}.
 *
 * @param high in bytes, 1 or more
 * @param low in bytes, 0 to {@code high}
 */
public record Watermarks(long high, long low) {
    /** Refuses marks out of range. */
    public Watermarks {
        if (high < 1) {
            throw new IllegalArgumentException("high watermark " + high + " is less than 1");
        }
        if (low < 0 || low > high) {
            throw new IllegalArgumentException("low watermark " + low + " is not within 0.." + high);
        }
    }
}
