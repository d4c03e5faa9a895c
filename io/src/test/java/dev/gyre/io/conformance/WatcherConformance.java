package dev.gyre.io.conformance;

import static dev.gyre.io.conformance.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.CanceledException;
import dev.gyre.io.Change;
import dev.gyre.io.ChangeEvent;
import dev.gyre.io.Directory;
import dev.gyre.io.File;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IoOptions;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.OpenOptions.Access;
import dev.gyre.io.OpenOptions.Flag;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Watch;
import dev.gyre.io.Watcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Hearing of what happens to files and folders. */
@Tag("T11")
abstract class WatcherConformance {
    private static final OpenOptions BOTH = new OpenOptions(Access.READ_WRITE, Set.of(Flag.CREATE), 0644);
    private static final Set<Change> ALL = all();

    private static Set<Change> all() {
        Set<Change> all = EnumSet.allOf(Change.class);
        all.removeIf(change -> !change.isAskedFor());
        return all;
    }

    private static Directory open(Io io, Path folder) throws IoException {
        return io.currentDirectory().openDirectory(folder.toString());
    }

    private static void assertNext(Watcher watcher, Watch watch, Change change, @Nullable String name)
            throws IoException {
        ChangeEvent event = watcher.next();
        assertThat(event.change()).as("%s", event).isEqualTo(change);
        assertThat(event.watch()).as("%s", event).isSameAs(watch);
        assertThat(event.name()).as("%s", event).isEqualTo(name);
        assertThat(event.moveNumber()).as("%s", event).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void changesAreToldInOrder(Caller caller, Io io, @TempDir Path temporary) throws Exception {
        try (Directory folder = open(io, temporary); Watcher watcher = io.watcher()) {
            caller.run(io, () -> {
                Watch watch = watcher.watch(folder, ".", ALL);
                assertThat(watch.path()).isEqualTo(temporary + "/.");
                try (File file = folder.openFile("file", BOTH)) {
                    assertNext(watcher, watch, Change.CREATED, "file");
                    file.write(new byte[1], 0);
                    assertNext(watcher, watch, Change.MODIFIED, "file");
                    file.truncate(10);
                    assertNext(watcher, watch, Change.MODIFIED, "file");
                    file.setPermissions(0600);
                    assertNext(watcher, watch, Change.ATTRIBUTES, "file");
                }
                assertNext(watcher, watch, Change.CLOSED_AFTER_WRITE, "file");

                folder.rename("file", "renamed");
                ChangeEvent from = watcher.next();
                ChangeEvent to = watcher.next();
                assertThat(from).isEqualTo(
                        new ChangeEvent(watch, Change.MOVED_FROM, "file", false, from.moveNumber()));
                assertThat(to).isEqualTo(
                        new ChangeEvent(watch, Change.MOVED_TO, "renamed", false, from.moveNumber()));
                assertThat(from.moveNumber()).isNotZero();

                folder.deleteFile("renamed");
                assertNext(watcher, watch, Change.DELETED, "renamed");
                folder.makeDirectory("below");
                assertThat(watcher.next()).isEqualTo(new ChangeEvent(watch, Change.CREATED, "below", true, 0));
                folder.deleteDirectory("below");
                assertThat(watcher.next()).isEqualTo(new ChangeEvent(watch, Change.DELETED, "below", true, 0));

                // A byte that is no UTF-8.
                String odd = "\udcff é";
                folder.symlink("nowhere", odd);
                assertNext(watcher, watch, Change.CREATED, odd);
                folder.deleteFile(odd);
                assertNext(watcher, watch, Change.DELETED, odd);

                watch.close();
                watch.close();
                folder.makeDirectory("unseen");
                Watch again = watcher.watch(folder, "unseen", Set.of(Change.SELF_DELETED, Change.SELF_MOVED));
                folder.rename("unseen", "seen");
                assertNext(watcher, again, Change.SELF_MOVED, null);
                folder.deleteDirectory("seen");
                assertNext(watcher, again, Change.SELF_DELETED, null);
                assertNext(watcher, again, Change.WATCH_ENDED, null);
                again.close();
            });
        }
    }

    @Test
    void whatIsWatchedIsTheFileOrTheLink(Io io, @TempDir Path temporary) throws Exception {
        try (Directory folder = open(io, temporary); Watcher watcher = io.watcher()) {
            folder.openFile("file", BOTH).close();
            folder.symlink("file", "link");
            Watch file = watcher.watch(folder, "link", Set.of(Change.ATTRIBUTES));
            Watch link = watcher.watch(folder, "link", Set.of(Change.ATTRIBUTES), Flag.NO_FOLLOW);
            folder.setPermissions("file", 0600);
            assertNext(watcher, file, Change.ATTRIBUTES, null);
            folder.setOwner("link", -1, -1);
            folder.hardLink("link", folder, "second");
            assertNext(watcher, link, Change.ATTRIBUTES, null);
            assertThat(file.path()).isEqualTo(link.path()).isEqualTo(temporary + "/link");

            assertFails(Operation.WATCH, Reason.ALREADY_WATCHED,
                    () -> watcher.watch(io.currentDirectory(), temporary + "/file", Set.of(Change.MODIFIED)));
            file.close();
            try (Watch again = watcher.watch(folder, "file", Set.of(Change.MODIFIED));
                    File written = folder.openFile("file", BOTH)) {
                written.write(new byte[1], 0);
                for (ChangeEvent event = watcher.next(); event.watch() != again; event = watcher.next()) {
                    assertThat(event.watch()).isSameAs(link);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatCannotBeWatchedIsRefused(Caller caller, Io io, @TempDir Path temporary) throws Exception {
        try (Directory folder = open(io, temporary); Watcher watcher = io.watcher()) {
            caller.run(io, () -> {
                Set<Change> some = Set.of(Change.MODIFIED);
                folder.openFile("file", BOTH).close();
                assertFails(Operation.WATCH, Reason.FILE_NOT_FOUND, () -> watcher.watch(folder, "none", some));
                assertFails(Operation.WATCH, Reason.FILE_NOT_FOUND, () -> watcher.watch(folder, "", some));
                assertFails(Operation.WATCH, Reason.NOT_A_DIRECTORY, () -> watcher.watch(folder, "file/x", some));
                assertFails(Operation.WATCH, Reason.BAD_PATH, () -> watcher.watch(folder, "a\0b", some));
                assertFails(Operation.WATCH, Reason.NAME_TOO_LONG,
                        () -> watcher.watch(folder, "x".repeat(256), some));
                assertThatIllegalArgumentException().isThrownBy(() -> watcher.watch(folder, "file", Set.of()));
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> watcher.watch(folder, "file", Set.of(Change.OVERFLOW)))
                        .withMessageContaining("OVERFLOW");
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> watcher.watch(folder, "file", some, Flag.CREATE));
            });
            Directory closed = open(io, temporary);
            closed.close();
            assertFails(Operation.WATCH, Reason.CLOSED, () -> watcher.watch(closed, ".", Set.of(Change.CREATED)));
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("T20")
    void whoWaitsCanBeCanceledAndClosed(Caller caller, Io io, @TempDir Path temporary) throws Exception {
        try (Directory folder = open(io, temporary)) {
            Watcher watcher = io.watcher();
            Watch watch = watcher.watch(folder, ".", ALL);
            Caller.Call<ChangeEvent> stopped = caller.start(io, watcher::next).blocked();
            assertThatThrownBy(stopped::stop).isInstanceOf(CanceledException.class);
            Failures.assertLate(io, Duration.ofMillis(20), watcher::next);

            Caller.Call<ChangeEvent> waiting = caller.start(io, watcher::next).blocked();
            folder.makeDirectory("made");
            assertThat(waiting.result()).isEqualTo(new ChangeEvent(watch, Change.CREATED, "made", true, 0));

            Caller.Call<ChangeEvent> one = caller.start(io, watcher::next).blocked();
            Caller.Call<ChangeEvent> other = caller.start(io, watcher::next).blocked();
            folder.makeDirectory("unheard");
            ChangeEvent heard = one.result();
            assertThat(heard.name()).isEqualTo("unheard");
            watcher.close();
            watcher.close();
            assertFails(Operation.NEXT_CHANGE, Reason.CLOSED, other::result);
            assertFails(Operation.NEXT_CHANGE, Reason.CLOSED, watcher::next);
            assertFails(Operation.WATCH, Reason.CLOSED, () -> watcher.watch(folder, ".", ALL));
            watch.close();
        }
    }

    /** Nothing is lost, and nothing told twice, while tasks take turns and are stopped. */
    @Test
    void manyTakeInOrder(Io io, @TempDir Path temporary) throws Exception {
        int count = 2000;
        try (Directory folder = open(io, temporary); Watcher watcher = io.watcher()) {
            watcher.watch(folder, ".", Set.of(Change.CREATED));
            Caller.Call<Void> maker = Caller.TASK.start(io, () -> {
                for (int i = 0; i < count; i++) {
                    folder.symlink("nowhere", "" + i);
                }
                return null;
            });
            List<String> names = new ArrayList<>();
            int turn = 0;
            while (names.size() < count) {
                Caller.Call<ChangeEvent> taker = Caller.inTurn(turn++).start(io, watcher::next);
                try {
                    names.add(String.valueOf((turn % 3 == 0 ? taker.stop() : taker.result()).name()));
                } catch (CanceledException stopped) {
                    // It has taken nothing.
                }
            }
            maker.result();
            for (int i = 0; i < count; i++) {
                assertThat(names.get(i)).isEqualTo("" + i);
            }
        }
    }

    /** What is not taken is kept up to the kernel's limit; then the loss is told. */
    @ParameterizedTest
    @EnumSource
    @Tag("T18")
    void whatIsLostIsTold(Caller caller, Opener opener, Io io, @TempDir Path temporary) throws Exception {
        int limit = limit(opener, "max_queued_events");
        if (limit > 100_000) {
            throw Skip.because("fs.inotify.max_queued_events", limit);
        }
        try (Directory folder = open(io, temporary); Watcher watcher = io.watcher()) {
            Watch watch = watcher.watch(folder, ".", Set.of(Change.MOVED_FROM, Change.MOVED_TO));
            folder.makeDirectory("0");
            for (int i = 0; i < limit / 2 + 10; i++) {
                folder.rename("" + i, "" + (i + 1));
            }
            Set<Integer> numbers = new HashSet<>();
            caller.run(io, () -> {
                for (int i = 0; i < limit; i++) {
                    ChangeEvent event = watcher.next();
                    assertThat(event.watch()).isSameAs(watch);
                    numbers.add(event.moveNumber());
                }
            });
            assertThat(numbers).hasSize(limit / 2);
            ChangeEvent lost = watcher.next();
            assertThat(lost).isEqualTo(new ChangeEvent(null, Change.OVERFLOW, null, false, 0));
            folder.rename("" + (limit / 2 + 10), "last");
            assertThat(watcher.next().change()).isEqualTo(Change.MOVED_FROM);
            assertThat(watcher.next().name()).isEqualTo("last");
        }
    }

    /**
     * In a simulation it is the kernel's default. Such a file has its whole content for the first read only, however
     * short, and nothing for the next.
     */
    private static int limit(Opener opener, String name) throws IOException {
        if (opener.hasOwnFiles()) {
            return name.equals("max_queued_events") ? 16_384 : 128;
        }
        return Integer.parseInt(Files.readAllLines(Path.of("/proc/sys/fs/inotify").resolve(name)).getFirst());
    }

    @Test
    @Tag("T18")
    void watchersHaveALimit(Opener opener, Io io) throws Exception {
        int limit = limit(opener, "max_user_instances");
        if (limit > 1000) {
            throw Skip.because("fs.inotify.max_user_instances", limit);
        }
        List<Watcher> watchers = new ArrayList<>();
        try {
            IoException failure = assertFails(Operation.OPEN_WATCHER, Reason.WATCHER_LIMIT, () -> {
                for (int i = 0; i <= limit; i++) {
                    watchers.add(io.watcher());
                }
            });
            assertThat(failure).hasMessageContaining("fs.inotify.max_user_instances");
        } finally {
            watchers.forEach(Watcher::close);
        }
    }

    @Test
    void anotherIosFolderIsRefused(Io io, @TempDir Path temporary) throws Exception {
        try (Io other = Io.open(IoOptions.DEFAULT.withBackend("threaded"));
                Directory folder = open(other, temporary);
                Watcher watcher = io.watcher()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> watcher.watch(folder, ".", Set.of(Change.CREATED)));
        }
    }
}
