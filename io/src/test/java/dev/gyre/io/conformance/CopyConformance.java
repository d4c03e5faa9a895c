package dev.gyre.io.conformance;

import static dev.gyre.io.conformance.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

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
import dev.gyre.io.Replacement;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Copies of files and of parts of them, and files that are replaced in one moment. */
@Tag("T11")
abstract class CopyConformance {
    private static final OpenOptions UPDATE = new OpenOptions(Access.READ_WRITE, Set.of(Flag.CREATE), 0640);

    @ParameterizedTest
    @EnumSource
    void aFileIsCopiedWithItsHoles(Caller caller, Io io, @TempDir Path folder) throws Exception {
        long length = (64L << 20) + 12_345;
        caller.run(io, () -> {
            try (Directory top = open(io, folder)) {
                try (File file = top.openFile("file", UPDATE)) {
                    file.write(bytes("begin"), 0);
                    file.write(bytes("middle"), 30L << 20);
                    file.truncate(length);
                    file.setPermissions(0751);
                }
                assertThat(top.copyFile("file", top, "copy")).isEqualTo(length);
                try (File copy = top.openFile("copy", OpenOptions.READ)) {
                    assertThat(copy.stat().size()).isEqualTo(length);
                    assertThat(copy.stat().blocks() * 512).isLessThan(1 << 20);
                    assertThat(copy.seekHole(0)).isLessThan(1 << 20);
                }
            }
        });
        Folders.assertSameContent(io, folder.resolve("file"), folder.resolve("copy"));
        assertThat(io.currentDirectory().stat(folder.resolve("copy").toString()).mode()).isEqualTo(0751);
    }

    /** Parts that begin and end anywhere, with holes anywhere, into what is there already. */
    @ParameterizedTest
    @EnumSource
    void partsAreCopied(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Random random = new Random(24);
        caller.run(io, () -> {
            try (Directory top = open(io, folder);
                    File from = top.openFile("from", UPDATE);
                    File to = top.openFile("to", UPDATE)) {
                byte[] source = new byte[400_000];
                for (int i = 0; i < 20; i++) {
                    byte[] piece = new byte[random.nextInt(9_000)];
                    random.nextBytes(piece);
                    int at = random.nextInt(source.length - piece.length);
                    System.arraycopy(piece, 0, source, at, piece.length);
                    from.write(piece, at);
                }
                from.truncate(source.length);
                byte[] target = new byte[900_000];
                int size = 0;
                for (int round = 0; round < 60; round++) {
                    int offset = random.nextInt(450_000);
                    int targetOffset = random.nextInt(400_000);
                    int length = random.nextInt(200_000);
                    int there = Math.clamp(source.length - offset, 0, length);
                    assertThat(from.copyTo(to, offset, targetOffset, length)).isEqualTo(there);
                    if (there > 0) {
                        System.arraycopy(source, offset, target, targetOffset, there);
                        size = Math.max(size, targetOffset + there);
                    }
                    if (round % 10 == 9) {
                        byte[] read = new byte[target.length];
                        int count = 0;
                        for (int more = 0; more >= 0 && count < size; more = to.read(
                                java.lang.foreign.MemorySegment.ofArray(read).asSlice(count), count)) {
                            count += more;
                        }
                        assertThat(to.stat().size()).isEqualTo(size);
                        assertThat(read).isEqualTo(target);
                    }
                }
                from.copyTo(to, 0, 0, Long.MAX_VALUE);
                assertThat(to.stat().size()).isEqualTo(Math.max(size, source.length));
            }
        });
    }

    @Test
    void whatCannotBeCopiedSaysWhy(Opener opener, Io io, @TempDir Path folder) throws Exception {
        Folders.write(io, folder.resolve("file"), "content");
        try (Directory top = open(io, folder);
                File read = top.openFile("file", OpenOptions.READ);
                File update = top.openFile("file", UPDATE)) {
            assertFails(Operation.COPY, Reason.IS_A_DIRECTORY, () -> top.copyFile(".", top, "copy"));
            assertFails(Operation.OPEN_FILE, Reason.FILE_NOT_FOUND, () -> top.copyFile("none", top, "copy"));
            assertFails(Operation.RENAME, Reason.IS_A_DIRECTORY, () -> {
                top.makeDirectory("sub");
                top.copyFile("file", top, "sub");
            });
            assertFails(Operation.COPY, Reason.NOT_OPEN_FOR_WRITING, () -> update.copyTo(read, 0, 7, 1));
            assertThatIllegalArgumentException().isThrownBy(() -> update.copyTo(update, 0, 3, 5))
                    .withMessageEndingWith("overlap: 5 bytes at 0 and at 3");
            assertThatIllegalArgumentException().isThrownBy(() -> read.copyTo(update, 0, 3, 5))
                    .withMessageEndingWith("overlap: 5 bytes at 0 and at 3");
            assertThatIllegalArgumentException().isThrownBy(() -> update.copyTo(read, -1, 0, 1));
            assertThat(update.copyTo(update, 0, 7, 7)).isEqualTo(7);
            assertThat(update.copyTo(update, 100, 0, 7)).as("beyond the end").isZero();
            assertThat(update.copyTo(update, 0, 100, 0)).isZero();
            try (Io other = opener.open(IoOptions.DEFAULT);
                    File foreign = other.currentDirectory().openFile(".", OpenOptions.READ)) {
                assertThatIllegalArgumentException().isThrownBy(() -> update.copyTo(foreign, 0, 0, 1));
                assertThatIllegalArgumentException().isThrownBy(() -> update.cloneTo(foreign));
            }
        }
        assertThat(Folders.readText(io, folder.resolve("file"))).isEqualTo("contentcontent");
        assertThat(Folders.names(io, folder)).containsExactlyInAnyOrder("file", "sub");
    }

    @ParameterizedTest
    @EnumSource
    void aFileIsReplacedInOneMoment(Caller caller, Io io, @TempDir Path folder) throws Exception {
        caller.run(io, () -> {
            try (Directory top = open(io, folder)) {
                top.makeDirectory("sub");
                try (Replacement first = top.replace("sub/file", 0640)) {
                    first.file().writeAll(bytes("first"));
                    assertFails(Operation.STAT, Reason.FILE_NOT_FOUND, () -> top.stat("sub/file"));
                    first.commit();
                    assertThatIllegalStateException().isThrownBy(first::commit);
                }
                try (Replacement dropped = top.replace("sub/file", 0600)) {
                    dropped.file().writeAll(bytes("never seen"));
                }
                try (File reader = top.openFile("sub/file", OpenOptions.READ);
                        Replacement second = top.replace("sub/file", 0600)) {
                    second.file().writeAll(bytes("second"));
                    second.commitWithoutSync();
                    byte[] old = new byte[5];
                    assertThat(reader.read(old)).isEqualTo(5);
                    assertThat(old).asString().isEqualTo("first");
                }
                Replacement closed = top.replace("sub/file", 0600);
                closed.close();
                closed.close();
                assertThatIllegalStateException().isThrownBy(closed::commitWithoutSync)
                        .withMessageContaining("is closed");
                assertFails(Operation.OPEN_FILE, Reason.IS_A_DIRECTORY, () -> top.replace("sub/", 0600));
                assertFails(Operation.OPEN_FILE, Reason.FILE_NOT_FOUND, () -> top.replace("", 0600));
                assertFails(Operation.OPEN_DIRECTORY, Reason.FILE_NOT_FOUND, () -> top.replace("none/file", 0600));
                assertFails(Operation.RENAME, Reason.NAME_TOO_LONG, () -> {
                    try (Replacement long256 = top.replace("x".repeat(256), 0600)) {
                        long256.commit();
                    }
                });
            }
        });
        assertThat(Folders.readText(io, folder.resolve("sub/file"))).isEqualTo("second");
        assertThat(io.currentDirectory().stat(folder.resolve("sub/file").toString()).mode()).isEqualTo(0600);
        assertThat(Folders.names(io, folder.resolve("sub"))).containsExactly("file");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static Directory open(Io io, Path folder) throws IoException {
        return io.currentDirectory().openDirectory(folder.toString());
    }
}
