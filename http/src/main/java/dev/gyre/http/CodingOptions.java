package dev.gyre.http;

/**
 * In which codings content is sent, to clients that accept them.
 *
 * @param precompressed whether {@code a.js.br}, {@code a.js.zst} or {@code a.js.gz} is sent in place of {@code a.js},
 *     where it is not older
 * @param gzip whether text is compressed while it is sent
 * @param gzipBytesMin the shortest content that is worth it, in bytes, 0 or more
 */
public record CodingOptions(boolean precompressed, boolean gzip, int gzipBytesMin) {
    /** Text from 1 KiB on is compressed: less goes into one packet anyway. */
    public static final CodingOptions DEFAULT = new CodingOptions(false, true, 1 << 10);

    /** Refuses values out of range. */
    public CodingOptions {
        if (gzipBytesMin < 0) {
            throw new IllegalArgumentException("gzipBytesMin " + gzipBytesMin + " is less than 0");
        }
    }
}
