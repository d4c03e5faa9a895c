package dev.gyre.linux;

import static dev.gyre.linux.Native.assertFails;
import static dev.gyre.linux.Native.nowhere;
import static dev.gyre.linux.Native.ok;
import static dev.gyre.linux.Native.path;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.linux.layout.Statfs;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("T11")
final class FileSystemsTest {
    private static final long PROC_SUPER_MAGIC = 0x9fa0;

    @Test
    void pathsAndDescriptorsTellTheSame() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Statfs.LAYOUT);
            MemorySegment proc = path(arena, "/proc");
            ok(FileSystems.statfs(proc, state));
            assertThat(state.get(ValueLayout.JAVA_LONG, Statfs.F_TYPE)).isEqualTo(PROC_SUPER_MAGIC);
            state.fill((byte) 0);
            int fd = ok(Files.openat(Directories.AT_FDCWD, proc, Files.O_PATH | Files.O_CLOEXEC, 0));
            ok(FileSystems.fstatfs(fd, state));
            assertThat(state.get(ValueLayout.JAVA_LONG, Statfs.F_TYPE)).isEqualTo(PROC_SUPER_MAGIC);
            assertThat(state.get(ValueLayout.JAVA_LONG, Statfs.F_NAMELEN)).isPositive();
            ok(Files.close(fd));

            assertFails(FileSystems.statfs(path(arena, "/none"), state), Errno.ENOENT);
            assertFails(FileSystems.statfs(proc, nowhere(Statfs.SIZE)), Errno.EFAULT);
            assertFails(FileSystems.fstatfs(-1, state), Errno.EBADF);
        }
    }
}
