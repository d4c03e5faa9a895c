package dev.gyre.linux;

import static dev.gyre.linux.Native.assertFails;
import static dev.gyre.linux.Native.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.linux.raw.RawMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MmapTest {
    private static final int READ_WRITE = Mmap.PROT_READ | Mmap.PROT_WRITE;

    private final long page = Processes.getpagesize();

    @TempDir
    private Path directory;

    @Test
    void memoryIsMappedAdvisedAndUnmapped() {
        long address = Mmap.mmap(0, 2 * page, READ_WRITE, Mmap.MAP_PRIVATE | Mmap.MAP_ANONYMOUS, -1, 0);
        assertThat(Mmap.failed(address)).isFalse();
        Arena arena = Arena.ofShared();
        MemorySegment memory = RawMemory.segment(address, 2 * page, arena);
        assertThat(memory.byteSize()).isEqualTo(2 * page);
        memory.set(ValueLayout.JAVA_LONG, page, 42);
        assertThat(memory.get(ValueLayout.JAVA_LONG, page)).isEqualTo(42);
        ok(Mmap.madvise(address, 2 * page, Mmap.MADV_DONTNEED));
        assertThat(memory.get(ValueLayout.JAVA_LONG, page)).isZero();

        arena.close();
        assertThatThrownBy(() -> memory.get(ValueLayout.JAVA_LONG, 0)).isInstanceOf(IllegalStateException.class);
        ok(Mmap.munmap(address, 2 * page));
        assertFails(Mmap.madvise(address, page, Mmap.MADV_WILLNEED), Errno.ENOMEM);
    }

    @Test
    void aSharedMappingReachesTheFile() throws Exception {
        Path file = directory.resolve("file");
        java.nio.file.Files.write(file, new byte[(int) page]);
        try (Arena arena = Arena.ofConfined()) {
            int fd = ok(Files.openat(
                    Directories.AT_FDCWD, Native.path(arena, file), Files.O_RDWR | Files.O_CLOEXEC, 0));
            long address = Mmap.mmap(0, page, READ_WRITE, Mmap.MAP_SHARED, fd, 0);
            assertThat(Mmap.failed(address)).isFalse();
            RawMemory.segment(address, page, arena).set(ValueLayout.JAVA_BYTE, 0, (byte) '!');
            assertThat(java.nio.file.Files.readAllBytes(file)).startsWith((byte) '!');
            ok(Mmap.msync(address, page, Mmap.MS_SYNC));
            ok(Mmap.munmap(address, page));
            assertFails(Mmap.msync(address, page, Mmap.MS_SYNC), Errno.ENOMEM);
            ok(Files.close(fd));
        }
    }

    @Test
    void aMappingIsMovedOverAnother() {
        try (Arena arena = Arena.ofShared()) {
            int fd = ok(Files.memfdCreate(Native.path(arena, "test"), Files.MFD_CLOEXEC));
            ok(Files.ftruncate(fd, page));
            assertThat(Files.pwrite(fd, Native.bytes(arena, "moved"), 5, 0)).isEqualTo(5);
            long from = Mmap.mmap(0, page, READ_WRITE, Mmap.MAP_SHARED, fd, 0);
            long to = Mmap.mmap(0, page, READ_WRITE, Mmap.MAP_PRIVATE | Mmap.MAP_ANONYMOUS, -1, 0);
            ok(Files.close(fd));
            MemorySegment target = RawMemory.segment(to, page, arena);
            int flags = Mmap.MREMAP_MAYMOVE | Mmap.MREMAP_FIXED;
            assertFails(Mmap.mremap(from, page, page, flags, to + 1, target), Errno.EINVAL);
            ok(Mmap.mremap(from, page, page, flags, to, target));
            assertThat(Native.text(target, 5)).isEqualTo("moved");
            assertFails(Mmap.madvise(from, page, Mmap.MADV_WILLNEED), Errno.ENOMEM);
            ok(Mmap.munmap(to, page));
        }
    }

    @Test
    void errorsComeBackNegated() {
        long result = Mmap.mmap(0, 0, READ_WRITE, Mmap.MAP_PRIVATE | Mmap.MAP_ANONYMOUS, -1, 0);
        assertThat(Mmap.failed(result)).isTrue();
        assertFails(result, Errno.EINVAL);
        assertFails(Mmap.mmap(0, page, READ_WRITE, Mmap.MAP_SHARED, -1, 0), Errno.EBADF);
        assertFails(Mmap.munmap(1, page), Errno.EINVAL);
        assertThatThrownBy(() -> RawMemory.segment(-22, page, Arena.global())).isInstanceOf(AssertionError.class);
    }
}
