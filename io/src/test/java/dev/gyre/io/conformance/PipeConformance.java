package dev.gyre.io.conformance;

import static dev.gyre.io.conformance.Failures.assertFails;
import static dev.gyre.io.conformance.Failures.assertLate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.Batch;
import dev.gyre.io.CanceledException;
import dev.gyre.io.Directory;
import dev.gyre.io.DirectoryEntry;
import dev.gyre.io.File;
import dev.gyre.io.FileKind;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.OpenOptions.Access;
import dev.gyre.io.OpenOptions.Flag;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Renaming;
import dev.gyre.io.Timeout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A named pipe in the place of a file: what it cannot do, and what it waits for. */
@Tag("T10")
abstract class PipeConformance {
    private static final OpenOptions BOTH = new OpenOptions(Access.READ_WRITE, Set.of(), 0);
    private static final OpenOptions WRITE = new OpenOptions(Access.WRITE, Set.of(), 0);

    @Test
    void hasNoOffsets(Io io, @TempDir Path folder) throws Exception {
        Path path = Pipes.make(io, folder.resolve("pipe"));
        try (File pipe = open(io, path, BOTH); Arena arena = Arena.ofShared()) {
            MemorySegment buffer = arena.allocate(10);
            for (Caller caller : Caller.values()) {
                caller.run(io, () -> {
                    for (int i = 0; i < 100; i++) {
                        assertFails(Operation.READ_FILE, Reason.NOT_SEEKABLE, () -> pipe.read(buffer, 0));
                    }
                    assertFails(Operation.WRITE_FILE, Reason.NOT_SEEKABLE, () -> pipe.write(buffer, 0));
                    assertFails(Operation.SYNC, Reason.OPERATION_UNSUPPORTED, pipe::sync);
                });
            }
        }
    }

    @Test
    @Tag("T9")
    void withoutAReaderItIsNoDevice(Io io, @TempDir Path folder) throws Exception {
        Path path = Pipes.make(io, folder.resolve("pipe"));
        assertFails(Operation.OPEN_FILE, Reason.NO_DEVICE, () -> open(io, path, WRITE.with(Flag.NON_BLOCKING)));
        open(io, path, OpenOptions.READ.with(Flag.NON_BLOCKING)).close();
    }

    @ParameterizedTest
    @EnumSource
    @Tag("T10")
    void whatIsSpecialDoesNotNoticeThatItWasLookedAt(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = Pipes.make(io, folder.resolve("pipe"));
        Folders.symlink(io, folder.resolve("link"), "pipe");
        Folders.make(io, folder.resolve("directory"));
        Folders.write(io, folder.resolve("file"), "x");
        Folders.symlink(io, folder.resolve("way"), "file");
        OpenOptions plain = OpenOptions.READ.with(Flag.NO_SPECIAL);
        Caller.Call<File> writing = caller.start(io, () -> open(io, path, WRITE)).blocked();
        caller.run(io, () -> {
            try (Directory top = io.currentDirectory().openDirectory(folder.toString())) {
                for (OpenOptions options : List.of(plain, plain.with(Flag.BENEATH), plain.with(Flag.NON_BLOCKING))) {
                    assertFails(Operation.OPEN_FILE, Reason.NO_DEVICE, () -> top.openFile("pipe", options));
                    assertFails(Operation.OPEN_FILE, Reason.NO_DEVICE, () -> top.openFile("link", options));
                    for (String name : List.of("file", "way", "directory")) {
                        try (File file = top.openFile(name, options)) {
                            assertThat(file.stat().kind())
                                    .isEqualTo(name.equals("directory") ? FileKind.DIRECTORY : FileKind.FILE);
                        }
                    }
                    assertFails(Operation.OPEN_FILE, Reason.FILE_NOT_FOUND, () -> top.openFile("missing", options));
                    assertFails(Operation.OPEN_FILE, Reason.SYMLINK_LOOP,
                            () -> top.openFile("way", options.with(Flag.NO_FOLLOW)));
                }
                assertFails(Operation.OPEN_FILE, Reason.PATH_ESCAPES,
                        () -> top.openFile("/dev/null", plain.with(Flag.BENEATH)));
            }
        });
        assertThat(io.describeTasks()).contains(path.toString());
        try (File reader = open(io, path, OpenOptions.READ.with(Flag.NON_BLOCKING))) {
            writing.result().close();
            assertThat(reader.stat().kind()).isEqualTo(FileKind.PIPE);
        }
    }

    /** What was looked at is what is opened, although the name is another file's now. */
    @Test
    @Tag("T10")
    void aPipeCannotTakeTheFilesPlaceBeforeItIsOpened(Io io, @TempDir Path folder) throws Exception {
        Path path = Pipes.make(io, folder.resolve("name"));
        Folders.write(io, folder.resolve("other"), "x");
        OpenOptions options = OpenOptions.READ.with(Flag.NO_SPECIAL);
        // Under a name of its own: an open(2) that the kernel begins again would find what has the other name by then.
        Path own = folder.resolve("own");
        io.currentDirectory().hardLink(path.toString(), io.currentDirectory(), own.toString());
        Caller.Call<File> writing = Caller.TASK.start(io, () -> open(io, own, WRITE)).blocked();
        AtomicBoolean ends = new AtomicBoolean();
        Caller.Call<Void> changing = Caller.PLATFORM_THREAD.start(io, () -> {
            Directory here = io.currentDirectory();
            while (!ends.get()) {
                here.rename(path.toString(), here, folder.resolve("other").toString(), Renaming.EXCHANGE);
            }
            return null;
        });
        int opened = 0;
        try {
            for (int i = 0; i < 2000 || opened == 0; i++) {
                try (File file = open(io, path, options)) {
                    opened++;
                    assertThat(file.stat().kind()).isEqualTo(FileKind.FILE);
                } catch (IoException refused) {
                    assertThat(refused.reason()).isEqualTo(Reason.NO_DEVICE);
                }
            }
        } finally {
            ends.set(true);
            changing.result();
        }
        assertThat(io.describeTasks()).as("the writer still waits").contains(own.toString());
        assertThatThrownBy(writing::stop).isInstanceOf(CanceledException.class);
    }

    /** Opening waits in the kernel, and is brought out of it. */
    @ParameterizedTest
    @EnumSource
    @Tag("T3")
    void canBeCanceledWhileItIsOpened(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = Pipes.make(io, folder.resolve("pipe"));
        Caller.Call<File> opening = caller.start(io, () -> open(io, path, OpenOptions.READ)).blocked();
        // On a ring it waits for one thing and then for another, and for a moment for neither.
        Eventually.await("a report of what it waits for",
                () -> io.describeTasks().matches(".* waits: (open|openat2|poll) " + path + "( for ever)?"));
        assertThatThrownBy(opening::stop).isInstanceOf(CanceledException.class);
        Caller.Call<File> again = caller.start(io, () -> open(io, path, OpenOptions.READ)).blocked();
        open(io, path, WRITE).close();
        again.result().close();
        Caller.Call<File> writing = caller.start(io, () -> open(io, path, WRITE)).blocked();
        assertThatThrownBy(writing::stop).isInstanceOf(CanceledException.class);
        Caller.Call<File> written = caller.start(io, () -> open(io, path, WRITE)).blocked();
        try (File reader = open(io, path, OpenOptions.READ.with(Flag.NON_BLOCKING))) {
            written.result().close();
            assertThat(reader.stat().kind()).isEqualTo(FileKind.PIPE);
        }
    }

    /** Two programs that open two pipes, one for each direction, wait for each other in this. */
    @ParameterizedTest
    @EnumSource
    @Tag("T20")
    void isOpenWhenItHasAWriterBeItASilentOne(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = Pipes.make(io, folder.resolve("pipe"));
        Caller.Call<File> opening = caller.start(io, () -> open(io, path, OpenOptions.READ)).blocked();
        try (File writer = open(io, path, WRITE);
                File reader = opening.result()) {
            assertThat(writer.stat().kind()).isEqualTo(FileKind.PIPE);
            assertThat(reader.stat().kind()).isEqualTo(FileKind.PIPE);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("T20")
    void isOpenedAlthoughItWasRenamedMeanwhile(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = Pipes.make(io, folder.resolve("pipe"));
        Path renamed = folder.resolve("renamed");
        Caller.Call<File> opening = caller.start(io, () -> {
            try {
                return open(io, path, OpenOptions.READ);
            } catch (IoException tooLate) {
                return open(io, renamed, OpenOptions.READ);
            }
        }).blocked();
        io.currentDirectory().rename(path.toString(), renamed.toString());
        try (File writer = open(io, renamed, WRITE)) {
            writer.writeAll(new byte[] {7});
            try (File reader = opening.result()) {
                assertThat(reader.stat().kind()).isEqualTo(FileKind.PIPE);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("T11")
    void hasNoLengthAndNoRoom(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = Pipes.make(io, folder.resolve("pipe"));
        try (File pipe = open(io, path, BOTH)) {
            caller.run(io, () -> {
                assertFails(Operation.SEEK, Reason.NOT_SEEKABLE, () -> pipe.seekData(0));
                assertFails(Operation.ALLOCATE, Reason.NOT_SEEKABLE, () -> pipe.allocate(0, 1));
                assertFails(Operation.TRUNCATE, Reason.NOT_OPEN_FOR_WRITING, () -> pipe.truncate(0));
                assertFails(Operation.SYNC, Reason.OPERATION_UNSUPPORTED, pipe::dataSync);
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("T23")
    void isRefusedInABatch(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = Pipes.make(io, folder.resolve("pipe"));
        caller.run(io, () -> {
            try (File pipe = open(io, path, BOTH); Arena arena = io.arena(); Batch batch = io.batch(4)) {
                MemorySegment buffer = arena.allocate(10);
                int read = batch.read(pipe, buffer, 0);
                int readIntoArray = batch.read(pipe, MemorySegment.ofArray(new byte[1]), 0);
                int write = batch.write(pipe, buffer, 0);
                int sync = batch.sync(pipe);
                batch.await();
                assertFails(Operation.READ_FILE, Reason.NOT_SEEKABLE, () -> batch.count(read));
                assertFails(Operation.READ_FILE, Reason.NOT_SEEKABLE, () -> batch.count(readIntoArray));
                assertFails(Operation.WRITE_FILE, Reason.NOT_SEEKABLE, () -> batch.count(write));
                assertFails(Operation.SYNC, Reason.OPERATION_UNSUPPORTED, () -> batch.count(sync));
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    @Tag("T12")
    void cannotBeSent(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = Pipes.make(io, folder.resolve("pipe"));
        caller.run(io, () -> {
            try (Sockets.Pair pair = Sockets.Pair.open(io);
                    File pipe = open(io, path, OpenOptions.READ.with(Flag.NON_BLOCKING))) {
                assertFails(Operation.SEND_FILE, Reason.OPERATION_UNSUPPORTED,
                        () -> pair.client().sendFile(pipe, 0, 10, Timeout.NONE));
                assertThat(pair.client().sendFile(pipe, 0, 0, Timeout.NONE)).isZero();
                Sockets.assertConnected(pair.client(), pair.server());
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    @Tag("T11")
    void isListedAndDeletedAndNotCopied(Caller caller, Io io, @TempDir Path folder) throws Exception {
        caller.run(io, () -> {
            try (Directory top = io.currentDirectory().openDirectory(folder.toString())) {
                top.makeDirectory("tree");
                Pipes.make(io, folder.resolve("tree/pipe"));
                assertThat(top.stat("tree/pipe").kind()).isEqualTo(FileKind.PIPE);
                try (Directory tree = top.openDirectory("tree")) {
                    assertThat(tree.list()).containsExactly(new DirectoryEntry("pipe", FileKind.PIPE));
                }
                assertFails(Operation.COPY, Reason.OPERATION_UNSUPPORTED,
                        () -> top.copyFile("tree/pipe", top, "copy"));
                assertThat(top.deleteTree("tree")).isTrue();
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void isAStream(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = Pipes.make(io, folder.resolve("pipe"));
        int length = 300_000;
        Caller.Call<Integer> reading = caller.start(io, () -> {
            try (File reader = open(io, path, OpenOptions.READ); Arena arena = Arena.ofConfined()) {
                Pattern pattern = new Pattern(arena, length, 9);
                MemorySegment buffer = arena.allocate(70_000);
                int at = 0;
                for (int count = 0; count >= 0; count = reader.read(buffer)) {
                    pattern.check(buffer.asSlice(0, count), at);
                    at += count;
                }
                assertFails(Operation.SEEK, Reason.NOT_SEEKABLE, reader::position);
                assertFails(Operation.READ_FILE, Reason.NOT_SEEKABLE, () -> reader.read(buffer, 0));
                return at;
            }
        });
        caller.run(io, () -> {
            try (File writer = open(io, path, WRITE); Arena arena = Arena.ofConfined()) {
                MemorySegment all = new Pattern(arena, length, 9).bytes();
                writer.writeAll(all.asSlice(0, 100_000));
                writer.writeAll(List.of(all.asSlice(100_000, 1), all.asSlice(100_001)));
            }
        });
        assertThat(reading.result()).isEqualTo(length);
    }

    @ParameterizedTest
    @EnumSource
    void waitingForItIsStopped(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = Pipes.make(io, folder.resolve("pipe"));
        try (File pipe = open(io, path, BOTH)) {
            Caller.Call<Integer> reading = caller.start(io, () -> pipe.read(new byte[10])).blocked();
            assertThatThrownBy(reading::stop).isInstanceOf(CanceledException.class);
            caller.run(io, () -> assertLate(io, Duration.ofMillis(20), () -> pipe.read(new byte[10])));
            caller.run(io, () -> assertLate(
                    io, Duration.ofMillis(20), () -> pipe.read(List.of(segment("ab"), segment("c")))));
            pipe.writeAll(bytes("whole"));
            byte[] read = new byte[10];
            assertThat(pipe.read(read)).as("nothing was taken by those").isEqualTo(5);
            Caller.Call<Object> writing = caller.start(io, () -> {
                while (true) {
                    pipe.writeAll(new byte[4096]);
                }
            }).blocked();
            assertThatThrownBy(writing::stop).isInstanceOf(CanceledException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("P9")
    void closingEndsTheWaits(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = Pipes.make(io, folder.resolve("pipe"));
        for (int round = 0; round < 20; round++) {
            File pipe = open(io, path, BOTH);
            List<Caller.Call<Integer>> waiting = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                waiting.add(caller.start(io, () -> pipe.read(new byte[10])));
                waiting.add(caller.start(io, () -> io.protect(() -> pipe.read(List.of(segment("abc"))))));
            }
            if (round % 2 == 0) {
                waiting.forEach(Caller.Call::blocked);
            } else {
                Busy.computeFor(Duration.ofNanos(round * 20_000L));
            }
            pipe.close();
            for (Caller.Call<Integer> each : waiting) {
                assertFails(Operation.READ_FILE, Reason.CLOSED, each::result);
            }
        }
    }

    @Test
    void isBrokenWhereNobodyReads(Io io, @TempDir Path folder) throws Exception {
        Path path = Pipes.make(io, folder.resolve("pipe"));
        File reader = open(io, path, OpenOptions.READ.with(Flag.NON_BLOCKING));
        try (File writer = open(io, path, WRITE)) {
            assertFails(Operation.READ_FILE, Reason.WOULD_BLOCK, () -> reader.read(new byte[1]));
            writer.writeAll(bytes("x"));
            assertThat(reader.read(new byte[10])).isEqualTo(1);
            reader.close();
            assertFails(Operation.WRITE_FILE, Reason.BROKEN_PIPE, () -> writer.writeAll(bytes("x")));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static MemorySegment segment(String text) {
        return MemorySegment.ofArray(bytes(text));
    }

    private static File open(Io io, Path path, OpenOptions options) throws IoException {
        return io.currentDirectory().openFile(path.toString(), options);
    }
}
