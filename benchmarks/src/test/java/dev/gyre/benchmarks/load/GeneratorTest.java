package dev.gyre.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.benchmarks.Needs;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The generator against servers in this process, of which it is known how fast they are. */
class GeneratorTest {
    private static final int SIZE = 64;
    private static final Duration WINDOW = Duration.ofMillis(400);

    /** What a server does with a message between receiving it and sending it back. */
    private interface Handling {
        void handle(byte[] message);
    }

    private ServerSocket listener;

    @BeforeAll
    static void theGeneratorCanRun() {
        Needs.ioUring();
    }

    @BeforeEach
    void listen() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    }

    @AfterEach
    void close() throws IOException {
        listener.close();
    }

    @Test
    void withoutARateEachConnectionHasOneRequestUnderWay() throws IOException {
        Duration pause = Duration.ofMillis(5);
        serve(_ -> pause(pause));

        Measurement measurement = Generator.run(workload(4, 0));

        long atMost = 4 * (measurement.windowNanos() / pause.toNanos() + 1);
        assertThat(measurement.requests()).isPositive().isLessThanOrEqualTo(atMost);
        assertThat(measurement.due()).isZero();
        assertThat(measurement.late()).isZero();
        assertThat(least(measurement)).isGreaterThanOrEqualTo(0.99 * pause.toNanos());
    }

    @Test
    void withARateAsManyAreAnsweredAsAreDue() throws IOException {
        serve(_ -> {});

        Measurement measurement = Generator.run(workload(4, 500));

        long due = 500 * measurement.windowNanos() / 1_000_000_000;
        // A machine that takes the processor away at an end of the window shifts some across it.
        assertThat(measurement.due()).isBetween(due / 2, 2 * due);
        assertThat(measurement.requests()).isBetween(due / 2, 2 * due);
        assertThat(measurement.skipped()).isZero();
        assertThat(measurement.idleShare()).isBetween(0.0, 1.0);
    }

    /** 100 are due each second on one connection, which answers 50: the wait grows by 10 ms with each. */
    @Test
    void aRequestThatHadToWaitIsTimedFromWhenItWasDue() throws IOException {
        Duration pause = Duration.ofMillis(20);
        serve(_ -> pause(pause));

        Measurement measurement = Generator.run(workload(1, 100));

        assertThat(measurement.late()).isPositive();
        long answered = measurement.requests();
        assertThat(Latencies.decode(measurement.latencies()).getMaxValue())
                .isGreaterThanOrEqualTo(answered * Duration.ofMillis(9).toNanos());
    }

    /** 20 are due each second on one connection, so its queue holds 20; the server lets the first wait for longer. */
    @Test
    void whatCannotBeQueuedIsSkippedAndCounted() throws IOException {
        serve(_ -> pause(Duration.ofMillis(1600)));

        Measurement measurement = Generator.run(new Workload(
                listener.getLocalPort(), pid(), "", false, SIZE, 1, 20, 0, Duration.ofMillis(1500).toNanos()));

        assertThat(measurement.due()).isBetween(25L, 31L);
        assertThat(measurement.late()).isEqualTo(measurement.due() - 1);
        assertThat(measurement.skipped()).isEqualTo(measurement.due() - 1 - 20);
    }

    @Test
    void aChangedAnswerIsAnError() {
        serve(message -> message[SIZE - 1]++);

        assertThatThrownBy(() -> Generator.run(workload(2, 0)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("byte 63 came back changed");
    }

    @Test
    void aServerThatClosesIsAnError() {
        Thread.ofVirtual().start(() -> {
            try {
                listener.accept().close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });

        assertThatThrownBy(() -> Generator.run(workload(1, 0))).isInstanceOf(IOException.class);
    }

    private Workload workload(int connections, long rate) {
        return new Workload(listener.getLocalPort(), pid(), "", false, SIZE, connections, rate, 0, WINDOW.toNanos());
    }

    private void serve(Handling handling) {
        Thread.ofVirtual().start(() -> {
            while (true) {
                try {
                    Socket socket = listener.accept();
                    Thread.ofVirtual().start(() -> echo(socket, handling));
                } catch (IOException _) {
                    return;
                }
            }
        });
    }

    private static void echo(Socket socket, Handling handling) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream input = socket.getInputStream();
            OutputStream output = socket.getOutputStream();
            for (byte[] message = input.readNBytes(SIZE); message.length == SIZE; message = input.readNBytes(SIZE)) {
                handling.handle(message);
                output.write(message);
            }
        } catch (IOException _) {
            // The generator found fault with an answer, and closed.
        }
    }

    private static void pause(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static double least(Measurement measurement) {
        Histogram latencies = Latencies.decode(measurement.latencies());
        return latencies.getMinNonZeroValue();
    }

    private static long pid() {
        return ProcessHandle.current().pid();
    }
}
