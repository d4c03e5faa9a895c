package dev.gyre.benchmarks.load;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * GET requests over connections that are kept alive.
 *
 * <p>Understands what a static file server answers: status 200 and a Content-Length. The head is copied aside and
 * looked at when it is complete; of the body only the length is checked.
 */
final class HttpExchange implements Exchange {
    private static final int HEAD_SIZE_MAX = 4096;
    private static final byte[] STATUS_OK = "http/1.1 200 ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CONTENT_LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);

    private final int size;
    private final MemorySegment[] requests;
    private final byte[][] heads;
    private final int[] headSizes;
    /** Bytes of the body still to come; negative while the head is incomplete. */
    private final long[] missing;

    HttpExchange(Arena arena, int connections, String path, int size) {
        this.size = size;
        requests = new MemorySegment[connections];
        heads = new byte[connections][HEAD_SIZE_MAX];
        headSizes = new int[connections];
        missing = new long[connections];
        byte[] request = ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < connections; i++) {
            requests[i] = arena.allocateFrom(ValueLayout.JAVA_BYTE, request);
            missing[i] = -1;
        }
    }

    @Override
    public MemorySegment[] requests() {
        return requests.clone();
    }

    @Override
    public void renew(int connection) {
        // Every request is the same.
    }

    @Override
    public boolean take(int connection, MemorySegment memory, long offset, int length) throws IOException {
        int body = length;
        if (missing[connection] < 0) {
            int taken = takeHead(connection, memory, offset, length);
            if (missing[connection] < 0) {
                return false;
            }
            body = length - taken;
        }
        if (body > missing[connection]) {
            throw new IOException("connection " + connection + ": more bytes than the Content-Length of " + size);
        }
        missing[connection] -= body;
        if (missing[connection] > 0) {
            return false;
        }
        missing[connection] = -1;
        return true;
    }

    /** Takes what belongs to the head, and says how much that was. */
    private int takeHead(int connection, MemorySegment memory, long offset, int length) throws IOException {
        byte[] head = heads[connection];
        int before = headSizes[connection];
        int copied = Math.min(length, HEAD_SIZE_MAX - before);
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, offset, head, before, copied);
        int end = endOfHead(head, Math.max(0, before - 3), before + copied);
        if (end < 0) {
            if (before + copied == HEAD_SIZE_MAX) {
                throw new IOException(
                        "connection " + connection + ": no end of the head in " + HEAD_SIZE_MAX + " bytes");
            }
            headSizes[connection] = before + copied;
            return copied;
        }
        check(head, end);
        headSizes[connection] = 0;
        missing[connection] = size;
        return end - before;
    }

    private static int endOfHead(byte[] head, int from, int to) {
        for (int i = from; i + 4 <= to; i++) {
            if (head[i] == '\r' && head[i + 1] == '\n' && head[i + 2] == '\r' && head[i + 3] == '\n') {
                return i + 4;
            }
        }
        return -1;
    }

    private void check(byte[] head, int end) throws IOException {
        if (!matches(head, 0, STATUS_OK)) {
            throw new IOException("the server answered: " + text(head, end).lines().findFirst().orElse(""));
        }
        for (int line = nextLine(head, 0); line < end; line = nextLine(head, line)) {
            if (matches(head, line, CONTENT_LENGTH)) {
                checkLength(head, line + CONTENT_LENGTH.length, end);
                return;
            }
        }
        throw new IOException("the server answered without a Content-Length: " + text(head, end));
    }

    private void checkLength(byte[] head, int from, int end) throws IOException {
        int at = from;
        while (head[at] == ' ') {
            at++;
        }
        long length = 0;
        for (; head[at] >= '0' && head[at] <= '9'; at++) {
            length = length * 10 + head[at] - '0';
        }
        if (length != size) {
            throw new IOException("the server did not announce " + size + " bytes: " + text(head, end));
        }
    }

    /** Whether the lower-case text stands at {@code from}, in whatever case. */
    private static boolean matches(byte[] head, int from, byte[] text) {
        for (int i = 0; i < text.length; i++) {
            byte letter = head[from + i];
            if ((letter >= 'A' && letter <= 'Z' ? letter + ('a' - 'A') : letter) != text[i]) {
                return false;
            }
        }
        return true;
    }

    /** Where the line after the one at {@code from} begins. A complete head has an end to every line. */
    private static int nextLine(byte[] head, int from) {
        int at = from;
        while (head[at] != '\n') {
            at++;
        }
        return at + 1;
    }

    private static String text(byte[] head, int end) {
        return new String(head, 0, end, StandardCharsets.ISO_8859_1).strip();
    }
}
