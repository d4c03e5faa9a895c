package dev.gyre.linux;

import static dev.gyre.linux.Native.assertFails;
import static dev.gyre.linux.Native.bytes;
import static dev.gyre.linux.Native.intAt;
import static dev.gyre.linux.Native.nowhere;
import static dev.gyre.linux.Native.ok;
import static dev.gyre.linux.Native.path;
import static dev.gyre.linux.Native.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.linux.layout.Iovec;
import dev.gyre.linux.layout.OpenHow;
import dev.gyre.linux.layout.Statx;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The calls on open files, against real files. */
final class FilesTest {
    private final Arena arena = Arena.ofShared();

    @TempDir
    private Path directory;

    @AfterEach
    void freeMemory() {
        arena.close();
    }

    @Test
    @Tag("R7")
    void writesAndReadsAtTheCurrentPosition() {
        int fd = open("file", Files.O_RDWR | Files.O_CREAT | Files.O_EXCL);
        assertThat(Files.write(fd, bytes(arena, "hello"), 5)).isEqualTo(5);
        assertThat(Files.lseek(fd, 0, Files.SEEK_SET)).isZero();

        MemorySegment buffer = arena.allocate(16);
        assertThat(Files.read(fd, buffer, 16)).isEqualTo(5);
        assertThat(text(buffer, 5)).isEqualTo("hello");
        assertThat(Files.read(fd, buffer, 16)).as("the end").isZero();
        assertThat(Files.lseek(fd, 0xffff_ffffL, Files.SEEK_SET))
                .as("a result whose lower half looks like an error")
                .isEqualTo(0xffff_ffffL);
        assertThat(Files.lseek(fd, -2, Files.SEEK_END)).isEqualTo(3);
        ok(Files.close(fd));
    }

    @Test
    @Tag("R7")
    void readsAndWritesAtAPosition() {
        int fd = open("file", Files.O_RDWR | Files.O_CREAT);
        assertThat(Files.pwrite(fd, bytes(arena, "xyz"), 3, 10)).isEqualTo(3);
        MemorySegment buffer = arena.allocate(16);
        assertThat(Files.pread(fd, buffer, 16, 8)).isEqualTo(5);
        assertThat(text(buffer, 5)).isEqualTo("\0\0xyz");
        assertThat(Files.lseek(fd, 0, Files.SEEK_CUR)).as("the position stays").isZero();
        assertThat(Files.lseek(fd, 0, Files.SEEK_DATA)).isLessThanOrEqualTo(10);
        ok(Files.close(fd));
    }

    @Test
    void movesSeveralBuffersInOneCall() {
        int fd = open("file", Files.O_RDWR | Files.O_CREAT);
        MemorySegment vectors = arena.allocate(Iovec.LAYOUT, 2);
        Iovec.set(vectors, 0, bytes(arena, "abc"));
        Iovec.set(vectors, 1, bytes(arena, "defgh"));
        assertThat(Files.writev(fd, vectors, 2)).isEqualTo(8);
        assertThat(Files.pwritev2(fd, vectors, 2, 8, Files.RWF_DSYNC)).isEqualTo(8);

        MemorySegment first = arena.allocate(6);
        MemorySegment second = arena.allocate(20);
        Iovec.set(vectors, 0, first);
        Iovec.set(vectors, 1, second);
        assertThat(Files.preadv2(fd, vectors, 2, 4, 0)).isEqualTo(12);
        assertThat(text(first, 6) + text(second, 6)).isEqualTo("efghabcdefgh");
        assertThat(Files.lseek(fd, 0, Files.SEEK_SET)).isZero();
        assertThat(Files.readv(fd, vectors, 1)).isEqualTo(6);
        assertThat(Files.preadv2(fd, vectors, 1, -1, 0)).as("at the current position").isEqualTo(6);
        assertThat(text(first, 6)).isEqualTo("ghabcd");
        ok(Files.close(fd));
    }

    @Test
    void positionsBeyond4GiBArriveWhole() {
        int fd = open("file", Files.O_RDWR | Files.O_CREAT);
        long far = (5L << 30) + 7;
        MemorySegment vectors = arena.allocate(Iovec.LAYOUT, 1);
        Iovec.set(vectors, 0, bytes(arena, "far"));
        assertThat(Files.pwritev2(fd, vectors, 1, far, 0)).isEqualTo(3);
        assertThat(Files.lseek(fd, 0, Files.SEEK_END)).isEqualTo(far + 3);
        MemorySegment buffer = arena.allocate(3);
        Iovec.set(vectors, 0, buffer);
        assertThat(Files.preadv2(fd, vectors, 1, far, 0)).isEqualTo(3);
        assertThat(text(buffer, 3)).isEqualTo("far");
        ok(Files.close(fd));
    }

    @Test
    void makesDurableAndSetsTheLength() {
        int fd = open("file", Files.O_RDWR | Files.O_CREAT);
        ok(Files.ftruncate(fd, 1000));
        assertThat(Files.lseek(fd, 0, Files.SEEK_END)).isEqualTo(1000);
        ok(Files.fallocate(fd, 0, 0, 5000));
        assertThat(Files.lseek(fd, 0, Files.SEEK_END)).isEqualTo(5000);
        ok(Files.fallocate(fd, Files.FALLOC_FL_KEEP_SIZE, 5000, 5000));
        assertThat(Files.lseek(fd, 0, Files.SEEK_END)).isEqualTo(5000);
        ok(Files.fsync(fd));
        ok(Files.fdatasync(fd));
        assertFails(Files.ftruncate(fd, -1), Errno.EINVAL);
        ok(Files.close(fd));
    }

    @Test
    @Tag("T11")
    void adviceIsTaken() {
        int fd = open("file", Files.O_RDWR | Files.O_CREAT);
        ok(Files.fadvise(fd, 0, 0, Files.POSIX_FADV_SEQUENTIAL));
        assertFails(Files.fadvise(fd, 0, -1, Files.POSIX_FADV_NORMAL), Errno.EINVAL);
        int[] pipe = pipe();
        assertFails(Files.fadvise(pipe[0], 0, 0, Files.POSIX_FADV_NORMAL), Errno.ESPIPE);
        for (int each : new int[] {fd, pipe[0], pipe[1]}) {
            ok(Files.close(each));
        }
    }

    @Test
    void openat2StaysBeneathTheDirectory() throws IOException {
        java.nio.file.Files.createDirectory(directory.resolve("inside"));
        int inside = ok(Files.openat(
                Directories.AT_FDCWD, path(arena, directory.resolve("inside")), Files.O_PATH | Files.O_CLOEXEC, 0));
        MemorySegment how = arena.allocate(OpenHow.LAYOUT);

        OpenHow.set(how, Files.O_WRONLY | Files.O_CREAT | Files.O_CLOEXEC, 0600, Files.RESOLVE_BENEATH);
        int fd = ok(Files.openat2(inside, path(arena, "new"), how, OpenHow.SIZE));
        assertThat(directory.resolve("inside/new")).exists();
        assertFails(Files.openat2(inside, path(arena, "../outside"), how, OpenHow.SIZE), Errno.EXDEV);
        assertThat(directory.resolve("outside")).doesNotExist();
        ok(Files.close(fd));
        ok(Files.close(inside));
    }

    @Test
    @Tag("R7")
    void descriptorsAreClosedOnExecOnlyWhenAsked() {
        int closing = open("file", Files.O_RDWR | Files.O_CREAT);
        assertThat(Files.fcntl(closing, Files.F_GETFD, 0)).isEqualTo(Files.FD_CLOEXEC);
        int inherited = ok(Files.dup(closing));
        assertThat(Files.fcntl(inherited, Files.F_GETFD, 0)).isZero();
        int high = ok(Files.fcntl(closing, Files.F_DUPFD_CLOEXEC, 500));
        assertThat(high).isGreaterThanOrEqualTo(500);
        assertThat(Files.fcntl(high, Files.F_GETFD, 0)).isEqualTo(Files.FD_CLOEXEC);
        ok(Files.fcntl(high, Files.F_SETFL, Files.O_APPEND));
        assertThat(Files.fcntl(closing, Files.F_GETFL, 0) & Files.O_APPEND).isEqualTo(Files.O_APPEND);
        for (int fd : new int[] {closing, inherited, high}) {
            ok(Files.close(fd));
        }
    }

    @Test
    void locksExcludeEachOther() {
        int first = open("file", Files.O_RDWR | Files.O_CREAT);
        int second = open("file", Files.O_RDWR);
        ok(Files.flock(first, Files.LOCK_SH));
        ok(Files.flock(second, Files.LOCK_SH | Files.LOCK_NB));
        assertFails(Files.flock(second, Files.LOCK_EX | Files.LOCK_NB), Errno.EAGAIN);
        ok(Files.flock(first, Files.LOCK_UN));
        ok(Files.flock(second, Files.LOCK_EX | Files.LOCK_NB));
        ok(Files.close(first));
        ok(Files.close(second));
    }

    @Test
    void setsPermissionsAndOwner() {
        int fd = open("file", Files.O_RDWR | Files.O_CREAT);
        ok(Files.fchmod(fd, 0400));
        ok(Files.fchown(fd, -1, -1));
        MemorySegment statx = arena.allocate(Statx.LAYOUT);
        ok(Directories.statx(fd, path(arena, ""), Directories.AT_EMPTY_PATH, Directories.STATX_MODE, statx));
        assertThat((int) statx.get(ValueLayout.JAVA_SHORT, Statx.STX_MODE) & 07777).isEqualTo(0400);
        ok(Files.close(fd));
    }

    @Test
    void pipesCarryBytesAndEnd() {
        int[] pipe = pipe();
        MemorySegment buffer = arena.allocate(8);
        assertFails(Files.read(pipe[0], buffer, 8), Errno.EAGAIN);
        assertThat(Files.write(pipe[1], bytes(arena, "pipe"), 4)).isEqualTo(4);
        assertThat(Files.read(pipe[0], buffer, 8)).isEqualTo(4);
        assertFails(Files.lseek(pipe[0], 0, Files.SEEK_CUR), Errno.ESPIPE);
        assertFails(Files.pread(pipe[0], buffer, 8, 0), Errno.ESPIPE);
        ok(Files.close(pipe[1]));
        assertThat(Files.read(pipe[0], buffer, 8)).as("the end").isZero();
        ok(Files.close(pipe[0]));
    }

    @Test
    void writingWhatNobodyReadsIsAnErrorAndNoSignal() {
        int[] pipe = pipe();
        ok(Files.close(pipe[0]));
        assertFails(Files.write(pipe[1], bytes(arena, "x"), 1), Errno.EPIPE);
        ok(Files.close(pipe[1]));
    }

    @Test
    void copiesInsideTheKernel() {
        int from = open("from", Files.O_RDWR | Files.O_CREAT);
        int to = open("to", Files.O_RDWR | Files.O_CREAT);
        assertThat(Files.write(from, bytes(arena, "0123456789"), 10)).isEqualTo(10);
        MemorySegment offset = arena.allocate(ValueLayout.JAVA_LONG);
        offset.set(ValueLayout.JAVA_LONG, 0, 2);

        assertThat(Files.copyFileRange(from, offset, to, MemorySegment.NULL, 3, 0)).isEqualTo(3);
        assertThat(offset.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(5);
        assertThat(Files.sendfile(to, from, offset, 100)).isEqualTo(5);
        assertThat(offset.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(10);

        int[] pipe = pipe();
        offset.set(ValueLayout.JAVA_LONG, 0, 0);
        assertThat(Files.splice(from, offset, pipe[1], MemorySegment.NULL, 2, 0)).isEqualTo(2);
        assertThat(Files.splice(pipe[0], MemorySegment.NULL, to, MemorySegment.NULL, 9, Files.SPLICE_F_NONBLOCK))
                .isEqualTo(2);

        MemorySegment buffer = arena.allocate(16);
        assertThat(Files.pread(to, buffer, 16, 0)).isEqualTo(10);
        assertThat(text(buffer, 10)).isEqualTo("2345678901");
        for (int fd : new int[] {from, to, pipe[0], pipe[1]}) {
            ok(Files.close(fd));
        }
    }

    @Test
    void errorsComeBackNegated() {
        MemorySegment buffer = arena.allocate(8);
        assertFails(Files.openat(Directories.AT_FDCWD, path(arena, directory.resolve("none")), 0, 0), Errno.ENOENT);
        assertFails(Files.openat(-1, path(arena, "relative"), 0, 0), Errno.EBADF);
        assertFails(Files.openat(Directories.AT_FDCWD, path(arena, directory), Files.O_WRONLY, 0), Errno.EISDIR);
        assertFails(Files.openat(Directories.AT_FDCWD, nowhere(1), 0, 0), Errno.EFAULT);
        assertFails(Files.read(-1, buffer, 8), Errno.EBADF);
        assertFails(Files.close(-1), Errno.EBADF);
        int fd = open("file", Files.O_RDWR | Files.O_CREAT);
        assertThat(Files.write(fd, buffer, 8)).isEqualTo(8);
        assertFails(Files.pread(fd, nowhere(8), 8, 0), Errno.EFAULT);
        ok(Files.close(fd));
    }

    @Test
    void aLengthBeyondTheMemoryIsTheCallersMistake() {
        MemorySegment buffer = arena.allocate(8);
        assertThatThrownBy(() -> Files.read(0, buffer, 9))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("9 bytes")
                .hasMessageContaining("8 bytes");
        assertThatThrownBy(() -> Files.write(1, buffer, -1)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> Files.readv(0, buffer, 1)).isInstanceOf(AssertionError.class);
    }

    private int open(String name, int flags) {
        return ok(Files.openat(
                Directories.AT_FDCWD, path(arena, directory.resolve(name)), flags | Files.O_CLOEXEC, 0600));
    }

    private int[] pipe() {
        MemorySegment fds = arena.allocate(ValueLayout.JAVA_INT, 2);
        ok(Files.pipe2(fds, Files.O_CLOEXEC | Files.O_NONBLOCK));
        return new int[] {intAt(fds, 0), intAt(fds, 4)};
    }
}
