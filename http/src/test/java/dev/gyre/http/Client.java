package dev.gyre.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** An HTTP client that does nothing that it was not told to. */
final class Client implements AutoCloseable {
    /** Longer than anything that a test waits for. */
    private static final int PATIENCE_MILLIS = 30_000;

    final Socket socket;
    final InputStream in;
    final OutputStream out;

    /** What the server answered. Names of fields are in lower case. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares answers
    record Answer(int status, Map<String, String> fields, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        String field(String name) {
            return fields.get(name);
        }
    }

    Client(int port) throws IOException {
        this(port, 0);
    }

    /** With a receive buffer of this size, or the usual one for 0. */
    Client(int port, int receiveBufferBytes) throws IOException {
        socket = new Socket();
        if (receiveBufferBytes > 0) {
            socket.setReceiveBufferSize(receiveBufferBytes);
        }
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        out = socket.getOutputStream();
    }

    Client send(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    Answer get(String target, String... fields) throws IOException {
        return request("GET", target, fields);
    }

    Answer request(String method, String target, String... fields) throws IOException {
        String more = fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
        send(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + more + "\r\n");
        return read(method.equals("HEAD"));
    }

    Answer read() throws IOException {
        return read(false);
    }

    Answer read(boolean head) throws IOException {
        Answer answer = readHead();
        return head || answer.status() == 204 ? answer : body(answer);
    }

    /** The rest of an answer whose head was read. */
    Answer body(Answer answer) throws IOException {
        if ("chunked".equals(answer.field("transfer-encoding"))) {
            return new Answer(answer.status(), answer.fields(), chunks());
        }
        String announced = answer.field("content-length");
        if (announced == null && answer.status() != 304) {
            return new Answer(answer.status(), answer.fields(), in.readAllBytes());
        }
        int length = answer.status() == 304 ? 0 : Integer.parseInt(announced);
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("the body ended after " + body.length + " of " + length + " bytes");
        }
        return new Answer(answer.status(), answer.fields(), body);
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int size;
        do {
            size = Integer.parseInt(line(), 16);
            all.write(in.readNBytes(size));
            line();
        } while (size > 0);
        return all.toByteArray();
    }

    Answer readHead() throws IOException {
        String[] status = line().split(" ", 3);
        if (!status[0].equals("HTTP/1.1")) {
            throw new IOException("not a status line: " + String.join(" ", status));
        }
        Map<String, String> fields = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(": ");
            fields.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 2));
        }
        return new Answer(Integer.parseInt(status[1]), fields, new byte[0]);
    }

    /** Whether the server has closed its direction, and nothing is left to read. */
    boolean atEnd() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int c = in.read();
            if (c < 0) {
                throw new EOFException("the server closed the connection after '" + line + "'");
            }
            if (c == '\n') {
                line.setLength(line.length() - 1);
                return line.toString();
            }
            line.append((char) c);
        }
    }
}
