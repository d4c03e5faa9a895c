package dev.gyre.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.linux.Errno;
import dev.gyre.linux.Files;
import dev.gyre.ring.file.Read;
import dev.gyre.ring.wait.TimeoutMultishot;
import dev.gyre.testing.Draw;
import dev.gyre.testing.Property;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A loop on a ring of four entries against a simple model, for arbitrary sequences of what a program can do to it.
 *
 * <p>The model: each submission gets exactly one final result, and one that its kind and a cancellation allow; every
 * byte that went into a pipe is read once, in order, or still there; a buffer is not touched after the final result.
 * More sequences are tried with {@code -Dgyre.tries=100000}.
 */
final class LoopModelTest {
    private static final int PIPES = 2;
    private static final byte UNTOUCHED = (byte) 0xee;

    /** What can happen next. */
    enum Kind {
        NOP,
        BURST,
        READ,
        WRITE,
        TIMEOUT,
        SHORT_TIMEOUT,
        BEAT,
        CHAIN,
        LIMITED_READ,
        CANCEL,
        SHORTAGE,
        TURN,
        TICK
    }

    /** One thing that happens, with a number that means what its kind makes of it. */
    record Step(Kind kind, int argument) {}

    @Test
    @Tag("R3")
    @Tag("R4")
    @Tag("R5")
    void everySubmissionEndsExactlyOnce() {
        Property.check(draw -> {
            List<Step> steps = draw.list(0, 60, LoopModelTest::step);
            boolean shortages = steps.stream().anyMatch(step -> step.kind == Kind.SHORTAGE);
            new World(shortages).run(steps);
        });
    }

    private static Step step(Draw draw) {
        return new Step(draw.of(Kind.values()), draw.between(0, 15));
    }

    /** What the model knows of one submission. */
    private static final class Flight {
        final String name;
        final List<Integer> allowed;
        boolean canceled;
        int finals;

        Flight(String name, Integer... allowed) {
            this.name = name;
            this.allowed = List.of(allowed);
        }

        void completed(Operation operation) {
            if (!operation.isInFlight()) {
                finals++;
            }
            assertThat(finals).as(name).isLessThanOrEqualTo(1);
            int result = operation.result();
            boolean expected = allowed.contains(result) || (canceled && result == -Errno.ECANCELED.code());
            assertThat(expected).as("%s ended with %d, canceled: %s", name, result, canceled).isTrue();
        }
    }

    private static final class World {
        private final Loop loop;
        private final Arena arena = Arena.ofAuto();
        private final int[][] pipes = new int[PIPES][];
        private final int[] written = new int[PIPES];
        private final BitSet[] read = {new BitSet(), new BitSet()};
        private final List<Flight> flights = new ArrayList<>();
        private final List<Operation> operations = new ArrayList<>();
        private final List<MemorySegment> buffers = new ArrayList<>();

        /** How many submissions the kernel leaves at its next entry. */
        private int left;

        World(boolean shortages) throws RingException {
            RingOptions options = new RingOptions(4, 4);
            loop = shortages ? Loop.open(options, new Shortage()) : Loop.open(options);
            MemorySegment ends = arena.allocate(ValueLayout.JAVA_INT, 2);
            for (int i = 0; i < PIPES; i++) {
                assertThat(Files.pipe2(ends, Files.O_CLOEXEC)).isZero();
                pipes[i] = ends.toArray(ValueLayout.JAVA_INT);
            }
        }

        void run(List<Step> steps) throws RingException {
            try {
                for (Step step : steps) {
                    take(step);
                }
                flights.forEach(flight -> flight.canceled = true);
                loop.close();
                assertThat(flights).allSatisfy(flight -> assertThat(flight.finals).as(flight.name).isEqualTo(1));
                assertThat(operations).noneMatch(Operation::isInFlight);
                bytesAreNeitherLostNorDoubled();
                assertThat(buffers).allSatisfy(buffer ->
                        assertThat(buffer.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo(UNTOUCHED));
            } finally {
                loop.close();
                Arrays.stream(pipes).flatMapToInt(Arrays::stream).forEach(Files::close);
            }
        }

        private void take(Step step) throws RingException {
            int pipe = step.argument % PIPES;
            switch (step.kind) {
                case NOP -> loop.submit(nop());
                case BURST -> {
                    for (int i = 0; i <= step.argument; i++) {
                        loop.submit(nop());
                    }
                }
                case READ -> loop.submit(read(pipe, 1));
                case WRITE -> write(pipe);
                case TIMEOUT -> loop.submit(timeout(Duration.ofDays(1), -Errno.ECANCELED.code()));
                case SHORT_TIMEOUT -> loop.submit(timeout(Duration.ofNanos(step.argument * 1000L), 0));
                case BEAT -> beat();
                case CHAIN -> loop.submit(new Chain(nop()).then(read(pipe, 1)).always(nop()));
                case LIMITED_READ -> limitedRead(pipe, Duration.ofNanos(step.argument * 10_000L));
                case CANCEL -> cancel(step.argument);
                case SHORTAGE -> left = step.argument % 4;
                case TURN -> loop.turn(step.argument * 1000L);
                case TICK -> loop.tick();
            }
        }

        /** The kernel may take a part of a chain, which is then canceled. */
        private final class Shortage implements Injection {
            @Override
            public int taken(int pending) {
                int taken = Math.max(Math.min(1, pending), pending - left);
                for (int i = 0; taken < pending && i < flights.size(); i++) {
                    flights.get(i).canceled |= operations.get(i).chain != null;
                }
                left = 0;
                return taken;
            }
        }

        private Operation nop() {
            Flight flight = new Flight("nop " + flights.size(), 0, -Errno.ECANCELED.code());
            return added(flight, new Nop(flight::completed));
        }

        private Operation timeout(Duration duration, int end) {
            Flight flight = new Flight("timeout " + flights.size(), end);
            return added(flight, new Timeout(duration, flight::completed));
        }

        private void beat() {
            Flight flight = new Flight("beat " + flights.size(), 0);
            loop.submit(added(flight, new TimeoutMultishot(Duration.ofNanos(200_000), flight::completed)));
        }

        private Operation read(int pipe, Integer... allowed) {
            Flight flight = new Flight("read " + flights.size(), allowed);
            MemorySegment buffer = arena.allocate(1).fill(UNTOUCHED);
            return added(flight, new Read(pipes[pipe][0], buffer, -1, operation -> {
                flight.completed(operation);
                if (operation.result() == 1) {
                    int value = Byte.toUnsignedInt(buffer.get(ValueLayout.JAVA_BYTE, 0));
                    assertThat(read[pipe].get(value)).as("byte %d of pipe %d is read once", value, pipe).isFalse();
                    read[pipe].set(value);
                }
                // From here on the buffer is the program's: whatever touches it once more is a mistake.
                buffer.set(ValueLayout.JAVA_BYTE, 0, UNTOUCHED);
                buffers.add(buffer);
            }));
        }

        private void limitedRead(int pipe, Duration limit) {
            Flight flight = new Flight("limit " + flights.size(), -Errno.ETIME.code(), -Errno.ECANCELED.code(),
                    -Errno.EALREADY.code(), -Errno.ENOENT.code());
            Operation read = read(pipe, 1, -Errno.ECANCELED.code(), -Errno.EINTR.code());
            LinkTimeout timeout = new LinkTimeout(limit, flight::completed);
            added(flight, timeout);
            loop.submit(new Chain(read).within(timeout));
        }

        private void write(int pipe) {
            if (written[pipe] < 200) {
                MemorySegment value = arena.allocateFrom(ValueLayout.JAVA_BYTE, (byte) written[pipe]++);
                assertThat(Files.write(pipes[pipe][1], value, 1)).isEqualTo(1);
            }
        }

        private void cancel(int which) {
            if (!operations.isEmpty()) {
                int index = operations.size() - 1 - which % operations.size();
                Operation operation = operations.get(index);
                // A broken chain cancels those behind, so that they may be canceled, too.
                if (operation.isInFlight()) {
                    for (int i = Math.max(0, index - 2); i < Math.min(flights.size(), index + 3); i++) {
                        Chain chain = operations.get(i).chain;
                        flights.get(i).canceled |= i == index || (chain != null && chain == operation.chain);
                    }
                }
                loop.cancel(operation);
            }
        }

        private Operation added(Flight flight, Operation operation) {
            flights.add(flight);
            operations.add(operation);
            return operation;
        }

        private void bytesAreNeitherLostNorDoubled() {
            for (int pipe = 0; pipe < PIPES; pipe++) {
                Files.fcntl(pipes[pipe][0], Files.F_SETFL, Files.O_NONBLOCK);
                MemorySegment rest = arena.allocate(256);
                long left = Files.read(pipes[pipe][0], rest, 256);
                for (int i = 0; i < left; i++) {
                    int value = Byte.toUnsignedInt(rest.get(ValueLayout.JAVA_BYTE, i));
                    assertThat(read[pipe].get(value)).as("byte %d was not read before", value).isFalse();
                    read[pipe].set(value);
                }
                assertThat(read[pipe].cardinality()).as("bytes of pipe %d", pipe).isEqualTo(written[pipe]);
            }
        }
    }
}
