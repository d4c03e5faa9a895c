package dev.gyre.io.conformance;

import static dev.gyre.io.conformance.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.CanceledException;
import dev.gyre.io.Directory;
import dev.gyre.io.File;
import dev.gyre.io.Io;
import dev.gyre.io.Mapping;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.OpenOptions.Access;
import dev.gyre.io.OpenOptions.Flag;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Memory that is a part of a file. */
@Tag("T11")
abstract class MappingConformance {
    private static final OpenOptions BOTH = new OpenOptions(Access.READ_WRITE, Set.of(Flag.CREATE), 0644);
    private static final int LENGTH = 100_000;

    private static File open(Io io, Path path, OpenOptions options) throws IOException {
        return io.currentDirectory().openFile(path.toString(), options);
    }

    /** One with the number of each byte's block of 1000 in it. */
    private static File make(Io io, Path path) throws IOException {
        byte[] content = new byte[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            content[i] = (byte) (i / 1000);
        }
        Files.write(path, content);
        return open(io, path, BOTH);
    }

    private static byte get(MemorySegment memory, long at) {
        return memory.get(ValueLayout.JAVA_BYTE, at);
    }

    private static void set(MemorySegment memory, long at, int value) {
        memory.set(ValueLayout.JAVA_BYTE, at, (byte) value);
    }

    /** How many mappings of a file there are, also of a deleted one. */
    private static long mappings(Path path) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.contains(path.toString()) || line.contains("gyre-mapping")).count();
        }
    }

    @ParameterizedTest
    @EnumSource
    void memoryIsTheFile(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = folder.resolve("file");
        try (File file = make(io, path); Arena shared = Arena.ofShared(); Arena ours = io.arena()) {
            caller.run(io, () -> {
                try (Arena confined = Arena.ofConfined()) {
                    for (Arena arena : List.of(confined, shared, ours, Arena.ofAuto())) {
                        MemorySegment memory = file.map(Mapping.READ_WRITE, 1500, 50_000, arena);
                        assertThat(memory.byteSize()).isEqualTo(50_000);
                        assertThat(memory.isMapped()).isTrue();
                        assertThat(memory.isReadOnly()).isFalse();
                        assertThat(get(memory, 0)).isEqualTo((byte) 1);
                        assertThat(get(memory, 49_999)).isEqualTo((byte) 51);

                        set(memory, 10_000, 99);
                        byte[] read = new byte[1];
                        assertThat(file.read(read, 11_500)).isEqualTo(1);
                        assertThat(read[0]).isEqualTo((byte) 99);
                        file.write(new byte[] {11}, 11_500);
                        assertThat(get(memory, 10_000)).isEqualTo((byte) 11);

                        memory.load();
                        memory.force();
                        io.syncMapped(memory);
                        io.syncMapped(memory.asSlice(10_000, 1));
                        io.syncMapped(memory.asSlice(10_000, 0));
                        assertThat(file.read(memory.asSlice(0, 1000), 60_000)).isEqualTo(1000);
                        assertThat(get(memory, 999)).isEqualTo((byte) 60);
                        assertThat(file.write(memory.asSlice(40_500, 1000), 1500)).isEqualTo(1000);
                        file.write(new byte[1000], 1500);
                        file.write(new byte[] {1}, 1500);
                    }
                    assertThat(mappings(path)).isPositive();
                }
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void memoryEndsWithItsArena(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = folder.resolve("file");
        caller.run(io, () -> {
            MemorySegment memory;
            try (Arena arena = Arena.ofConfined()) {
                try (File file = make(io, path)) {
                    memory = file.map(Mapping.READ_WRITE, 4096, 4096, arena);
                }
                set(memory, 0, 77);
                io.syncMapped(memory);
                assertThat(mappings(path)).isOne();
            }
            assertThat(mappings(path)).isZero();
            assertThat(Files.readAllBytes(path)[4096]).isEqualTo((byte) 77);
            assertThatIllegalStateException().isThrownBy(() -> io.syncMapped(memory));
        });
    }

    @ParameterizedTest
    @EnumSource
    void whoReadsOrHasACopyChangesNothing(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = folder.resolve("file");
        make(io, path).close();
        try (File file = open(io, path, OpenOptions.READ)) {
            caller.run(io, () -> {
                try (Arena arena = Arena.ofConfined()) {
                    MemorySegment read = file.map(Mapping.READ, 0, LENGTH, arena);
                    assertThat(read.isReadOnly()).isTrue();
                    assertThat(get(read, LENGTH - 1)).isEqualTo((byte) 99);
                    assertThatIllegalArgumentException().isThrownBy(() -> set(read, 0, 1));

                    MemorySegment copy = file.map(Mapping.PRIVATE, 5, 10, arena);
                    set(copy, 0, 42);
                    copy.force();
                    io.syncMapped(copy);
                    assertThat(get(copy, 0)).isEqualTo((byte) 42);
                    assertThat(get(read, 5)).isZero();
                    assertThat(Files.readAllBytes(path)[5]).isZero();
                }
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatCannotBeMappedIsRefused(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = folder.resolve("file");
        make(io, path).close();
        Path pipePath = Pipes.make(io, folder.resolve("pipe"));
        File closed = open(io, path, BOTH);
        closed.close();
        try (File reader = open(io, path, OpenOptions.READ);
                File writer = open(io, path, new OpenOptions(Access.WRITE, Set.of(), 0));
                File both = open(io, path, BOTH);
                File directory = open(io, folder, OpenOptions.READ);
                File pipe = open(io, pipePath, new OpenOptions(Access.READ_WRITE, Set.of(), 0));
                File device = open(io, Path.of("/dev/zero"), OpenOptions.READ)) {
            caller.run(io, () -> {
                Arena arena = Arena.ofAuto();
                assertFails(Operation.MAP, Reason.NOT_OPEN_FOR_WRITING,
                        () -> reader.map(Mapping.READ_WRITE, 0, 1, arena));
                for (Mapping mode : Mapping.values()) {
                    assertFails(Operation.MAP, Reason.NOT_OPEN_FOR_READING, () -> writer.map(mode, 0, 1, arena));
                    assertFails(Operation.MAP, Reason.IS_A_DIRECTORY, () -> directory.map(mode, 0, 1, arena));
                    assertFails(Operation.MAP, Reason.OPERATION_UNSUPPORTED, () -> pipe.map(mode, 0, 1, arena));
                    assertFails(Operation.MAP, Reason.OPERATION_UNSUPPORTED, () -> device.map(mode, 0, 1, arena));
                    assertFails(Operation.MAP, Reason.CLOSED, () -> closed.map(mode, 0, 1, arena));
                    for (long[] part : new long[][] {
                        {0, LENGTH + 1}, {LENGTH, 1}, {LENGTH - 1, 2}, {Long.MAX_VALUE, Long.MAX_VALUE}, {1L << 40, 1}
                    }) {
                        assertFails(Operation.MAP, Reason.BEYOND_END,
                                () -> both.map(mode, part[0], part[1], arena));
                    }
                    assertThatIllegalArgumentException().isThrownBy(() -> both.map(mode, 0, 0, arena))
                            .withMessageContaining("length 0");
                    assertThatIllegalArgumentException().isThrownBy(() -> both.map(mode, -1, 1, arena));
                    assertThatIllegalArgumentException().isThrownBy(() -> both.map(mode, 0, -1, arena));
                }
                Arena gone = Arena.ofShared();
                gone.close();
                assertThatIllegalStateException().isThrownBy(() -> both.map(Mapping.READ, 0, 1, gone));
                assertThatIllegalArgumentException().isThrownBy(() -> io.syncMapped(arena.allocate(1)));
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> io.syncMapped(MemorySegment.ofArray(new byte[1])));
                assertThat(both.stat().size()).isEqualTo(LENGTH);
                assertThat(mappings(path)).isZero();
            });
        }
    }

    @Test
    void anotherThreadsArenaIsRefused(Io io, @TempDir Path folder) throws Exception {
        Path path = folder.resolve("file");
        try (File file = make(io, path); Arena arena = Arena.ofConfined()) {
            MemorySegment memory = file.map(Mapping.READ, 0, 1, arena);
            Caller.TASK.run(io, () -> {
                assertThatThrownBy(() -> file.map(Mapping.READ, 0, 1, arena)).isInstanceOf(WrongThreadException.class);
                assertThatThrownBy(() -> io.syncMapped(memory)).isInstanceOf(WrongThreadException.class);
            });
            assertThat(mappings(path)).isOne();
        }
    }

    /** The descriptor is enough: the file is not looked up, or opened, once more. */
    @Test
    void aFileWithoutNameAndPermissionsIsMapped(Io io, @TempDir Path folder) throws Exception {
        Path path = folder.resolve("file");
        try (File file = make(io, path); Arena arena = Arena.ofConfined()) {
            file.setPermissions(0);
            Files.delete(path);
            MemorySegment memory = file.map(Mapping.READ_WRITE, LENGTH - 1, 1, arena);
            assertThat(get(memory, 0)).isEqualTo((byte) 99);
            set(memory, 0, 1);
            io.syncMapped(memory);
        }
    }

    @Test
    @Tag("T18")
    void theAddressSpaceHasAnEnd(Io io, @TempDir Path folder) throws Exception {
        try (Mounts _ = Mounts.tmpfs(folder, "size=1m");
                Directory small = io.currentDirectory().openDirectory(folder.toString());
                File file = small.openFile("file", BOTH);
                Arena arena = Arena.ofConfined()) {
            file.truncate(1L << 60);
            assertFails(Operation.MAP, Reason.MAPPING_LIMIT, () -> file.map(Mapping.READ, 0, 1L << 60, arena));
            MemorySegment last = file.map(Mapping.READ_WRITE, (1L << 60) - 1, 1, arena);
            assertThat(get(last, 0)).isZero();
            MemorySegment large = file.map(Mapping.READ_WRITE, 0, 1L << 38, arena);
            set(large, (1L << 38) - 1, 5);
            byte[] read = new byte[1];
            assertThat(file.read(read, (1L << 38) - 1)).isEqualTo(1);
            assertThat(read[0]).isEqualTo((byte) 5);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("T18")
    void whatIsCutOffIsNotThere(Caller caller, Io io, @TempDir Path folder) throws Exception {
        try (File file = make(io, folder.resolve("file"))) {
            caller.run(io, () -> {
                try (Arena arena = Arena.ofConfined()) {
                    MemorySegment memory = file.map(Mapping.READ_WRITE, 0, LENGTH, arena);
                    file.truncate(10);
                    assertThat(get(memory, 9)).isZero();
                    assertThatThrownBy(() -> get(memory, 50_000)).isInstanceOf(InternalError.class);
                    assertFails(Operation.WRITE_FILE, Reason.MEMORY_GONE,
                            () -> file.write(memory.asSlice(50_000, 10), 0));
                    io.syncMapped(memory);
                    file.truncate(LENGTH);
                    assertThat(get(memory, 50_000)).isZero();
                }
            });
        }
    }

    /** Closing the arena of memory that another thread maps into is refused to one of them, and nothing is left. */
    @Test
    void mapsAndClosesRace(Io io, @TempDir Path folder) throws Exception {
        Path path = folder.resolve("file");
        try (File file = make(io, path)) {
            for (int i = 0; i < 200; i++) {
                Arena arena = Arena.ofShared();
                Caller.Call<String> call = Caller.inTurn(i).start(io, () -> {
                    try {
                        return String.valueOf(get(file.map(Mapping.READ_WRITE, 5000, 1000, arena), 0));
                    } catch (IllegalStateException closed) {
                        return "closed";
                    }
                });
                call.thread.join();
                try {
                    arena.close();
                    assertThat(call.result()).isIn("5", "closed");
                } catch (IllegalStateException used) {
                    assertThat(call.result()).isIn("5", "closed");
                    arena.close();
                }
                assertThat(mappings(path)).isZero();
            }
        }
    }

    /** The JDK closes the channel by which it maps when its caller is interrupted, and forgets what it has mapped. */
    @ParameterizedTest
    @EnumSource
    void aMapThatIsCanceledAtAnyMomentLeavesNoMapping(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = folder.resolve("file");
        try (File file = make(io, path)) {
            for (int attempt = 0; attempt < 300; attempt++) {
                try (Arena arena = Arena.ofShared()) {
                    Caller.Call<MemorySegment> call =
                            caller.start(io, () -> file.map(Mapping.READ, 5000, 50_000, arena));
                    io.sleep(Duration.ofNanos(attempt * 1000L));
                    assertThat(call.stop().byteSize()).isEqualTo(50_000);
                } catch (CanceledException _) {
                    // It had not mapped yet.
                }
            }
        }
        assertThat(mappings(path)).isZero();
    }
}
