package dev.gyre.simulated;

import static dev.gyre.simulated.Orders.both;
import static dev.gyre.simulated.Orders.explore;
import static dev.gyre.simulated.Orders.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gyre.io.Change;
import dev.gyre.io.File;
import dev.gyre.io.FileKind;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.OpenOptions.Access;
import dev.gyre.io.OpenOptions.Flag;
import dev.gyre.io.Reason;
import dev.gyre.io.Task;
import dev.gyre.io.Watcher;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Named pipes in every order that the operations of both sides can come in. */
@Tag("S2")
@Tag("T10")
final class NamedPipeTest {
    private static final OpenOptions WRITE = new OpenOptions(Access.WRITE, Set.of(), 0);

    @Test
    void whatIsWrittenArrivesAndThenTheEnd() {
        Set<String> outcomes = explore(io -> {
            make(io);
            String[] seen = {""};
            both(io, () -> {
                try (File writer = open(io, WRITE)) {
                    writer.writeAll("hello".getBytes(StandardCharsets.US_ASCII));
                }
            }, () -> seen[0] = readToEnd(io));
            return seen[0];
        });
        assertThat(outcomes).containsExactly("hello");
    }

    /** Whoever stops waiting has never been there: the other side waits for another one. */
    @Test
    void whoStopsWaitingForTheOtherSideIsNotMet() {
        Set<String> outcomes = explore(io -> {
            make(io);
            Task<String, IoException> reading = io.concurrent(() -> {
                open(io, OpenOptions.READ).close();
                return "met";
            });
            Task<String, IoException> writing = io.concurrent(() -> {
                try (File writer = open(io, WRITE.with(Flag.NON_BLOCKING))) {
                    return "writer " + writer.stat().kind();
                } catch (IoException refused) {
                    return "" + refused.reason();
                }
            });
            return outcome(reading) + ", " + writing.await();
        });
        assertThat(outcomes).containsExactlyInAnyOrder("met, writer PIPE", "canceled, NO_DEVICE");
    }

    /** A writer that has come and gone was there: its reader need not wait for the next one. */
    @Test
    void aWriterThatHasGoneWasThere() {
        explore(io -> {
            make(io);
            both(io, () -> assertThat(readToEnd(io)).isEmpty(), () -> open(io, WRITE).close());
            return null;
        });
    }

    /** What fits into a page is written as a whole (pipe(7), "PIPE_BUF"), also where there is room for a part of it. */
    @Test
    void shortMessagesOfManyWritersAreNotMixed() {
        for (long seed = 0; seed < 20; seed++) {
            Simulation.run(SimulationOptions.ofSeed(seed), io -> {
                make(io);
                try (Group<IoException> group = io.group()) {
                    for (int i = 0; i < 4; i++) {
                        byte[] message = new byte[3000];
                        Arrays.fill(message, (byte) ('a' + i));
                        group.concurrent(() -> {
                            try (File writer = open(io, WRITE)) {
                                for (int each = 0; each < 20; each++) {
                                    assertThat(writer.write(MemorySegment.ofArray(message)))
                                            .isEqualTo(3000);
                                }
                            }
                        });
                    }
                    String all = readToEnd(io);
                    assertThat(all).hasSize(4 * 20 * 3000);
                    for (int i = 0; i < all.length(); i += 3000) {
                        assertThat(all.substring(i, i + 3000)).isEqualTo(all.substring(i, i + 1).repeat(3000));
                    }
                    group.await();
                }
                return null;
            });
        }
    }

    /** Whoever watches the pipe hears of a writer that has written, and of none that has not been let in. */
    @Test
    void whoWasNotLetInHasNotClosedIt() {
        Simulation.run(SimulationOptions.ofSeed(1), io -> {
            make(io);
            try (Watcher watcher = io.watcher()) {
                watcher.watch(io.currentDirectory(), "pipe", Set.of(Change.MODIFIED, Change.CLOSED_AFTER_WRITE));
                assertThat(catchThrowableOfType(IoException.class,
                        () -> open(io, WRITE.with(Flag.NON_BLOCKING))).reason()).isEqualTo(Reason.NO_DEVICE);
                try (File reader = open(io, OpenOptions.READ.with(Flag.NON_BLOCKING)); File writer = open(io, WRITE)) {
                    writer.writeAll(new byte[1]);
                    assertThat(reader.read(new byte[2])).isEqualTo(1);
                }
                assertThat(watcher.next().change()).isEqualTo(Change.MODIFIED);
                assertThat(watcher.next().change()).isEqualTo(Change.CLOSED_AFTER_WRITE);
            }
            return null;
        });
    }

    /** Processes of one host meet in a pipe of its disk. Those of another host have another disk. */
    @Test
    void processesOfAHostMeet() {
        String heard = Simulation.runWorld(SimulationOptions.ofSeed(1), world -> {
            Host host = world.host("one");
            host.run(io -> {
                make(io);
                return null;
            });
            Task<String, Exception> reading = host.start(NamedPipeTest::readToEnd);
            host.run(io -> {
                try (File writer = open(io, WRITE)) {
                    writer.writeAll("hello".getBytes(StandardCharsets.US_ASCII));
                }
                return null;
            });
            return reading.await();
        }).value();
        assertThat(heard).isEqualTo("hello");
    }

    /** What was on its way is lost when nobody has it open. */
    @Test
    void whatNobodyHasOpenIsLost() {
        Simulation.run(SimulationOptions.ofSeed(1), io -> {
            make(io);
            OpenOptions both = new OpenOptions(Access.READ_WRITE, Set.of(), 0);
            try (File pipe = open(io, both)) {
                pipe.writeAll(new byte[10]);
                assertThat(pipe.stat().size()).isZero();
            }
            try (File again = open(io, both.with(Flag.NON_BLOCKING))) {
                assertThat(catchThrowableOfType(IoException.class, () -> again.read(new byte[1])).reason())
                        .isEqualTo(Reason.WOULD_BLOCK);
            }
            return null;
        });
    }

    @Test
    void waitingForNobodyIsADeadlock() {
        SimulationFailure failure = catchThrowableOfType(SimulationFailure.class,
                () -> Simulation.run(SimulationOptions.ofSeed(1), io -> {
                    make(io);
                    return open(io, OpenOptions.READ);
                }));
        assertThat(failure.getCause()).isInstanceOf(DeadlockError.class).hasMessageContaining("open pipe");
    }

    private static void make(Io io) throws IoException {
        io.currentDirectory().makeNode("pipe", FileKind.PIPE, 0600, 0);
    }

    private static File open(Io io, OpenOptions options) throws IoException {
        return io.currentDirectory().openFile("pipe", options);
    }

    private static String readToEnd(Io io) throws IoException {
        StringBuilder all = new StringBuilder();
        byte[] buffer = new byte[10_000];
        try (File reader = open(io, OpenOptions.READ)) {
            for (int count = 0; count >= 0; count = reader.read(buffer)) {
                all.append(new String(buffer, 0, count, StandardCharsets.US_ASCII));
            }
        }
        return all.toString();
    }
}
