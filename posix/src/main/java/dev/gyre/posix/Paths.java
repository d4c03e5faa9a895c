package dev.gyre.posix;

import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Paths as bytes and back.
 *
 * <p>To Linux a name is any bytes without NUL and slash. Text is UTF-8; a byte that is none becomes one of the
 * unpaired surrogates U+DC80 to U+DCFF, and such a character becomes that byte again, so that every name that a
 * folder lists can be opened.
 */
public final class Paths {
    /** The longest path, with its final NUL ({@code PATH_MAX}). */
    public static final int LENGTH_MAX = 4096;

    private static final char ESCAPE_FIRST = '\udc80';
    private static final char ESCAPE_LAST = '\udcff';

    private Paths() {}

    /**
     * A path for a system call.
     *
     * @param path the path
     * @param operation what it is for
     * @return its bytes, without a final NUL
     * @throws IoException with {@link Reason#BAD_PATH} for an embedded NUL or an unpaired surrogate that stands for no
     *     byte, {@link Reason#NAME_TOO_LONG} for more than 4095 bytes
     */
    static byte[] encode(String path, Operation operation) throws IoException {
        byte[] bytes = encodeText(path, operation);
        if (bytes.length >= LENGTH_MAX) {
            throw operation.failure(Reason.NAME_TOO_LONG,
                    "'" + path.substring(0, 40) + "…' of " + bytes.length + " bytes");
        }
        return bytes;
    }

    /**
     * A text of any length for a system call.
     *
     * @param text the text
     * @param operation what it is for
     * @return its bytes, without a final NUL
     * @throws IoException with {@link Reason#BAD_PATH} for an embedded NUL or an unpaired surrogate that stands for no
     *     byte
     */
    static byte[] encodeText(String text, Operation operation) throws IoException {
        if (text.indexOf('\0') >= 0) {
            throw operation.failure(Reason.BAD_PATH, "'" + text.replace("\0", "\\0") + "'");
        }
        return hasSurrogate(text) ? encodeEscapes(text, operation) : text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * A name that the kernel gave.
     *
     * @param name its bytes, without a NUL
     * @return the text
     */
    public static String decode(byte[] name) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer from = ByteBuffer.wrap(name);
        CharBuffer to = CharBuffer.allocate(name.length);
        while (true) {
            CoderResult result = decoder.decode(from, to, true);
            if (!result.isError()) {
                return to.flip().toString();
            }
            for (int i = 0; i < result.length(); i++) {
                to.put((char) (0xdc00 + Byte.toUnsignedInt(from.get())));
            }
            decoder.reset();
        }
    }

    /** The name of an extended attribute as the kernel takes it, without a final NUL. */
    static byte[] encodeAttribute(String name, Operation operation) throws IoException {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("an extended attribute has a name, such as user.comment");
        }
        return encode(name, operation);
    }

    /** The texts of names of which each has a final NUL. */
    static List<String> decodeList(byte[] names) {
        List<String> all = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < names.length; i++) {
            if (names[i] == 0) {
                all.add(decode(Arrays.copyOfRange(names, start, i)));
                start = i + 1;
            }
        }
        return all;
    }

    private static boolean hasSurrogate(String path) {
        for (int i = 0; i < path.length(); i++) {
            if (Character.isSurrogate(path.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private static byte[] encodeEscapes(String path, Operation operation) throws IoException {
        CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer from = CharBuffer.wrap(path);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(path.length() + 16);
        ByteBuffer piece = ByteBuffer.allocate(256);
        while (true) {
            CoderResult result = encoder.encode(from, piece, true);
            bytes.write(piece.array(), 0, piece.position());
            piece.clear();
            if (result.isError()) {
                char escaped = from.get();
                if (escaped < ESCAPE_FIRST || escaped > ESCAPE_LAST) {
                    throw operation.failure(Reason.BAD_PATH, "'" + path + "'");
                }
                bytes.write(escaped - 0xdc00);
                encoder.reset();
            } else if (result.isUnderflow()) {
                return bytes.toByteArray();
            }
        }
    }
}
