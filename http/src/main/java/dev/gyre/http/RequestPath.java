package dev.gyre.http;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * From a request target to the path of a file beneath the root, and back.
 *
 * <p>A path as this class makes it begins with {@code /} and has no empty, {@code .} or {@code ..} segment; it ends in
 * {@code /} where the request can only mean a folder. One file has one path, however the target spelled it, so that
 * the path can serve as a key.
 *
 * <p>A file name on Linux is a row of bytes. Percent-encoding can name them all; those that are no UTF-8 become the
 * unpaired surrogates U+DC80 to U+DCFF, as {@link dev.gyre.io.DirectoryEntry} has it. Refused are NUL and an encoded
 * slash, which no name can contain, and overlong UTF-8, which nobody writes but to hide a character.
 *
 * <p>That a path leaves the root by {@code ..} is refused here for the sake of a clear answer. The barrier is the
 * kernel's: every file is opened with {@link dev.gyre.io.OpenOptions.Flag#BENEATH}.
 */
final class RequestPath {
    /** {@code PATH_MAX} less the final NUL. */
    private static final int BYTES_MAX = 4095;

    private static final String WELL_KNOWN = "/.well-known";

    private static final int ESCAPE_BASE = 0xDC00;

    /** What a parser makes of raw bytes in a target that are no UTF-8. */
    private static final char REPLACEMENT = '\uFFFD';

    /** Sent as they are in a path: RFC 3986 unreserved characters, and the slash. */
    private static final String PLAIN =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";

    private RequestPath() {}

    /**
     * The path that a target asks for.
     *
     * @param target the origin form or the absolute form (RFC 9112, 3.2), with or without a query
     * @return the path; the target itself where that is one already
     * @throws HttpFailure with 400 if it is no path beneath the root, 404 if it is longer than any path can be
     */
    static String of(String target) throws HttpFailure {
        if (isPath(target)) {
            return target;
        }
        String raw = withoutQuery(originForm(target));
        List<String> segments = new ArrayList<>();
        boolean folder = true;
        for (String rawSegment : raw.substring(1).split("/", -1)) {
            String segment = decoded(rawSegment);
            folder = segment.isEmpty() || segment.equals(".") || segment.equals("..");
            if (segment.equals("..")) {
                if (segments.isEmpty()) {
                    throw new HttpFailure(400, "The path leads out of what is served.");
                }
                segments.removeLast();
            } else if (!folder) {
                segments.add(segment);
            }
        }
        String path = "/" + String.join("/", segments) + (folder && !segments.isEmpty() ? "/" : "");
        if (bytes(path).length > BYTES_MAX) {
            throw new HttpFailure(404, "The path is longer than any file's.");
        }
        return path;
    }

    /**
     * The query of a target, with its question mark, for a header field.
     *
     * @param target as it was received
     * @return only visible ASCII; empty where there is none
     */
    static String query(String target) {
        int mark = target.indexOf('?');
        if (mark < 0) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        for (byte b : bytes(target.substring(mark))) {
            if (b > ' ' && b < 0x7f) {
                text.append((char) b);
            } else {
                appendEscaped(text, b);
            }
        }
        return text.toString();
    }

    /**
     * Whether a path has a segment that begins with a dot. {@code /.well-known} is no such segment: what is in it is
     * meant to be found (RFC 8615).
     *
     * @param path made by {@link #of}
     * @return true if the file is meant to be out of sight
     */
    static boolean isHidden(String path) {
        boolean wellKnown = path.startsWith(WELL_KNOWN)
                && (path.length() == WELL_KNOWN.length() || path.charAt(WELL_KNOWN.length()) == '/');
        return path.indexOf("/.", wellKnown ? WELL_KNOWN.length() : 0) >= 0;
    }

    /**
     * What {@link dev.gyre.io.Directory} wants: the path relative to the root.
     *
     * @param path made by {@link #of}
     * @return {@code .} for the root itself
     */
    static String relative(String path) {
        return path.length() == 1 ? "." : path.substring(1);
    }

    /**
     * Percent-encodes a path or a name, for a header field or a link.
     *
     * @param path with U+DC80 to U+DCFF for bytes that are no UTF-8
     * @return only RFC 3986's unreserved characters, {@code /} and escapes
     */
    static String encoded(String path) {
        StringBuilder text = new StringBuilder(path.length() + 16);
        for (byte b : bytes(path)) {
            char c = (char) (b & 0xff);
            if (PLAIN.indexOf(c) >= 0) {
                text.append(c);
            } else {
                appendEscaped(text, b);
            }
        }
        return text.toString();
    }

    private static void appendEscaped(StringBuilder text, byte b) {
        text.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
    }

    /** The common case: nothing to decode, nothing to cut off, nothing to fold. */
    private static boolean isPath(String target) {
        int length = target.length();
        if (length == 0 || length > BYTES_MAX || target.charAt(0) != '/') {
            return false;
        }
        char previous = 0;
        for (int i = 0; i < length; i++) {
            char c = target.charAt(i);
            boolean folds = previous == '/' && (c == '/' || c == '.');
            if (folds || c <= ' ' || c >= 0x7f || c == '%' || c == '?' || c == '#') {
                return false;
            }
            previous = c;
        }
        return true;
    }

    private static String originForm(String target) throws HttpFailure {
        if (target.startsWith("/")) {
            return target;
        }
        int scheme = target.indexOf("://");
        String name = scheme < 0 ? "" : target.substring(0, scheme);
        if (!name.equalsIgnoreCase("http") && !name.equalsIgnoreCase("https")) {
            throw new HttpFailure(400, "The request target must be a path or an http URI.");
        }
        int authority = scheme + 3;
        int end = authority;
        while (end < target.length() && "/?#".indexOf(target.charAt(end)) < 0) {
            end++;
        }
        if (end == authority) {
            throw new HttpFailure(400, "The request target has no host.");
        }
        if (!Authority.isValid(target.substring(authority, end))) {
            throw new HttpFailure(400, "The request target's host is no host with an optional port (RFC 3986, 3.2).");
        }
        String rest = target.substring(end);
        return rest.startsWith("/") ? rest : "/" + rest;
    }

    private static String withoutQuery(String target) throws HttpFailure {
        if (target.indexOf('#') >= 0) {
            throw new HttpFailure(400, "A request target has no fragment.");
        }
        int mark = target.indexOf('?');
        return mark < 0 ? target : target.substring(0, mark);
    }

    private static String decoded(String segment) throws HttpFailure {
        if (segment.indexOf(REPLACEMENT) >= 0) {
            throw new HttpFailure(400, "The path has raw bytes that are not UTF-8; percent-encode them.");
        }
        if (segment.indexOf('%') < 0) {
            return segment;
        }
        byte[] raw = segment.getBytes(StandardCharsets.UTF_8);
        ByteBuffer name = ByteBuffer.allocate(raw.length);
        for (int i = 0; i < raw.length; i++) {
            byte b = raw[i];
            if (b == '%') {
                b = escaped(raw, i);
                i += 2;
            }
            name.put(b);
        }
        return text(name.flip());
    }

    private static byte escaped(byte[] raw, int at) throws HttpFailure {
        boolean complete = at + 2 < raw.length;
        int high = complete ? Character.digit(raw[at + 1], 16) : -1;
        int low = complete ? Character.digit(raw[at + 2], 16) : -1;
        if (high < 0 || low < 0) {
            throw new HttpFailure(400, "A percent sign in a path is followed by two hexadecimal digits.");
        }
        byte b = (byte) (high << 4 | low);
        if (b == 0) {
            throw new HttpFailure(400, "A path has no NUL.");
        }
        if (b == '/') {
            throw new HttpFailure(400, "A name has no slash; do not encode the slashes of a path.");
        }
        return b;
    }

    private static String text(ByteBuffer name) throws HttpFailure {
        CharBuffer text = CharBuffer.allocate(name.remaining());
        CharsetDecoder utf8 = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CoderResult result = utf8.decode(name, text, true);
        while (result.isMalformed()) {
            refuseOverlong(name);
            text.put((char) (ESCAPE_BASE + (name.get() & 0xff)));
            result = utf8.decode(name, text, true);
        }
        return text.flip().toString();
    }

    private static void refuseOverlong(ByteBuffer name) throws HttpFailure {
        if (name.remaining() < 2) {
            return;
        }
        int lead = name.get(name.position()) & 0xff;
        int next = name.get(name.position() + 1) & 0xff;
        boolean continues = next >= 0x80 && next <= 0xbf;
        boolean overlong = lead == 0xc0 || lead == 0xc1
                || (lead == 0xe0 && next < 0xa0) || (lead == 0xf0 && next < 0x90);
        if (continues && overlong) {
            throw new HttpFailure(400, "The path has overlong UTF-8.");
        }
    }

    private static byte[] bytes(String path) {
        int escapes = 0;
        for (int i = 0; i < path.length(); i++) {
            escapes += isEscape(path, i) ? 1 : 0;
        }
        if (escapes == 0) {
            return path.getBytes(StandardCharsets.UTF_8);
        }
        ByteBuffer all = ByteBuffer.allocate(3 * path.length());
        int from = 0;
        for (int i = 0; i < path.length(); i++) {
            if (isEscape(path, i)) {
                all.put(path.substring(from, i).getBytes(StandardCharsets.UTF_8));
                all.put((byte) (path.charAt(i) - ESCAPE_BASE));
                from = i + 1;
            }
        }
        all.put(path.substring(from).getBytes(StandardCharsets.UTF_8));
        byte[] exact = new byte[all.position()];
        all.get(0, exact);
        return exact;
    }

    private static boolean isEscape(String path, int at) {
        char c = path.charAt(at);
        boolean paired = at > 0 && Character.isHighSurrogate(path.charAt(at - 1));
        return c >= ESCAPE_BASE + 0x80 && c <= ESCAPE_BASE + 0xff && !paired;
    }
}
