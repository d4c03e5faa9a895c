package dev.gyre.io.conformance;

import static dev.gyre.io.conformance.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gyre.io.Advice;
import dev.gyre.io.AttributeMode;
import dev.gyre.io.Directory;
import dev.gyre.io.File;
import dev.gyre.io.FileSystemStat;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.OpenOptions.Access;
import dev.gyre.io.OpenOptions.Flag;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a file has besides content, names and permissions, and what the file system is that it is on. */
@Tag("T11")
abstract class FileAttributeConformance {
    private static final OpenOptions BOTH = new OpenOptions(Access.READ_WRITE, Set.of(Flag.CREATE), 0644);

    private static File open(Io io, Path path, OpenOptions options) throws IoException {
        return io.currentDirectory().openFile(path.toString(), options);
    }

    private static Directory open(Io io, Path folder) throws IoException {
        return io.currentDirectory().openDirectory(folder.toString());
    }

    @ParameterizedTest
    @EnumSource
    void aFileSystemTellsWhatItIs(Caller caller, Io io, @TempDir Path temporary) throws Exception {
        try (Directory folder = open(io, temporary); File file = open(io, temporary.resolve("file"), BOTH)) {
            caller.run(io, () -> {
                FileSystemStat state = folder.statFileSystem();
                assertThat(state.bytesAvailable()).isBetween(1L, state.bytesFree());
                assertThat(state.bytesFree()).isLessThanOrEqualTo(state.bytesTotal());
                assertThat(state.filesFree()).isLessThanOrEqualTo(state.filesTotal());
                assertThat(state.blockSize()).isPositive();
                assertThat(state.nameBytesMax()).isBetween(14L, 1024L);
                assertThat(state.readOnly()).isFalse();
                assertThat(file.statFileSystem().magic()).isEqualTo(state.magic());
                assertThat(file.statFileSystem().bytesTotal()).isEqualTo(state.bytesTotal());
                assertThat(io.currentDirectory().statFileSystem().bytesTotal()).isPositive();
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void adviceIsTaken(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path pipe = Pipes.make(io, folder.resolve("pipe"));
        try (File file = open(io, folder.resolve("file"), BOTH);
                File noFile = open(io, pipe, new OpenOptions(Access.READ_WRITE, Set.of(), 0));
                File directory = open(io, folder, OpenOptions.READ)) {
            caller.run(io, () -> {
                file.write(new byte[100_000], 0);
                for (Advice advice : Advice.values()) {
                    file.advise(advice, 0, 0);
                    file.advise(advice, 4096, 8192);
                    file.advise(advice, 50_000, 1L << 40);
                    file.advise(advice, Long.MAX_VALUE, Long.MAX_VALUE);
                    directory.advise(advice, 0, 0);
                    assertFails(Operation.ADVISE, Reason.NOT_SEEKABLE, () -> noFile.advise(advice, 0, 0));
                }
                assertThat(file.read(new byte[1000], 0)).isEqualTo(1000);
                assertThatIllegalArgumentException().isThrownBy(() -> file.advise(Advice.NORMAL, -1, 0))
                        .withMessageContaining("offset -1");
                assertThatIllegalArgumentException().isThrownBy(() -> file.advise(Advice.NORMAL, 0, -1))
                        .withMessageContaining("length -1");
            });
        }
    }

    /** Ends the test where there are none. */
    static void requireAttributes(Directory folder) throws IOException {
        try {
            folder.setExtendedAttribute(".", "user.probe", new byte[0]);
            folder.removeExtendedAttribute(".", "user.probe");
        } catch (IoException refused) {
            throw Skip.because("setxattr(2)", refused);
        }
    }

    @ParameterizedTest
    @EnumSource
    void extendedAttributesAreKept(Caller caller, Io io, @TempDir Path temporary) throws Exception {
        Path path = temporary.resolve("file");
        try (Directory folder = open(io, temporary); File file = open(io, path, BOTH)) {
            requireAttributes(folder);
            caller.run(io, () -> {
                file.setExtendedAttribute("user.comment", bytes("one"));
                assertThat(file.getExtendedAttribute("user.comment")).isEqualTo(bytes("one"));
                assertThat(folder.getExtendedAttribute("file", "user.comment")).isEqualTo(bytes("one"));
                folder.setExtendedAttribute("file", "user.comment", bytes("two"));
                assertThat(file.getExtendedAttribute("user.comment")).isEqualTo(bytes("two"));
                file.setExtendedAttribute("user.comment", new byte[0]);
                assertThat(file.getExtendedAttribute("user.comment")).isEmpty();

                // A byte that is no UTF-8 is one in a name, too.
                String odd = "user.\udcff\udc80é";
                folder.setExtendedAttribute("file", odd, new byte[] {1, 0, 2}, AttributeMode.CREATE);
                assertThat(file.listExtendedAttributes()).contains("user.comment", odd);
                assertThat(folder.listExtendedAttributes("file")).contains("user.comment", odd);
                assertThat(file.getExtendedAttribute(odd)).containsExactly(1, 0, 2);

                folder.setExtendedAttribute(".", "user.own", bytes("folder's"), AttributeMode.CREATE);
                assertThat(folder.getExtendedAttribute(".", "user.own")).isEqualTo(bytes("folder's"));
                assertThat(io.currentDirectory().getExtendedAttribute(temporary.toString(), "user.own"))
                        .isEqualTo(bytes("folder's"));
                folder.removeExtendedAttribute(".", "user.own");
                assertThat(folder.listExtendedAttributes(".")).doesNotContain("user.own");

                file.removeExtendedAttribute(odd);
                folder.removeExtendedAttribute("file", "user.comment");
                assertThat(file.listExtendedAttributes()).doesNotContain("user.comment", odd);
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void extendedAttributesHaveRules(Caller caller, Io io, @TempDir Path temporary) throws Exception {
        try (Directory folder = open(io, temporary); File file = open(io, temporary.resolve("file"), BOTH)) {
            requireAttributes(folder);
            caller.run(io, () -> {
                Operation get = Operation.GET_EXTENDED_ATTRIBUTE;
                Operation set = Operation.SET_EXTENDED_ATTRIBUTE;
                Operation remove = Operation.REMOVE_EXTENDED_ATTRIBUTE;
                byte[] one = new byte[1];
                assertFails(get, Reason.NO_SUCH_ATTRIBUTE, () -> file.getExtendedAttribute("user.a"));
                assertFails(remove, Reason.NO_SUCH_ATTRIBUTE, () -> file.removeExtendedAttribute("user.a"));
                assertFails(set, Reason.NO_SUCH_ATTRIBUTE,
                        () -> file.setExtendedAttribute("user.a", one, AttributeMode.REPLACE));
                folder.setExtendedAttribute("file", "user.a", one, AttributeMode.CREATE);
                file.setExtendedAttribute("user.a", one, AttributeMode.REPLACE);
                assertFails(set, Reason.ATTRIBUTE_EXISTS,
                        () -> folder.setExtendedAttribute("file", "user.a", one, AttributeMode.CREATE));

                assertThat(assertFails(set, Reason.ATTRIBUTE_UNSUPPORTED, () -> file.setExtendedAttribute("a", one)))
                        .hasMessageContaining("user.");
                assertFails(set, Reason.NAME_TOO_LONG,
                        () -> file.setExtendedAttribute("user." + "a".repeat(300), one));
                assertFails(set, Reason.NAME_TOO_LONG,
                        () -> file.setExtendedAttribute("user." + "a".repeat(5000), one));
                assertFails(get, Reason.BAD_PATH, () -> file.getExtendedAttribute("user.\0"));
                assertThatIllegalArgumentException().isThrownBy(() -> file.getExtendedAttribute(""));
                assertFails(set, Reason.ATTRIBUTE_TOO_BIG,
                        () -> file.setExtendedAttribute("user.b", new byte[65_537]));
                assertFails(set, Reason.ATTRIBUTE_TOO_BIG,
                        () -> folder.setExtendedAttribute("file", "user.b", new byte[10_000_000]));
                byte[] longest = bytes("0123456789abcdef".repeat(4096));
                try {
                    file.setExtendedAttribute("user.b", longest);
                    assertThat(file.getExtendedAttribute("user.b")).isEqualTo(longest);
                    assertThat(folder.getExtendedAttribute("file", "user.b")).isEqualTo(longest);
                } catch (IoException refused) {
                    assertThat(refused.reason()).isEqualTo(Reason.NO_SPACE_LEFT);
                }

                assertFails(get, Reason.FILE_NOT_FOUND, () -> folder.getExtendedAttribute("nothing", "user.a"));
                assertFails(get, Reason.FILE_NOT_FOUND, () -> folder.getExtendedAttribute("", "user.a"));
                assertFails(get, Reason.NOT_A_DIRECTORY, () -> folder.getExtendedAttribute("file/x", "user.a"));
                assertFails(get, Reason.NAME_TOO_LONG,
                        () -> folder.getExtendedAttribute("x".repeat(256), "user.a"));
                assertFails(Operation.LIST_EXTENDED_ATTRIBUTES, Reason.FILE_NOT_FOUND,
                        () -> folder.listExtendedAttributes("nothing"));
                assertThat(folder.getExtendedAttribute("./".repeat(2040) + "file", "user.a")).isEqualTo(one);
            });
        }
    }

    /** A link has attributes of its own, of the kinds that only privileged processes set. */
    @Test
    void extendedAttributesOfALinkAreNotItsTargets(Io io, @TempDir Path temporary) throws Exception {
        try (Directory folder = open(io, temporary); File file = open(io, temporary.resolve("file"), BOTH)) {
            requireAttributes(folder);
            folder.symlink("file", "link");
            folder.symlink("nowhere", "dangling");
            file.setExtendedAttribute("user.a", new byte[1]);
            assertFails(Operation.GET_EXTENDED_ATTRIBUTE, Reason.NO_SUCH_ATTRIBUTE,
                    () -> folder.getExtendedAttribute("link", "user.a"));
            assertFails(Operation.SET_EXTENDED_ATTRIBUTE, Reason.PERMISSION_DENIED,
                    () -> folder.setExtendedAttribute("dangling", "user.a", new byte[1]));
            assertThat(folder.listExtendedAttributes("link")).doesNotContain("user.a");
            try {
                folder.setExtendedAttribute("link", "trusted.gyre", new byte[] {7});
            } catch (IoException refused) {
                throw Skip.because("setxattr(2) of trusted.gyre", refused);
            }
            assertThat(folder.getExtendedAttribute("link", "trusted.gyre")).containsExactly(7);
            assertThat(file.listExtendedAttributes()).doesNotContain("trusted.gyre");
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void whatIsClosedTellsNothing(Io io, @TempDir Path folder) throws IOException {
        File file = open(io, folder.resolve("file"), BOTH);
        Directory directory = open(io, folder);
        file.close();
        directory.close();
        assertFails(Operation.STAT_FILE_SYSTEM, Reason.CLOSED, file::statFileSystem);
        assertFails(Operation.STAT_FILE_SYSTEM, Reason.CLOSED, directory::statFileSystem);
        assertFails(Operation.ADVISE, Reason.CLOSED, () -> file.advise(Advice.NORMAL, 0, 0));
        assertFails(Operation.LIST_EXTENDED_ATTRIBUTES, Reason.CLOSED, file::listExtendedAttributes);
        assertFails(Operation.GET_EXTENDED_ATTRIBUTE, Reason.CLOSED, () -> file.getExtendedAttribute("user.a"));
        assertFails(Operation.SET_EXTENDED_ATTRIBUTE, Reason.CLOSED,
                () -> directory.setExtendedAttribute("file", "user.a", new byte[1]));
        assertFails(Operation.REMOVE_EXTENDED_ATTRIBUTE, Reason.CLOSED,
                () -> directory.removeExtendedAttribute("file", "user.a"));
    }
}
