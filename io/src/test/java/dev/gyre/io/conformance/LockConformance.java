package dev.gyre.io.conformance;

import static dev.gyre.io.conformance.Failures.assertFails;
import static dev.gyre.io.conformance.Failures.assertLate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.CanceledException;
import dev.gyre.io.File;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Locking;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.OpenOptions.Access;
import dev.gyre.io.OpenOptions.Flag;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Locks of files. */
@Tag("T11")
abstract class LockConformance {
    private static final OpenOptions UPDATE = new OpenOptions(Access.READ_WRITE, Set.of(Flag.CREATE), 0640);

    @ParameterizedTest
    @EnumSource
    void locksExcludeAsTheySay(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = folder.resolve("file");
        caller.run(io, () -> {
            File one = open(io, path, UPDATE);
            try (File two = open(io, path, UPDATE)) {
                one.lock(Locking.SHARED);
                assertThat(two.tryLock(Locking.SHARED)).isTrue();
                assertThat(one.tryLock(Locking.EXCLUSIVE)).as("shared by two").isFalse();
                two.unlock();
                two.unlock();
                assertThat(one.tryLock(Locking.EXCLUSIVE)).as("of its own").isTrue();
                assertThat(two.tryLock(Locking.SHARED)).isFalse();
                one.downgrade();
                assertThat(two.tryLock(Locking.SHARED)).as("after a downgrade").isTrue();
                two.unlock();
                one.lock(Locking.EXCLUSIVE);
                assertFails(Operation.LOCK, Reason.WOULD_BLOCK, two::downgrade);
                one.close();
                assertThat(two.tryLock(Locking.EXCLUSIVE)).as("after it is closed").isTrue();
            }
        });
    }

    /** Each waits for those before, whoever they are, and the kernel lets one in at a time. */
    @Test
    void waitersGetItOneAfterTheOther(Io io, @TempDir Path folder) throws Exception {
        Path path = folder.resolve("file");
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger rounds = new AtomicInteger();
        List<Caller.Call<Object>> calls = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            calls.add(Caller.inTurn(i).start(io, () -> {
                try (File file = open(io, path, UPDATE)) {
                    for (int round = 0; round < 20; round++) {
                        file.lock(Locking.EXCLUSIVE);
                        assertThat(inside.incrementAndGet()).isEqualTo(1);
                        rounds.incrementAndGet();
                        io.checkCancel();
                        inside.decrementAndGet();
                        file.unlock();
                    }
                }
                return null;
            }));
        }
        for (Caller.Call<Object> call : calls) {
            call.result();
        }
        assertThat(rounds).hasValue(240);
    }

    @ParameterizedTest
    @EnumSource
    void waitingForALockIsStopped(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = folder.resolve("file");
        try (File held = open(io, path, UPDATE)) {
            held.lock(Locking.EXCLUSIVE);
            Caller.Call<Object> waiting = caller.start(io, () -> {
                try (File file = open(io, path, UPDATE)) {
                    file.lock(Locking.SHARED);
                    return null;
                }
            }).blocked();
            assertThatThrownBy(waiting::stop).isInstanceOf(CanceledException.class);
            caller.run(io, () -> {
                try (File file = open(io, path, UPDATE)) {
                    assertLate(io, Duration.ofMillis(20), () -> file.lock(Locking.EXCLUSIVE));
                    held.unlock();
                    assertThat(held.tryLock(Locking.EXCLUSIVE)).as("who gave up has nothing").isTrue();
                }
            });
            File closed = open(io, path, UPDATE);
            Caller.Call<Object> other = caller.start(io, () -> {
                closed.lock(Locking.SHARED);
                return null;
            }).blocked();
            closed.close();
            assertFails(Operation.LOCK, Reason.CLOSED, other::result);
        }
    }

    @Test
    void aFileIsOpenForWhatItsLockAsksFor(Io io, @TempDir Path folder) throws Exception {
        Path path = Folders.write(io, folder.resolve("file"), "");
        try (File read = open(io, path, OpenOptions.READ);
                File write = open(io, path, new OpenOptions(Access.WRITE, Set.of(), 0))) {
            assertFails(Operation.LOCK, Reason.NOT_OPEN_FOR_LOCK, () -> read.lock(Locking.EXCLUSIVE));
            assertFails(Operation.LOCK, Reason.NOT_OPEN_FOR_LOCK, () -> write.tryLock(Locking.SHARED));
            read.lock(Locking.SHARED);
        }
        File closed = open(io, path, OpenOptions.READ);
        closed.close();
        assertFails(Operation.LOCK, Reason.CLOSED, () -> closed.lock(Locking.SHARED));
        assertFails(Operation.LOCK, Reason.CLOSED, closed::unlock);
        assertThatIllegalArgumentException().isThrownBy(() -> OpenOptions.READ.with(Flag.LOCK_EXCLUSIVE))
                .withMessage("LOCK_EXCLUSIVE needs write access");
        assertThatIllegalArgumentException().isThrownBy(() -> OpenOptions.REPLACE.with(Flag.LOCK_SHARED));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UPDATE.with(Flag.LOCK_SHARED, Flag.LOCK_EXCLUSIVE));
        assertThatIllegalArgumentException().isThrownBy(() -> UPDATE.with(Flag.LOCK_NOW));
    }

    /** Whoever opens a file to replace what is in it does not cut it off under the hands of who has the lock. */
    @ParameterizedTest
    @EnumSource
    @Tag("T9")
    void aFileIsOpenedWithALock(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = Folders.write(io, folder.resolve("file"), "content");
        OpenOptions replace = UPDATE.with(Flag.TRUNCATE, Flag.LOCK_EXCLUSIVE);
        File first = caller.run(io, () -> open(io, path, UPDATE.with(Flag.LOCK_EXCLUSIVE)));
        caller.run(io, () -> {
            assertFails(Operation.LOCK, Reason.WOULD_BLOCK, () -> open(io, path, replace.with(Flag.LOCK_NOW)));
            assertFails(Operation.LOCK, Reason.WOULD_BLOCK,
                    () -> open(io, path, OpenOptions.READ.with(Flag.LOCK_SHARED, Flag.LOCK_NOW)));
        });
        Caller.Call<Long> opening = caller.start(io, () -> {
            try (File second = open(io, path, replace)) {
                return second.stat().size();
            }
        }).blocked();
        assertThat(first.stat().size()).as("nothing is cut off yet").isEqualTo(7);
        first.close();
        assertThat(opening.result()).isEqualTo(0L);
        caller.run(io, () -> {
            try (File shared = open(io, path, OpenOptions.READ.with(Flag.LOCK_SHARED));
                    File also = open(io, path, OpenOptions.READ.with(Flag.LOCK_SHARED, Flag.LOCK_NOW))) {
                assertThat(shared.stat().inode()).isEqualTo(also.stat().inode());
            }
        });
    }

    private static File open(Io io, Path path, OpenOptions options) throws IoException {
        return io.currentDirectory().openFile(path.toString(), options);
    }
}
