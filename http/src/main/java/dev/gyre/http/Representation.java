package dev.gyre.http;

import dev.gyre.http.coding.ContentCoding;
import dev.gyre.io.FileStat;
import org.eclipse.jetty.http.DateGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a client is told about a file besides its bytes (RFC 9110, 8).
 *
 * <p>The entity tag is made of the inode, the size, and the time at which content or attributes last changed, which no
 * program can set. A file system counts that time in steps of some milliseconds, so a file that changed a moment ago
 * may change again without a trace. Such a file gets a weak tag; it is <i>settled</i>, and its tag strong, once it has
 * been left alone for a second.
 *
 * @param type the value of {@code Content-Type}
 * @param size in bytes
 * @param modifiedSeconds the value of {@code Last-Modified}, in seconds since 1970, never in the future
 * @param tag the entity tag without {@code W/}, in quotes
 * @param settled whether the tag is strong
 * @param delivery how it is sent
 */
record Representation(
        String type, long size, long modifiedSeconds, String tag, boolean settled, Delivery delivery) {
    private static final long SECOND = 1_000_000_000L;

    /**
     * Of a file.
     *
     * @param path its path, for the type; without the extension of the coding
     * @param coding what its content is coded with, or null
     * @param stat its state
     * @param now on {@link dev.gyre.io.Clock#REAL}, in nanoseconds
     * @param policy what is said of which file
     * @return what a client is told
     */
    static Representation of(
            String path, @Nullable ContentCoding coding, FileStat stat, long now, HeaderPolicy policy) {
        long changed = stat.changed().nanoseconds();
        String tag = '"' + compact(changed) + '-' + compact(stat.inode()) + '-' + compact(stat.size()) + '"';
        long modified = Math.floorDiv(Math.min(stat.modified().nanoseconds(), now), SECOND);
        String type = policy.type(path);
        Delivery delivery = policy.delivery(path, type, coding, stat.size());
        return new Representation(type, stat.size(), modified, tag, now - changed >= SECOND, delivery);
    }

    /**
     * The same with what reading has shown.
     *
     * @param length how long it was
     * @param whole whether it was the same at the end as at the beginning
     */
    Representation read(long length, boolean whole) {
        return new Representation(type, length, modifiedSeconds, tag, settled && whole, delivery);
    }

    /**
     * The same, compressed while it is sent. The tag is weak: another version of zlib makes other bytes of the same.
     *
     * @param length how long it will be; of no meaning where that is not known before
     */
    Representation compressed(long length) {
        String other = tag.substring(0, tag.length() - 1) + "-gzip\"";
        return new Representation(type, length, modifiedSeconds, other, false, delivery.compressing());
    }

    /**
     * The value of {@code ETag}.
     *
     * @return weak unless {@link #settled}
     */
    String entityTag() {
        return settled ? tag : "W/" + tag;
    }

    /**
     * The value of {@code Last-Modified}.
     *
     * @return such as {@code Sun, 06 Nov 1994 08:49:37 GMT}
     */
    String lastModified() {
        return DateGenerator.formatDate(modifiedSeconds * 1000);
    }

    private static String compact(long number) {
        return Long.toUnsignedString(number, Character.MAX_RADIX);
    }
}
