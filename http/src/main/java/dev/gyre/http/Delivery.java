package dev.gyre.http;

import org.jspecify.annotations.Nullable;

/**
 * How a representation is sent.
 *
 * @param cacheControl the value of {@code Cache-Control}
 * @param coding the value of {@code Content-Encoding}, or null
 * @param varies whether another client may get another coding
 * @param gzips whether the content is worth compressing while it is sent
 * @param compressed whether that is done: such an answer has no parts, since its bytes are not the same each time
 */
record Delivery(
        String cacheControl, @Nullable String coding, boolean varies, boolean gzips, boolean compressed) {
    /** As it is, to be asked for again each time. */
    static final Delivery PLAIN = new Delivery("no-cache", null, false, false, false);

    /** The same, compressed while it is sent. */
    Delivery compressing() {
        return new Delivery(cacheControl, "gzip", varies, false, true);
    }
}
