package dev.gyre.ring;

/**
 * How to set up a ring.
 *
 * @param entries places in the submission queue, 1 to 32768; the kernel rounds up to a power of two
 * @param completionEntries places in the completion queue, at least {@code entries}, 65536 at most; what does not fit
 *     is kept by the kernel and delivered later, at a price
 */
public record RingOptions(int entries, int completionEntries) {
    /** 256 submissions, 4096 completions. */
    public static final RingOptions DEFAULT = new RingOptions(256, 4096);

    /** Refuses sizes out of range. */
    public RingOptions {
        if (entries < 1 || entries > 32768) {
            throw new IllegalArgumentException("entries " + entries + " is not within 1..32768");
        }
        if (completionEntries < entries || completionEntries > 65536) {
            throw new IllegalArgumentException("completionEntries " + completionEntries + " is not within " + entries
                    + "..65536");
        }
    }
}
