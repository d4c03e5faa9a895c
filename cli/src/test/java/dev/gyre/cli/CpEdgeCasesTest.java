package dev.gyre.cli;

import static dev.gyre.cli.CpTest.assertSame;
import static dev.gyre.cli.CpTest.bytes;
import static dev.gyre.cli.CpTest.output;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.cli.CpTest.Result;
import dev.gyre.cli.copy.Names;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code gyre cp} of what few trees have, with few rights, few descriptors, and names that no locale has. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class CpEdgeCasesTest {
    /** More than can be opened at once, and a longer path than the kernel takes in one call. */
    private static final int LEVELS = 300;

    @TempDir
    Path directory;

    private Path source;
    private Path target;

    @BeforeEach
    void name() {
        source = directory.resolve("source");
        target = directory.resolve("target");
    }

    /** JUnit takes whole paths, which are too long here. */
    @AfterEach
    void delete() throws Exception {
        output("sh", "-c", "chmod -R u+rwX '" + directory + "'; rm -rf '" + directory + "'/*");
    }

    @Test
    void pipesSocketsAndDevicesAreMadeAnew() throws Exception {
        Files.createDirectory(source);
        output("mkfifo", "-m", "640", source.resolve("pipe").toString());
        Files.createLink(source.resolve("pipe's other name"), source.resolve("pipe"));
        output("touch", "-d", "@7.123456789", source.resolve("pipe").toString());
        boolean devices = output("mknod", source.resolve("null").toString(), "c", "1", "3").isEmpty();

        Run run = copy("--strict");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("1 hard link");
        assertSameNodes();
        assertThat(output("stat", "-c", "%h", target.resolve("pipe").toString())).isEqualTo("2\n");
        if (devices) {
            assertThat(output("stat", "-c", "%F %t %T", target.resolve("null").toString()))
                    .isEqualTo("character special file 1 3\n");
        }
        assertThat(copy("-T").out()).contains("3 there already".substring(devices ? 0 : 2));

        Files.delete(source.resolve("pipe"));
        Files.writeString(source.resolve("pipe"), "a file now");
        assertThat(copy("-T").code()).isZero();
        assertThat(target.resolve("pipe")).hasContent("a file now");
    }

    private void assertSameNodes() throws Exception {
        String attributes = "find . -printf '%p %y %m %U %G %T@ %n\\n' | sort";
        assertThat(output("sh", "-c", "cd '" + target + "' && " + attributes))
                .isEqualTo(output("sh", "-c", "cd '" + source + "' && " + attributes));
    }

    @Test
    void devicesThatMayNotBeMadeAreTold() throws Exception {
        Files.createDirectory(source);
        String made = output("mknod", source.resolve("null").toString(), "c", "1", "3");
        Assumptions.assumeTrue(made.isEmpty(), made);

        Result result = CpTest.run(without("mknod"), source.toString(), target.toString());

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("null: is a device, which takes root");
    }

    /** The bytes are no UTF-8, and no text at all in the other locale. */
    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8"})
    void argumentsAreBytes(String locale) throws Exception {
        Files.createDirectories(source);
        Files.createDirectories(target);
        output("sh", "-c", "cd '" + source + "' && printf 1 >\"$(printf 'a\\377?')\" && printf 2 >'\u00e4'");
        List<String> command = new ArrayList<>(List.of("env", "LC_ALL=" + locale, "sh", "-c",
                "cd '" + source + "' && exec \"$@\" cp \"$(printf 'a\\377?')\" \"$(printf '\\303\\244')\" ../target",
                "sh"));
        command.addAll(Program.of(Main.class));

        assertThat(output(command.toArray(String[]::new))).contains("2 files");

        assertThat(output("diff", "-r", source.toString(), target.toString())).isEmpty();
    }

    @Test
    void argumentsStayAsTheyAreWhereTheCommandLineDoesNotHaveThem() throws Exception {
        Path line = directory.resolve("cmdline");
        String[] decoded = {"\ufffd", "b"};
        assertThat(Arguments.exact(decoded, line)).isEqualTo(decoded);
        Files.write(line, new byte[] {'j', 0, (byte) 0xe2, (byte) 0x82, 'x', 0, 'b', 0});
        assertThat(Arguments.exact(decoded, line)).containsExactly("\udce2\udc82x", "b");
        Files.write(line, new byte[] {'b', 0});
        assertThat(Arguments.exact(decoded, line)).isEqualTo(decoded);
        Files.write(line, new byte[] {'j', 0, 0, 'b', 0});
        assertThat(Arguments.exact(new String[] {"", "b"}, line)).containsExactly("", "b");
    }

    @Test
    void whatIsToldOfAPathIsOneLineWithoutControlCharacters() throws Exception {
        Files.writeString(source, "1");
        String strange = source + "/a\n\u001b[31m";
        assertThat(Run.gyre("cp", source.toString(), strange).err()).contains("a\\x0a\\x1b[31m").hasLineCount(1);
        assertThat(Run.gyre("cp", "--\u001b[31m", strange, "x").err()).contains("--\\x1b[31m");
    }

    @Test
    void aTreeIsAsDeepAsItLikes() throws Exception {
        Files.createDirectory(source);
        output("sh", "-c", "cd -P '" + source + "' && for i in $(seq " + LEVELS
                + "); do mkdir a-folder-below-it && printf 1 >f && cd -P a-folder-below-it || exit; done");
        List<String> limited = List.of("sh", "-c", "ulimit -n 512; exec \"$@\"", "sh");

        assertThat(CpTest.run(limited, source.toString(), target.toString()).err()).isEmpty();

        assertThat(output("find", target.toString(), "-name", "f", "-size", "1c").lines()).hasSize(LEVELS);
        assertThat(copy("-T").out()).contains("cp: 0 files", LEVELS + " there already");
    }

    @Test
    void fewDescriptorsAreEnough() throws Exception {
        for (int i = 0; i < 60; i++) {
            Path sub = Files.createDirectories(source.resolve(i + "/a/b"));
            Files.write(sub.resolve("f"), bytes(100, i));
            Files.createLink(source.resolve(i % 10 + "/a/link" + i), sub.resolve("f"));
        }
        makeDeepBelow(source, 40);

        Result result = CpTest.run(
                List.of("sh", "-c", "ulimit -n 72; exec \"$@\"", "sh"), "--tasks=64", source.toString(),
                target.toString());

        assertThat(result.err()).isEmpty();
        assertSame(source, target);
    }

    private static void makeDeepBelow(Path top, int levels) throws IOException {
        Path deep = top;
        for (int i = 0; i < levels; i++) {
            deep = Files.createDirectory(deep.resolve("d"));
        }
        Files.writeString(deep.resolve("bottom"), "1");
    }

    /** To set one takes the right to write, which its owner has while the copy is made. */
    @Test
    void whatIsReadOnlyKeepsItsExtendedAttributes() throws Exception {
        List<String> bound = CpTest.unprivileged();
        Files.writeString(source, "1");
        Files.getFileAttributeView(source, UserDefinedFileAttributeView.class)
                .write("colour", ByteBuffer.wrap(bytes(5, 1)));
        Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("r--r--r--"));

        Result result = CpTest.run(bound, "--strict", "--verify", source.toString(), target.toString());

        assertThat(result.err()).isEmpty();
        assertThat(Files.getFileAttributeView(target, UserDefinedFileAttributeView.class).list())
                .containsExactly("colour");
    }

    @Test
    void verifyFindsExtendedAttributesThatDiffer() throws Exception {
        Files.createDirectory(source);
        Files.writeString(source.resolve("file"), "1");
        setColour(source.resolve("file"), 1);
        assertThat(copy("--verify").code()).isZero();
        setColour(target.resolve("file"), 2);
        Files.setLastModifiedTime(target.resolve("file"), Files.getLastModifiedTime(source.resolve("file")));

        assertThat(copy("-T").out()).contains("1 there already");
        assertThat(copy("-T", "--verify").out()).contains("1 file,");
        assertThat(copy("-T", "--verify").out()).contains("1 there already");
    }

    private static void setColour(Path file, int value) throws IOException {
        Files.getFileAttributeView(file, UserDefinedFileAttributeView.class)
                .write("colour", ByteBuffer.wrap(bytes(5, value)));
    }

    /** As in many a container. */
    @Test
    void rootThatMayNotGiveFilesAwayHasThemItself() throws Exception {
        Files.createDirectory(source);
        Files.writeString(source.resolve("file"), "1");
        String refused = output("chown", "-R", "5:6", source.toString());
        Assumptions.assumeTrue(refused.isEmpty(), refused);
        List<String> bound = without("chown");

        assertThat(CpTest.run(bound, "--verify", source.toString(), target.toString()).err()).isEmpty();

        Object made = Files.getAttribute(target.resolve("file"), "unix:ino");
        assertThat(CpTest.run(bound, "--verify", "-T", source.toString(), target.toString()).err()).isEmpty();
        assertThat(Files.getAttribute(target.resolve("file"), "unix:ino")).isEqualTo(made);
    }

    private static List<String> without(String capability) throws Exception {
        List<String> bound = List.of("setpriv", "--bounding-set=-" + capability);
        String refused = output(Stream.concat(bound.stream(), Stream.of("true")).toArray(String[]::new));
        Assumptions.assumeTrue(refused.isEmpty(), refused);
        return bound;
    }

    @Test
    void aDryRunTellsWhatWouldGoWrong() throws Exception {
        Files.createDirectory(source);
        Files.createSymbolicLink(source.resolve("link"), Path.of("x"));
        Files.writeString(source.resolve("h1"), "1");
        Files.createLink(source.resolve("h2"), source.resolve("h1"));
        for (String name : List.of("link", "h1", "h2")) {
            Files.createDirectories(target.resolve(name));
        }

        Run planned = copy("-T", "-n");

        assertThat(planned.err().lines().filter(line -> line.contains("cannot take the place"))).hasSize(3);
        assertThat(planned.out()).doesNotContain("->");
        assertThat(copy("-T").err()).isEqualTo(planned.err());
    }

    @Test
    void aDryRunCountsLinksToWhatWouldBeReplaced() throws Exception {
        Files.createDirectory(source);
        Files.writeString(source.resolve("h1"), "1");
        Files.createLink(source.resolve("h2"), source.resolve("h1"));
        assertThat(copy().code()).isZero();
        Files.writeString(source.resolve("h1"), "other");

        assertThat(copy("-T", "-n").out()).contains("would copy 1 file, ", "1 hard link");
        assertThat(copy("-T").out()).contains("1 file, ", "1 hard link");
    }

    @Test
    void timesBeforeTheEpochAreKeptToTheNanosecond() throws Exception {
        Files.createDirectory(source);
        Files.createSymbolicLink(source.resolve("link"), Path.of("x"));
        Files.writeString(source.resolve("file"), "1");
        output("touch", "-h", "-d", "1960-01-01 00:00:00.000000001 UTC", source.resolve("link").toString());
        output("touch", "-d", "@-0.25", source.resolve("file").toString(), source.toString());

        assertThat(copy("--strict").code()).isZero();

        assertSame(source, target);
    }

    @Test
    void loopsOfLinksAreLinks() throws Exception {
        Files.createDirectory(source);
        Files.createSymbolicLink(source.resolve("loop"), Path.of("loop"));
        Files.createSymbolicLink(source.resolve("dot"), Path.of("."));

        assertThat(copy().code()).isZero();
        assertSame(source, target);
        assertThat(Run.gyre("cp", source + "/loop/", directory + "/x").err()).contains("ELOOP").hasLineCount(1);
        assertThat(Run.gyre("cp", source.toString(), source + "/dot/x").err()).contains("into itself");
    }

    /** Somebody else's file takes the place of a folder while the tree is walked, again and again. */
    @Test
    void aFolderThatBecomesALinkIsNeverFollowed() throws Exception {
        Path secret = Files.createDirectory(directory.resolve("secret"));
        Files.writeString(secret.resolve("secret"), "1");
        for (int i = 0; i < 100; i++) {
            Files.write(Files.createDirectories(source.resolve(i + "/sub")).resolve("f"), bytes(10, i));
        }
        Thread swapper = Thread.ofPlatform().start(() -> swap(secret));
        for (int i = 0; i < 3 || (swapper.isAlive() && i < 10); i++) {
            Run.gyre("cp", "-q", source.toString(), target.resolveSibling("target" + i).toString());
        }
        swapper.join();

        for (int i = 0; i < 3; i++) {
            try (Stream<Path> all = Files.walk(directory.resolve("target" + i))) {
                assertThat(all).noneMatch(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                        && path.getFileName().toString().equals("secret"));
            }
        }
    }

    private void swap(Path secret) {
        try {
            for (int round = 0; round < 2; round++) {
                for (int i = 0; i < 100; i++) {
                    Path sub = source.resolve(i + "/sub");
                    Files.move(sub, source.resolve(i + "/away"));
                    Files.createSymbolicLink(sub, secret);
                    Files.delete(sub);
                    Files.move(source.resolve(i + "/away"), sub);
                }
            }
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Test
    void aFileThatGrowsIsToldAndIsRightTheNextTime() throws Exception {
        Files.createDirectory(source);
        Files.write(source.resolve("f"), bytes(20 << 20, 1));
        Files.write(source.resolve("large"), bytes(40 << 20, 2));
        Thread writer = Thread.ofPlatform().start(() -> grow(target));

        Run run = copy();
        writer.interrupt();
        writer.join();

        assertThat(run.err()).contains("large: has changed while it was copied");
        assertThat(run.code()).isEqualTo(1);
        assertThat(copy("-T", "--verify").code()).isZero();
        assertSame(source, target);
    }

    /** Until it is told to stop. */
    private void grow(Path mark) {
        try (RandomAccessFile one = new RandomAccessFile(source.resolve("f").toFile(), "rw");
                RandomAccessFile other = new RandomAccessFile(source.resolve("large").toFile(), "rw")) {
            while (!Thread.currentThread().isInterrupted() && !Files.exists(mark)) {
                for (RandomAccessFile file : List.of(one, other)) {
                    file.seek(file.length());
                    file.write('x');
                }
            }
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Test
    void aLargeFileIsBegunAnewIfItsSourceHasChanged() throws Exception {
        Files.write(source, bytes(100 << 20, 1));
        Path partial = directory.resolve(Names.partial("target"));
        Process process = Program.start(
                Program.of(Main.class, "cp", "-q", "--tasks=1", source.toString(), target.toString()));
        while (process.isAlive() && partial.toFile().length() <= 100 << 20) {
            Thread.onSpinWait();
        }
        process.destroyForcibly().waitFor();
        Assumptions.assumeTrue(Files.exists(partial), "the copy was through before it could be killed");
        FileTime modified = Files.getLastModifiedTime(source);
        try (RandomAccessFile file = new RandomAccessFile(source.toFile(), "rw")) {
            file.seek(10);
            file.write("changed".getBytes(UTF_8));
        }
        Files.setLastModifiedTime(source, modified);

        assertThat(copy("--json").out()).contains("\"bytesResumed\":0,");

        assertSame(source, target);
    }

    private Run copy(String... options) {
        List<String> arguments = new ArrayList<>(List.of("cp"));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of(source.toString(), target.toString()));
        return Run.gyre(arguments.toArray(String[]::new));
    }
}
