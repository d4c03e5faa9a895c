package dev.gyre.examples.store;

import dev.gyre.io.Connection;
import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A client that has nothing in common with the server. It shows replies as text: {@code OK}, {@code -ERR …},
 * {@code :1}, {@code "value"}, {@code nil}, {@code [:1, "a"]}, {@code {"key": "value"}}.
 */
final class RespClient implements AutoCloseable {
    private final Connection connection;
    private final byte[] buffer = new byte[1 << 16];
    private int start;
    private int end;

    RespClient(Connection connection) {
        this.connection = connection;
    }

    /** Sends a command and reads its reply. */
    String ask(String... words) throws IoException {
        send(command(words));
        return read();
    }

    void send(String bytes) throws IoException {
        connection.writeAll(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Reads a reply. */
    String read() throws IoException {
        String line = line();
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+' -> rest;
            case '-', ':' -> line;
            case '$' -> rest.equals("-1") ? "nil" : '"' + bytes(Integer.parseInt(rest)) + '"';
            case '=' -> "text " + bytes(Integer.parseInt(rest)).substring(4);
            case '_' -> "nil";
            case '*' -> list(Integer.parseInt(rest)).toString();
            case '%' -> map(Integer.parseInt(rest));
            default -> throw new AssertionError("no reply begins with " + line);
        };
    }

    /** Whatever comes next, all of it; empty at the end of the stream. */
    String readAny() throws IoException {
        int count = connection.read(buffer);
        return count < 0 ? "" : new String(buffer, 0, count, StandardCharsets.ISO_8859_1);
    }

    static String command(String... words) {
        StringBuilder command = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            command.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
        return command.toString();
    }

    private List<String> list(int count) throws IoException {
        List<String> replies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            replies.add(read());
        }
        return replies;
    }

    private String map(int pairs) throws IoException {
        List<String> entries = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            entries.add(read() + ": " + read());
        }
        return "{" + String.join(", ", entries) + "}";
    }

    private String line() throws IoException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            int next = next();
            if (next == '\r') {
                int _ = next();
                return line.toString(StandardCharsets.ISO_8859_1);
            }
            line.write(next);
        }
    }

    private String bytes(int count) throws IoException {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) next();
        }
        int _ = next();
        int _ = next();
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private int next() throws IoException {
        if (start == end) {
            start = 0;
            end = connection.read(buffer);
            if (end < 0) {
                end = 0;
                throw Operation.READ.failure(Reason.CLOSED, connection);
            }
        }
        return buffer[start++] & 0xff;
    }

    @Override
    public void close() {
        connection.close();
    }
}
