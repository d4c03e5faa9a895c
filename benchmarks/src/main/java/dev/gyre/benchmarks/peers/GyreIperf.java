package dev.gyre.benchmarks.peers;

import dev.gyre.io.CanceledException;
import dev.gyre.io.Connection;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Task;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What iperf3's server does for its client, on Gyre: receives one stream, by reads as long as the client's writes.
 *
 * <p>On a connection of its own the client says what it is going to do, and hears when. Server and client tell each
 * other by one byte how far they are; texts are JSON, with their length before them (iperf_api.h of iperf 3.12).
 */
final class GyreIperf {
    private static final byte TEST_START = 1;
    private static final byte TEST_RUNNING = 2;
    private static final byte TEST_END = 4;
    private static final byte PARAM_EXCHANGE = 9;
    private static final byte CREATE_STREAMS = 10;
    private static final byte EXCHANGE_RESULTS = 13;
    private static final byte DISPLAY_RESULTS = 14;
    private static final byte IPERF_DONE = 16;

    /** By which a client's connections are known. */
    private static final int COOKIE_SIZE = 37;

    private static final int TEXT_MAX = 1 << 20;
    private static final int SIZE_DEFAULT = 128 << 10;
    private static final Pattern SIZE = Pattern.compile("\"len\"\\s*:\\s*(\\d+)");

    private GyreIperf() {}

    /**
     * Serves one client after the other until standard input ends.
     *
     * @param arguments the name of the backend
     * @throws Exception if it is not to be had
     */
    public static void main(String[] arguments) throws Exception {
        try (Io io = Io.open(IoOptions.DEFAULT.withBackend(arguments[0]))) {
            io.concurrent(() -> serve(io)).await();
        }
    }

    private static Void serve(Io io) throws Exception {
        try (Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT)) {
            Peer.listening(((IpAddress) listener.localAddress()).port());
            while (true) {
                try (Connection client = listener.accept()) {
                    serve(io, listener, client);
                }
            }
        }
    }

    private static void serve(Io io, Listener listener, Connection client) throws Exception {
        readAll(client, COOKIE_SIZE);
        say(client, PARAM_EXCHANGE);
        Matcher size = SIZE.matcher(readText(client));
        int length = size.find() ? Integer.parseInt(size.group(1)) : SIZE_DEFAULT;
        say(client, CREATE_STREAMS);
        AtomicLong received = new AtomicLong();
        try (Connection stream = listener.accept()) {
            readAll(stream, COOKIE_SIZE);
            say(client, TEST_START);
            Task<Void, IoException> receiver = io.concurrent(() -> receive(io, stream, length, received));
            say(client, TEST_RUNNING);
            expect(client, TEST_END);
            try {
                receiver.cancel();
            } catch (CanceledException _) {
                // It was told to.
            }
        }
        say(client, EXCHANGE_RESULTS);
        readText(client);
        // The processor time is not asked for: whoever measures it looks from outside.
        writeText(client, """
                {"cpu_util_total":0,"cpu_util_user":0,"cpu_util_system":0,"sender_has_retransmits":-1,"streams":[{\
                "id":1,"bytes":%d,"retransmits":-1,"jitter":0,"errors":0,"packets":0}]}""".formatted(received.get()));
        say(client, DISPLAY_RESULTS);
        expect(client, IPERF_DONE);
    }

    private static Void receive(Io io, Connection stream, int length, AtomicLong received) throws IoException {
        try (Arena arena = io.arena()) {
            MemorySegment buffer = arena.allocate(length);
            for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
                received.addAndGet(count);
            }
            return null;
        }
    }

    private static void say(Connection client, byte state) throws IOException {
        client.writeAll(new byte[] {state});
    }

    private static void expect(Connection client, byte state) throws IOException {
        byte said = readAll(client, 1)[0];
        if (said != state) {
            throw new IOException("the client says " + said + " instead of " + state);
        }
    }

    private static String readText(Connection client) throws IOException {
        int length = ByteBuffer.wrap(readAll(client, Integer.BYTES)).getInt();
        if (length < 0 || length > TEXT_MAX) {
            throw new IOException("a text of " + length + " bytes");
        }
        return new String(readAll(client, length), StandardCharsets.UTF_8);
    }

    private static void writeText(Connection client, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        client.writeAll(ByteBuffer.allocate(Integer.BYTES + bytes.length).putInt(bytes.length).put(bytes).array());
    }

    private static byte[] readAll(Connection client, int length) throws IOException {
        byte[] bytes = new byte[length];
        for (int filled = 0; filled < length; ) {
            int count = client.read(bytes, filled, length - filled);
            if (count < 0) {
                throw new IOException("the client has gone away");
            }
            filled += count;
        }
        return bytes;
    }
}
