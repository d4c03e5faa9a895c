package dev.gyre.linux;

import static dev.gyre.linux.Native.assertFails;
import static dev.gyre.linux.Native.bytes;
import static dev.gyre.linux.Native.ok;
import static dev.gyre.linux.Native.path;
import static dev.gyre.linux.Native.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("T11")
final class ExtendedAttributesTest {
    private final Arena arena = Arena.ofShared();

    @TempDir
    private Path directory;

    @AfterEach
    void freeMemory() {
        arena.close();
    }

    @Test
    void pathsAndDescriptorsHaveTheSame() {
        String file = directory.resolve("file").toString();
        MemorySegment path = path(arena, file);
        MemorySegment name = path(arena, "user.a");
        MemorySegment both = path(arena, file + "\0user.a");
        long nameAt = path.byteSize();
        int fd = ok(Files.openat(
                Directories.AT_FDCWD, path, Files.O_RDWR | Files.O_CREAT | Files.O_CLOEXEC, 0600));
        int set = ExtendedAttributes.fsetxattr(fd, name, bytes(arena, "one"), 3, ExtendedAttributes.XATTR_CREATE);
        assumeTrue(set != -Errno.EOPNOTSUPP.code(), "probe failed: fsetxattr(2)");
        ok(set);
        MemorySegment value = arena.allocate(100);
        assertThat(ExtendedAttributes.getxattr(both, nameAt, value, 100)).isEqualTo(3);
        assertThat(text(value, 3)).isEqualTo("one");
        ok(ExtendedAttributes.setxattr(
                both, nameAt, bytes(arena, "two!"), 4, ExtendedAttributes.XATTR_REPLACE));
        assertThat(ExtendedAttributes.fgetxattr(fd, name, value, 100)).isEqualTo(4);
        assertThat(text(value, 4)).isEqualTo("two!");
        assertThat(ExtendedAttributes.fgetxattr(fd, name, value, 0)).isEqualTo(4);
        assertFails(ExtendedAttributes.fgetxattr(fd, name, value, 3), Errno.ERANGE);
        assertThat(text(value, ok(ExtendedAttributes.listxattr(path, value, 100)))).contains("user.a\0");
        assertThat(text(value, ok(ExtendedAttributes.flistxattr(fd, value, 100)))).contains("user.a\0");

        assertFails(ExtendedAttributes.fsetxattr(fd, name, value, 1, ExtendedAttributes.XATTR_CREATE), Errno.EEXIST);
        ok(ExtendedAttributes.removexattr(both, nameAt));
        assertFails(ExtendedAttributes.fremovexattr(fd, name), Errno.ENODATA);
        assertFails(ExtendedAttributes.fgetxattr(fd, path(arena, "a"), value, 100), Errno.EOPNOTSUPP);
        assertFails(ExtendedAttributes.fgetxattr(-1, name, value, 100), Errno.EBADF);
        ok(Files.close(fd));
    }
}
