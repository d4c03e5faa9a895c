package dev.gyre.ring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.linux.Directories;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Files;
import dev.gyre.linux.Mmap;
import dev.gyre.ring.file.Close;
import dev.gyre.ring.file.Fadvise;
import dev.gyre.ring.file.Fallocate;
import dev.gyre.ring.file.Ftruncate;
import dev.gyre.ring.file.InstallDescriptor;
import dev.gyre.ring.file.LinkAt;
import dev.gyre.ring.file.Madvise;
import dev.gyre.ring.file.MkdirAt;
import dev.gyre.ring.file.OpenAt2;
import dev.gyre.ring.file.Read;
import dev.gyre.ring.file.ReadFixed;
import dev.gyre.ring.file.Readv;
import dev.gyre.ring.file.RenameAt;
import dev.gyre.ring.file.SymlinkAt;
import dev.gyre.ring.file.UnlinkAt;
import dev.gyre.ring.file.WriteFixed;
import dev.gyre.ring.file.Writev;
import java.lang.foreign.MemorySegment;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Operations on names and files, each against the real kernel. */
@Tag("R8")
final class FileOperationsTest extends RingFixture {
    private static final int HERE = Directories.AT_FDCWD;

    @TempDir
    Path folder;

    @Test
    void mkdirAtMakesADirectoryWithItsMode() throws Exception {
        Path made = folder.resolve("made");
        assertThat(run(call -> new MkdirAt(HERE, path(made), 0700, call))).isZero();
        assertThat(java.nio.file.Files.getPosixFilePermissions(made)).isEqualTo(
                PosixFilePermissions.fromString("rwx------"));
        assertThat(run(call -> new MkdirAt(HERE, path(made), 0700, call))).isEqualTo(-Errno.EEXIST.code());
    }

    @Test
    void unlinkAtRemovesNamesAndEmptyDirectories() throws Exception {
        Path file = java.nio.file.Files.createFile(folder.resolve("file"));
        Path inner = java.nio.file.Files.createDirectory(folder.resolve("inner"));
        assertThat(run(call -> new UnlinkAt(HERE, path(inner), 0, call))).isEqualTo(-Errno.EISDIR.code());
        assertThat(run(call -> new UnlinkAt(HERE, path(inner), Directories.AT_REMOVEDIR, call))).isZero();
        assertThat(run(call -> new UnlinkAt(HERE, path(file), 0, call))).isZero();
        assertThat(folder).isEmptyDirectory();
        assertThat(run(call -> new UnlinkAt(HERE, path(file), 0, call))).isEqualTo(-Errno.ENOENT.code());
    }

    @Test
    void renameAtReplacesOrRefuses() throws Exception {
        Path one = java.nio.file.Files.writeString(folder.resolve("one"), "one");
        Path two = java.nio.file.Files.writeString(folder.resolve("two"), "two");
        assertThat(run(call -> new RenameAt(HERE, path(one), HERE, path(two), Directories.RENAME_NOREPLACE, call)))
                .isEqualTo(-Errno.EEXIST.code());
        assertThat(run(call -> new RenameAt(HERE, path(one), HERE, path(two), 0, call))).isZero();
        assertThat(two).hasContent("one");
        assertThat(one).doesNotExist();
    }

    @Test
    void linkAtGivesASecondName() throws Exception {
        Path file = java.nio.file.Files.writeString(folder.resolve("file"), "text");
        Path other = folder.resolve("other");
        assertThat(run(call -> new LinkAt(HERE, path(file), HERE, path(other), 0, call))).isZero();
        assertThat(java.nio.file.Files.isSameFile(file, other)).isTrue();
        assertThat(run(call -> new LinkAt(HERE, path(folder), HERE, path(folder.resolve("no")), 0, call)))
                .isEqualTo(-Errno.EPERM.code());
    }

    @Test
    void symlinkAtSaysWhereItLeads() throws Exception {
        Path link = folder.resolve("link");
        assertThat(run(call -> new SymlinkAt(bytes("target\0"), HERE, path(link), call))).isZero();
        assertThat(java.nio.file.Files.readSymbolicLink(link)).isEqualTo(Path.of("target"));
        assertThat(java.nio.file.Files.exists(link, LinkOption.NOFOLLOW_LINKS)).isTrue();
    }

    @Test
    void fallocateAndFtruncateChangeTheLength() throws Exception {
        needs(Ftruncate.KIND);
        Path file = folder.resolve("file");
        int fd = open(file, Files.O_RDWR | Files.O_CREAT, 0600);
        assertThat(run(call -> new Fallocate(fd, 0, 100, 900, call))).isZero();
        assertThat(file).hasSize(1000);
        assertThat(run(call -> new Fallocate(fd, Files.FALLOC_FL_KEEP_SIZE, 0, 100_000, call))).isZero();
        assertThat(file).hasSize(1000);
        assertThat(run(call -> new Ftruncate(fd, 10, call))).isZero();
        assertThat(file).hasSize(10);
        assertThat(run(call -> new Ftruncate(fd, -1, call))).isEqualTo(-Errno.EINVAL.code());
        close(fd);
    }

    @Test
    void vectorsAreReadAndWrittenInOrder() throws Exception {
        Path file = folder.resolve("file");
        int fd = open(file, Files.O_RDWR | Files.O_CREAT, 0600);
        Vector out = new Vector(List.of(bytes("first "), bytes("second "), bytes("third")));
        assertThat(run(call -> new Writev(fd, out, 3, 0, call))).isEqualTo(18);
        assertThat(java.nio.file.Files.readString(file, UTF_8)).isEqualTo("\0\0\0first second third");
        MemorySegment head = arena.allocate(9);
        MemorySegment rest = arena.allocate(100);
        assertThat(run(call -> new Readv(fd, new Vector(List.of(head, rest)), 0, 0, call))).isEqualTo(21);
        assertThat(text(head, 9) + "|" + text(rest, 12)).isEqualTo("\0\0\0first |second third");
        close(fd);
    }

    @Test
    void adviceIsTaken() throws Exception {
        int fd = open(folder.resolve("file"), Files.O_RDWR | Files.O_CREAT, 0600);
        assertThat(run(call -> new Fadvise(fd, 0, 0, Files.POSIX_FADV_RANDOM, call))).isZero();
        assertThat(run(call -> new Fadvise(fd, 0, 0, 99, call))).isEqualTo(-Errno.EINVAL.code());
        MemorySegment pages = arena.allocate(8192, 4096).fill((byte) 1);
        assertThat(run(call -> new Madvise(pages, Mmap.MADV_DONTNEED, call))).isZero();
        assertThat(pages.get(java.lang.foreign.ValueLayout.JAVA_BYTE, 5000)).as("contents are gone").isZero();
        close(fd);
    }

    @Test
    @Tag("R9")
    void registeredBuffersAreReadIntoAndWrittenFrom() throws Exception {
        int fd = open(folder.resolve("file"), Files.O_RDWR | Files.O_CREAT | Files.O_DIRECT, 0600);
        assertThat(fd).isNotNegative();
        try (RegisteredBuffers buffers = RegisteredBuffers.open(loop.ring(), 2, 4096)) {
            buffers.segment(0).fill((byte) 7);
            WriteFixed write = new WriteFixed(fd, buffers, 0, buffers.segment(0), 4096, operation -> {});
            loop.submit(write);
            Loops.runUntil(loop, () -> !write.isInFlight());
            assertThat(write.result()).isEqualTo(4096);
            assertThat(run(call -> new ReadFixed(fd, buffers, 1, buffers.segment(1), 4096, call))).isEqualTo(4096);
            assertThat(buffers.segment(0).mismatch(buffers.segment(1))).isEqualTo(-1);
        }
        close(fd);
    }

    @Test
    @Tag("R9")
    void filesAreOpenedIntoSlotsUsedInstalledAndClosedThere() throws Exception {
        Path file = java.nio.file.Files.writeString(folder.resolve("file"), "in a slot");
        try (FileTable table = FileTable.open(loop.ring(), 4)) {
            OpenAt2 open = new OpenAt2(HERE, path(file), how(Files.O_RDONLY), operation -> {});
            open.intoSlot(2);
            assertThat(result(open)).isZero();
            MemorySegment buffer = arena.allocate(64);
            Read read = new Read(2, buffer, 0, operation -> {});
            read.registeredFile(true);
            assertThat(result(read)).isEqualTo(9);
            assertThat(text(buffer, 9)).isEqualTo("in a slot");

            OpenAt2 any = new OpenAt2(HERE, path(file), how(Files.O_RDONLY), operation -> {});
            any.intoAnySlot();
            assertThat(List.of(result(any), result(any), result(any))).containsExactlyInAnyOrder(0, 1, 3);
            assertThat(result(any)).as("the table is full").isEqualTo(-Errno.ENFILE.code());

            needs(InstallDescriptor.KIND);
            int fd = run(call -> new InstallDescriptor(2, call));
            assertThat(Files.fcntl(fd, Files.F_GETFD, 0)).isEqualTo(Files.FD_CLOEXEC);
            assertThat(run(call -> Close.ofSlot(2, call))).isZero();
            assertThat(run(call -> Close.ofSlot(2, call))).isEqualTo(-Errno.EBADF.code());
            assertThat(result(read)).isEqualTo(-Errno.EBADF.code());
            table.put(2, fd);
            close(fd);
            assertThat(result(read)).as("the table holds the file for itself").isEqualTo(9);
            table.clear(2);
            assertThat(result(read)).isEqualTo(-Errno.EBADF.code());
        }
    }

    private MemorySegment how(long flags) {
        MemorySegment how = arena.allocate(dev.gyre.linux.layout.OpenHow.LAYOUT);
        how.set(java.lang.foreign.ValueLayout.JAVA_LONG, dev.gyre.linux.layout.OpenHow.FLAGS, flags);
        return how;
    }

    private int result(Operation operation) throws RingException {
        loop.submit(operation);
        Loops.runUntil(loop, () -> !operation.isInFlight());
        return operation.result();
    }
}
