package dev.gyre.ring;

import static dev.gyre.ring.Loops.runUntil;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.linux.Errno;
import dev.gyre.linux.Files;
import dev.gyre.ring.file.Fsync;
import dev.gyre.ring.file.Read;
import dev.gyre.ring.file.Write;
import dev.gyre.ring.wait.Poll;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Linked operations: their order, what breaks a chain, and limits of time. */
@Tag("R9")
final class ChainTest extends RingFixture {
    private static final int CANCELED = -Errno.ECANCELED.code();

    @TempDir
    Path folder;

    private final List<String> order = new ArrayList<>();

    @Test
    void membersRunInOrder() throws Exception {
        int fd = open(folder.resolve("file"), Files.O_RDWR | Files.O_CREAT, 0600);
        MemorySegment back = arena.allocate(8);
        Chain chain = new Chain(new Write(fd, bytes("abc"), 0, told("write")))
                .then(new Fsync(fd, true, told("sync")))
                .then(new Read(fd, back.asSlice(0, 3), 0, told("read")));
        for (int i = 1; i <= 3; i++) {
            loop.submit(chain);
            int expected = 3 * i;
            runUntil(loop, () -> order.size() == expected);
        }
        assertThat(order.subList(6, 9)).containsExactly("write 3", "sync 0", "read 3");
        assertThat(text(back, 3)).isEqualTo("abc");
        close(fd);
    }

    @Test
    void aFailureBreaksSoftLinksAndNoHardOnes() throws Exception {
        int fd = open(folder.resolve("file"), Files.O_RDWR | Files.O_CREAT, 0600);
        loop.submit(new Chain(new Read(-1, bytes("x"), 0, told("read")))
                .then(new Write(fd, bytes("never"), 0, told("write")))
                .then(new Nop(told("nop"))));
        runUntil(loop, () -> order.size() == 3);
        assertThat(order).containsExactly("read " + -Errno.EBADF.code(), "write " + CANCELED, "nop " + CANCELED);
        assertThat(folder.resolve("file")).isEmptyFile();

        order.clear();
        loop.submit(new Chain(new Read(-1, bytes("x"), 0, told("read")))
                .always(new Write(fd, bytes("still"), 0, told("write"))));
        runUntil(loop, () -> order.size() == 2);
        assertThat(order).containsExactly("read " + -Errno.EBADF.code(), "write 5");
        close(fd);
    }

    @Test
    void aShortReadBreaksTheChain() throws Exception {
        int fd = open(java.nio.file.Files.writeString(folder.resolve("file"), "four"), Files.O_RDONLY, 0);
        loop.submit(new Chain(new Read(fd, arena.allocate(100), 0, told("read"))).then(new Nop(told("nop"))));
        runUntil(loop, () -> order.size() == 2);
        assertThat(order).containsExactly("read 4", "nop " + CANCELED);
        close(fd);
    }

    @Test
    @Tag("R8")
    void aLimitEndsWhatTakesTooLong() throws Exception {
        int[] pipe = pipe();
        MemorySegment buffer = arena.allocate(8);
        loop.submit(new Chain(new Read(pipe[0], buffer, -1, told("read")))
                .within(new LinkTimeout(Duration.ofMillis(2), told("limit")))
                .then(new Nop(told("nop"))));
        runUntil(loop, () -> order.size() == 3);
        assertThat(order).containsExactlyInAnyOrder(
                "read " + CANCELED, "limit " + -Errno.ETIME.code(), "nop " + CANCELED);

        order.clear();
        Files.write(pipe[1], bytes("12345678"), 8);
        loop.submit(new Chain(new Read(pipe[0], buffer, -1, told("read")))
                .within(new LinkTimeout(Duration.ofDays(1), told("limit")))
                .then(new Nop(told("nop"))));
        runUntil(loop, () -> order.size() == 3);
        assertThat(order).containsExactlyInAnyOrder("read 8", "limit " + CANCELED, "nop 0");
        close(pipe);
    }

    @Test
    @Tag("R3")
    void aChainWaitsForRoomForAllOfIt() throws Exception {
        try (Loop small = Loop.open(new RingOptions(4, 4))) {
            for (int i = 0; i < 100; i++) {
                int number = i;
                small.submit(new Nop(told("before")));
                small.submit(new Chain(new Poll(-1, 1, told("breaks " + number)))
                        .then(new Nop(told("second " + number)))
                        .then(new Nop(told("third " + number))));
            }
            runUntil(small, () -> order.size() == 400);
            for (int i = 0; i < 100; i++) {
                assertThat(order).as("no chain was cut in two").contains("breaks " + i + " " + -Errno.EBADF.code(),
                        "second " + i + " " + CANCELED, "third " + i + " " + CANCELED);
            }
            Chain long5 = new Chain(new Nop(told("a"))).then(new Nop(told("b"))).then(new Nop(told("c")))
                    .then(new Nop(told("d"))).then(new Nop(told("e")));
            assertThatThrownBy(() -> small.submit(long5)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("5 operations").hasMessageContaining("queue of 4");
        }
    }

    @Test
    void aChainThatWaitsForRoomIsCanceledAsAWhole() throws Exception {
        try (Loop small = Loop.open(new RingOptions(4, 4))) {
            for (int i = 0; i < 4; i++) {
                small.submit(new Nop(told("fills")));
            }
            Nop second = new Nop(told("second"));
            small.submit(new Chain(new Nop(told("first"))).always(second));
            small.cancel(second);
            runUntil(small, () -> order.size() == 6);
            assertThat(order).contains("first " + CANCELED, "second " + CANCELED);
        }
    }

    /** The kernel takes fewer submissions than there are where it is short of memory, and a part of a chain, too. */
    @Test
    void aChainOfWhichTheKernelTakesAPartIsCanceled() throws Exception {
        int fd = open(folder.resolve("file"), Files.O_RDWR | Files.O_CREAT, 0600);
        int[] pipe = pipe();
        int[] takes = {4};
        Injection shortage = new Injection() {
            @Override
            public int taken(int pending) {
                int taken = Math.min(takes[0], pending);
                takes[0] = 4;
                return taken;
            }
        };
        try (Loop small = Loop.open(new RingOptions(4, 4), shortage)) {
            MemorySegment buffer = Arena.ofAuto().allocate(5);
            takes[0] = 2;
            small.submit(new Chain(new Read(pipe[0], buffer, -1, told("read")))
                    .always(new Nop(told("second")))
                    .always(new Write(fd, buffer, 0, told("write"))));
            small.submit(new Nop(told("other")));
            runUntil(small, () -> order.size() == 4 && small.inFlight() == 0);
            assertThat(order).containsExactlyInAnyOrder(
                    "read " + CANCELED, "second " + CANCELED, "write " + CANCELED, "other 0");
            assertThat(folder.resolve("file")).isEmptyFile();

            order.clear();
            takes[0] = 1;
            small.submit(new Chain(new Read(pipe[0], buffer, -1, told("read")))
                    .within(new LinkTimeout(Duration.ofMillis(1), told("limit"))));
            runUntil(small, () -> order.size() == 2 && small.inFlight() == 0);
            assertThat(order).containsExactlyInAnyOrder("read " + CANCELED, "limit " + CANCELED);
        }
        close(fd);
        close(pipe);
    }

    @Test
    void aMemberThatHasNotBegunIsCanceled() throws Exception {
        int[] pipe = pipe();
        Nop last = new Nop(told("last"));
        loop.submit(new Chain(new Read(pipe[0], arena.allocate(1), -1, told("first"))).then(last));
        loop.tick();
        loop.cancel(last);
        loop.runFor(Duration.ofMillis(1));
        Files.write(pipe[1], bytes("x"), 1);
        runUntil(loop, () -> order.size() == 2 && loop.inFlight() == 0);
        assertThat(order.getFirst()).isEqualTo("first 1");
        close(pipe);
    }

    @Test
    void aMemberThatBeginsAgainIsOnItsOwn() throws Exception {
        try (Loop small = Loop.open(new RingOptions(4, 8))) {
            Timeout follower = new Timeout(Duration.ofDays(1), told("follower"));
            Operation again = new Operation(operation -> {
                order.add("again " + operation.result());
                small.cancel(operation); // waits for room, and is alone there
                small.cancel(follower);
            }) {
                @Override
                protected Next next(int value) {
                    return value < 0 ? Next.DONE : Next.AGAIN;
                }

                @Override
                protected void prepare(Submission entry) {
                    entry.operation(kind().opcode(), -1);
                }

                @Override
                public OperationKind kind() {
                    return Nop.KIND;
                }
            };
            again.persist();
            small.submit(new Nop(operation -> {
                for (int i = 0; i < 4; i++) {
                    small.submit(new Nop(told("fills")));
                }
            }));
            small.submit(new Chain(again).always(follower));
            runUntil(small, () -> order.size() == 7 && small.inFlight() == 0);
            assertThat(order).contains("again 0", "again " + CANCELED, "follower " + CANCELED);
        }
    }

    private Callback told(String name) {
        return operation -> order.add(name + " " + operation.result());
    }
}
