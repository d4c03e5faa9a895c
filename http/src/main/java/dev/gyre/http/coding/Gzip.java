package dev.gyre.http.coding;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * A gzip stream (RFC 1952) in the making, over memory of its own outside of the heap. For one task; must be closed.
 *
 * <p>{@link java.util.zip.GZIPOutputStream} does the same, but pushes what comes out of it; here it is pulled, so that
 * whoever sends it decides when.
 */
public final class Gzip implements AutoCloseable {
    /** A middle between time and size: half as long as the best, which is some percent smaller. */
    private static final int LEVEL = 5;

    private static final byte[] HEADER = {0x1f, (byte) 0x8b, Deflater.DEFLATED, 0, 0, 0, 0, 0, 0, 3};
    private static final int TRAILER_BYTES = 8;

    /** Types that are text, or compress like text, besides those that begin or end as text does. */
    private static final Set<String> TEXTUAL = Set.of(
            "application/javascript", "application/json", "application/xml", "application/sql", "application/toml",
            "application/yaml", "application/jsonl", "application/rtf", "application/wasm", "application/x-sh",
            "application/x-javascript", "application/vnd.apple.mpegurl", "application/x-ndjson", "image/svg+xml",
            "image/bmp", "image/x-icon", "image/vnd.microsoft.icon", "font/ttf", "font/otf",
            "application/vnd.ms-fontobject");

    private final Deflater deflater = new Deflater(LEVEL, true);
    private final CRC32 sum = new CRC32();
    private long length;
    private boolean begun;
    private boolean ended;

    /** A new stream. */
    public Gzip() {}

    /**
     * Whether content of a type becomes much shorter.
     *
     * @param type the value of {@code Content-Type}
     * @return true for text and what is like it
     */
    public static boolean suits(String type) {
        int end = type.indexOf(';');
        String name = (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        return name.startsWith("text/") || name.endsWith("+json") || name.endsWith("+xml") || TEXTUAL.contains(name);
    }

    /**
     * All of something at once.
     *
     * @param content what to compress
     * @return the stream, or {@code content} itself where that is not longer
     */
    public static byte[] of(byte[] content) {
        if (content.length <= HEADER.length + TRAILER_BYTES) {
            return content;
        }
        try (Gzip gzip = new Gzip()) {
            byte[] room = new byte[content.length];
            gzip.put(content, 0, content.length);
            gzip.end();
            int used = 0;
            while (used < room.length) {
                int more = gzip.take(room, used, room.length - used);
                if (more < 0) {
                    return Arrays.copyOf(room, used);
                }
                if (more == 0) {
                    break;
                }
                used += more;
            }
            return content;
        }
    }

    /**
     * Gives it more to compress. Everything given before must have been taken.
     *
     * @param content must not change before it was taken
     * @param offset of the first byte
     * @param count how many
     */
    public void put(byte[] content, int offset, int count) {
        deflater.setInput(content, offset, count);
        sum.update(content, offset, count);
        length += count;
    }

    /** Says that no more will come. */
    public void end() {
        deflater.finish();
    }

    /**
     * Takes what there is.
     *
     * @param room where to
     * @param offset of the first byte
     * @param count how many at most, 18 or more
     * @return how many; 0 if more must be given first, less than 0 at the end of the stream
     */
    public int take(byte[] room, int offset, int count) {
        int taken = 0;
        if (!begun) {
            begun = true;
            System.arraycopy(HEADER, 0, room, offset, HEADER.length);
            taken = HEADER.length;
        }
        taken += deflater.deflate(room, offset + taken, count - taken);
        if (!deflater.finished()) {
            return taken;
        }
        if (ended) {
            return taken == 0 ? -1 : taken;
        }
        if (count - taken >= TRAILER_BYTES) {
            ended = true;
            putInt(room, offset + taken, (int) sum.getValue());
            putInt(room, offset + taken + 4, (int) length);
            taken += TRAILER_BYTES;
        }
        return taken;
    }

    /** Gives its memory back. */
    @Override
    public void close() {
        deflater.end();
    }

    private static void putInt(byte[] room, int at, int value) {
        for (int i = 0; i < 4; i++) {
            room[at + i] = (byte) (value >>> (8 * i));
        }
    }
}
