package dev.gyre.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.gyre.io.BufferedSink;
import dev.gyre.io.BufferedSource;
import dev.gyre.io.ConcurrencyUnavailable;
import dev.gyre.io.Connection;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Placement;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a loop's thread allocates for each message that one of its tasks reads and writes back. */
@Tag("R2")
@Tag("S3")
final class EchoAllocationTest {
    private static final int MESSAGE_BYTES = 64;
    private static final int CONNECTIONS = 8;
    private static final int MESSAGES = 20_000;

    /** Compiled code allocates less than interpreted code; how soon it is there depends on the machine. */
    private static final int ROUNDS_MAX = 30;

    private static final long BYTES_PER_MESSAGE_MAX = 64;

    /** Two segments: the part of the buffer that is written, and that of the memory that it is copied to. */
    private static final long BYTES_PER_FLUSH_MAX = 128;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** What is done with a connection, to its end. */
    private interface Echo {
        void run(Connection connection);
    }

    @Test
    void aSteadyEchoAllocatesNextToNothing() throws Exception {
        assertAllocatesNextToNothing(EchoAllocationTest::echo, BYTES_PER_MESSAGE_MAX);
    }

    @Test
    @Tag("T25")
    void oneThroughBuffersAllocatesNextToNothing() throws Exception {
        assertAllocatesNextToNothing(EchoAllocationTest::echoThroughBuffers, BYTES_PER_FLUSH_MAX);
    }

    private void assertAllocatesNextToNothing(Echo echo, long bytesMax) throws Exception {
        assumeTrue(VirtualThreads.schedulable(), VirtualThreads.refusal());
        try (Io io = Io.open(IoOptions.DEFAULT.withBackend("uring").withLoops(1));
                Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT);
                Group<RuntimeException> group = io.group()) {
            group.concurrent(() -> accept(listener, group, echo));
            int port = ((Ip4Address) listener.localAddress()).port();
            long loop = loopThread();
            List<SocketChannel> clients = new ArrayList<>();
            try {
                for (int i = 0; i < CONNECTIONS; i++) {
                    clients.add(SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
                }
                long least = Long.MAX_VALUE;
                for (int round = 0; round < ROUNDS_MAX && least > bytesMax; round++) {
                    long before = threads.getThreadAllocatedBytes(loop);
                    exchange(clients);
                    least = Math.min(least, (threads.getThreadAllocatedBytes(loop) - before) / MESSAGES);
                }
                assertThat(least).as("bytes for each message").isBetween(0L, bytesMax);
            } finally {
                for (SocketChannel client : clients) {
                    client.close();
                }
                group.cancel();
            }
        }
    }

    private static void accept(Listener listener, Group<RuntimeException> group, Echo echo) {
        try {
            while (true) {
                Connection connection = listener.accept();
                group.concurrent(Placement.NEAR, () -> echo.run(connection));
            }
        } catch (IoException | ConcurrencyUnavailable failed) {
            throw new AssertionError(failed);
        }
    }

    private static void echo(Connection connection) {
        try (connection; Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(MESSAGE_BYTES);
            for (int length = connection.read(buffer); length >= 0; length = connection.read(buffer)) {
                connection.writeAll(buffer.asSlice(0, length));
            }
        } catch (IoException failed) {
            throw new AssertionError(failed);
        }
    }

    private static void echoThroughBuffers(Connection connection) {
        try (BufferedSource source = new BufferedSource(connection);
                BufferedSink sink = new BufferedSink(connection)) {
            byte[] rest = new byte[MESSAGE_BYTES - Long.BYTES];
            while (!source.isAtEnd()) {
                long first = source.readLong();
                source.readFully(rest);
                sink.writeLong(first);
                sink.writeAll(rest);
                sink.flush();
            }
        } catch (IoException failed) {
            throw new AssertionError(failed);
        }
    }

    /** All connections at once, so that the loop has more than one task to run. */
    private static void exchange(List<SocketChannel> clients) throws IOException {
        ByteBuffer message = ByteBuffer.allocateDirect(MESSAGE_BYTES);
        for (int i = 0; i < MESSAGES / CONNECTIONS; i++) {
            for (SocketChannel client : clients) {
                client.write(message.clear());
            }
            for (SocketChannel client : clients) {
                message.clear();
                while (message.hasRemaining()) {
                    if (client.read(message) < 0) {
                        throw new AssertionError("the server hung up");
                    }
                }
            }
        }
    }

    private long loopThread() {
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().equals("gyre-loop-0"))
                .mapToLong(thread -> thread.getThreadId())
                .findAny()
                .orElseThrow();
    }
}
