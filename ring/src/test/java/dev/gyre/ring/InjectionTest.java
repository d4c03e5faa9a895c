package dev.gyre.ring;

import static dev.gyre.ring.Loops.runUntil;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.linux.Errno;
import dev.gyre.linux.Files;
import dev.gyre.ring.file.Close;
import dev.gyre.ring.file.Read;
import dev.gyre.ring.socket.Accept;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** That a test can make a ring answer as it likes, and what the loop makes of such answers. */
final class InjectionTest {
    @Test
    void resultsAreReplaced() throws Exception {
        Injection fails = new Injection() {
            @Override
            public void deliver(List<Arrival> arrived, List<Arrival> delivered) {
                arrived.forEach(arrival -> delivered.add(arrival.withResult(-Errno.EIO.code())));
                arrived.clear();
            }
        };
        try (Loop loop = Loop.open(RingOptions.DEFAULT, fails)) {
            Nop nop = new Nop(operation -> {});
            loop.submit(nop);
            runUntil(loop, () -> !nop.isInFlight());
            assertThat(nop.result()).isEqualTo(-Errno.EIO.code());
        }
    }

    @Test
    void aShortCountIsARealOne() throws Exception {
        Injection shortens = new Injection() {
            @Override
            public void prepared(Operation operation, Submission entry) {
                entry.length(3);
            }
        };
        try (Loop loop = Loop.open(RingOptions.DEFAULT, shortens); Arena arena = loop.arena()) {
            MemorySegment ends = arena.allocate(ValueLayout.JAVA_INT, 2);
            assertThat(Files.pipe2(ends, Files.O_CLOEXEC)).isZero();
            int[] pipe = ends.toArray(ValueLayout.JAVA_INT);
            Files.write(pipe[1], arena.allocateFrom("abcdef"), 6);
            MemorySegment buffer = arena.allocate(10);
            Read read = new Read(pipe[0], buffer, -1, operation -> {});
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 2; i++) {
                loop.submit(read);
                runUntil(loop, () -> !read.isInFlight());
                assertThat(read.result()).isEqualTo(3);
                all.append(new String(buffer.asSlice(0, 3).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII));
            }
            assertThat(all).as("nothing was lost").hasToString("abcdef");
            Files.close(pipe[0]);
            Files.close(pipe[1]);
        }
    }

    @Test
    void completionsAreDelayedAndReordered() throws Exception {
        Injection reverses = new Injection() {
            @Override
            public void deliver(List<Arrival> arrived, List<Arrival> delivered) {
                if (arrived.size() == 5) {
                    delivered.addAll(arrived.reversed());
                    arrived.clear();
                }
            }
        };
        List<Integer> order = new ArrayList<>();
        Loop loop = Loop.open(RingOptions.DEFAULT, reverses);
        for (int i = 0; i < 5; i++) {
            int number = i;
            loop.submit(new Nop(operation -> order.add(number)));
            loop.turn(0);
        }
        runUntil(loop, () -> order.size() == 5);
        assertThat(order).containsExactly(4, 3, 2, 1, 0);
        loop.submit(new Nop(operation -> order.add(5)));
        loop.turn(0);
        assertThat(order).hasSize(5);
        loop.close();
        assertThat(order).as("what was held back comes at the end").hasSize(6);
    }

    @Test
    @Tag("R4")
    @Tag("R6")
    void aBusyKernelLosesNothing() throws Exception {
        int[] refusals = {0};
        Injection busy = new Injection() {
            private final int[] answers = {
                -Errno.EBUSY.code(), -Errno.EAGAIN.code(), -Errno.EINTR.code(), 0, -Errno.EBUSY.code(), 0
            };

            @Override
            public int enter() {
                int answer = answers[refusals[0]++ % answers.length];
                return answer;
            }
        };
        try (Loop loop = Loop.open(new RingOptions(4, 4), busy)) {
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                int number = i;
                loop.submit(new Nop(operation -> order.add(number)));
            }
            runUntil(loop, () -> order.size() == 500);
            assertThat(order).isSorted().doesNotHaveDuplicates();
            assertThat(refusals[0]).isGreaterThan(100);
        }
    }

    @Test
    @Tag("A3")
    void errorsThatOnlyPassByAreNoneOfTheListeners() throws Exception {
        List<Errno> passing = new ArrayList<>(List.of(Errno.ENETDOWN, Errno.EPROTO, Errno.ENOPROTOOPT,
                Errno.EHOSTDOWN, Errno.ENONET, Errno.EHOSTUNREACH, Errno.ENETUNREACH, Errno.ECONNABORTED));
        Injection passes = new Injection() {
            @Override
            public void deliver(List<Arrival> arrived, List<Arrival> delivered) {
                for (Arrival arrival : arrived) {
                    delivered.add(passing.isEmpty()
                            ? arrival.withResult(-Errno.EMFILE.code())
                            : arrival.withResult(-passing.removeFirst().code()));
                }
                arrived.clear();
            }
        };
        try (Loop loop = Loop.open(RingOptions.DEFAULT, passes)) {
            List<Integer> results = new ArrayList<>();
            loop.submit(new Accept(-1, 0, operation -> results.add(operation.result())));
            runUntil(loop, () -> !results.isEmpty());
            assertThat(results).as("the first that is the listener's").containsExactly(-Errno.EMFILE.code());
            assertThat(passing).isEmpty();
        }
    }

    @Test
    @Tag("R6")
    void interruptedOperationsAreTriedAgain() throws Exception {
        int[] interruptions = {3};
        Injection interrupts = new Injection() {
            @Override
            public void deliver(List<Arrival> arrived, List<Arrival> delivered) {
                for (Arrival arrival : arrived) {
                    delivered.add(interruptions[0]-- > 0 ? arrival.withResult(-Errno.EINTR.code()) : arrival);
                }
                arrived.clear();
            }
        };
        try (Loop loop = Loop.open(RingOptions.DEFAULT, interrupts)) {
            List<Integer> results = new ArrayList<>();
            loop.submit(new Nop(operation -> results.add(operation.result())));
            runUntil(loop, () -> !results.isEmpty());
            assertThat(results).containsExactly(0);
            assertThat(interruptions[0]).isEqualTo(-1);

            interruptions[0] = 1;
            loop.submit(new Close(-1, operation -> results.add(operation.result())));
            runUntil(loop, () -> results.size() == 2);
            assertThat(results.getLast()).as("a close that was interrupted has closed").isZero();
        }
    }
}
