package dev.gyre.examples.store;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Changes that are written together, and that count together or not at all. A line begins them in the file:
 *
 * <pre>
 * #gyre 7d5b1a2c 0000001f 0000000000000452
 * </pre>
 *
 * <p>Its numbers are hexadecimal: the CRC-32C of the rest of the line and of the changes; how many bytes these have;
 * and how many bytes before the line were perhaps not on the device when it was written. A power cut leaves of what was
 * not on the device this sector and not that one: without the sum, a value with a hole in it would replace the one that
 * was acknowledged. Redis skips lines that begin with {@code #}, since 7.0.
 *
 * @param sum as the line says
 * @param length of the changes in bytes
 * @param unsynced how many bytes before the line were perhaps not on the device
 */
record Group(int sum, int length, long unsynced) {
    /** What a line begins with. */
    static final byte[] START = RespWriter.ascii("#gyre ");

    /** How long the line is. */
    static final int HEADER = 42;

    private static final int SUMMED_FROM = 15;
    private static final byte[] BLANK = new byte[HEADER];
    private static final HexFormat HEX = HexFormat.of();

    /** Leaves room for the line. */
    static void begin(RespWriter empty) {
        empty.raw(BLANK, 0, HEADER);
    }

    /** Whether there are no changes behind the line. */
    static boolean isEmpty(RespWriter group) {
        return group.length() == HEADER;
    }

    /** Writes the line, now that all changes are there. */
    static void seal(RespWriter group, long unsynced) {
        byte[] bytes = group.bytes();
        int length = group.length() - HEADER;
        System.arraycopy(new Group(0, length, unsynced).header(), 0, bytes, 0, HEADER);
        CRC32C sum = new CRC32C();
        sum.update(bytes, SUMMED_FROM, group.length() - SUMMED_FROM);
        System.arraycopy(new Group((int) sum.getValue(), length, unsynced).header(), 0, bytes, 0, HEADER);
    }

    /** What a line says; null if it is none. */
    static @Nullable Group of(byte[] bytes, int at) {
        String line = new String(bytes, at, HEADER, StandardCharsets.ISO_8859_1);
        try {
            Group group = new Group(
                    HexFormat.fromHexDigits(line, 6, 14),
                    HexFormat.fromHexDigits(line, 15, 23),
                    HexFormat.fromHexDigitsToLong(line, 24, 40));
            return group.length >= 0 && group.line().equals(line) ? group : null;
        } catch (IllegalArgumentException none) {
            return null;
        }
    }

    /** The sum of the line, to which that of the changes is to be added. */
    CRC32C begunSum() {
        CRC32C sum = new CRC32C();
        sum.update(header(), SUMMED_FROM, HEADER - SUMMED_FROM);
        return sum;
    }

    private byte[] header() {
        return RespWriter.ascii(line());
    }

    private String line() {
        return "#gyre " + HEX.toHexDigits(sum) + ' ' + HEX.toHexDigits(length) + ' ' + HEX.toHexDigits(unsynced)
                + "\r\n";
    }
}
