package dev.gyre.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.cli.copy.Names;
import dev.gyre.io.BackendUnavailable;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code gyre cp}: what it copies, what it refuses, and what is left when it is killed. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class CpTest {
    /** All that find(1) can say of a tree; the size of a folder and the time of a read are nobody's. */
    private static final String ATTRIBUTES = "find . -type d -printf '%p %y %m %U %G %T@\\n'"
            + " -o -printf '%p %y %m %U %G %s %T@ %n %l\\n' | sort";

    private static final int KILLS = 6;

    @TempDir
    Path directory;

    private Path source;
    private Path target;

    @BeforeEach
    void name() {
        source = directory.resolve("source");
        target = directory.resolve("target");
    }

    @AfterEach
    void makeDeletable() throws Exception {
        output("chmod", "-R", "u+rwX", directory.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded"})
    void copiesAllThatBelongsToATree(String backend) throws Exception {
        requireBackend(backend);
        makeTree();

        Run run = Run.gyre("cp", "--backend", backend, "--strict", "--verify", source.toString(), target.toString());

        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        assertSame(source, target);
        assertThat(Files.readAttributes(target.resolve("one"), "unix:ino").get("ino"))
                .isEqualTo(Files.readAttributes(target.resolve("sub/two"), "unix:ino").get("ino"));
        assertThat(blocks(target.resolve("holes"))).isLessThanOrEqualTo(blocks(source.resolve("holes")));
        ByteBuffer value = ByteBuffer.allocate(16);
        Files.getFileAttributeView(target.resolve("one"), UserDefinedFileAttributeView.class).read("colour", value);
        assertThat(new String(value.array(), 0, value.position(), UTF_8)).isEqualTo("green");
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "threaded"})
    void aSecondRunDoesWhatIsLeft(String backend) throws Exception {
        requireBackend(backend);
        makeTree();
        assertThat(copy("--backend", backend).code()).isZero();
        Files.delete(target.resolve("sub/small"));
        Files.writeString(target.resolve("one"), "longer than it was");
        Object other = Files.readAttributes(target.resolve("mid"), "unix:ino").get("ino");

        Run run = copy("-T", "--backend", backend, "--json");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("\"end\":\"complete\"", "\"files\":2,", "\"folders\":0,");
        assertSame(source, target);
        assertThat(Files.readAttributes(target.resolve("mid"), "unix:ino").get("ino")).isEqualTo(other);
    }

    @Test
    void whatIsReplacedIsNeverWrittenInPlace() throws Exception {
        Files.writeString(source, "new");
        Files.writeString(target, "older");
        Path other = Files.createLink(directory.resolve("other"), target);

        assertThat(copy().code()).isZero();

        assertThat(target).hasContent("new");
        assertThat(other).hasContent("older");
    }

    @Test
    void goesIntoAFolderThatIsThereAndNotWhereThatIsTheNameItself() throws Exception {
        Files.createDirectories(source.resolve("sub"));
        Files.writeString(source.resolve("sub/file"), "content");
        Files.createDirectory(target);

        assertThat(copy().code()).isZero();
        assertThat(target.resolve("source/sub/file")).hasContent("content");

        assertThat(Run.gyre("cp", source + "/", target.toString()).out()).contains("1 there already");

        assertThat(Run.gyre("cp", source + "/.", target.toString()).code()).isZero();
        assertThat(target.resolve("sub/file")).hasContent("content");

        Path exact = Files.createDirectory(directory.resolve("exact"));
        assertThat(Run.gyre("cp", "-T", source.toString(), exact.toString()).code()).isZero();
        assertThat(exact.resolve("sub/file")).hasContent("content");

        Path file = Files.writeString(directory.resolve("file"), "1");
        String folder = source.resolve("sub").toString();
        assertThat(Run.gyre("cp", file.toString(), "-q", folder, "--sync", exact.toString()).code()).isZero();
        assertThat(exact.resolve("file")).hasContent("1");
    }

    @Test
    void refusesWhatCannotBeMeant() throws Exception {
        Files.createDirectories(source.resolve("sub"));
        Path file = Files.writeString(directory.resolve("file"), "1");
        Path link = Files.createSymbolicLink(directory.resolve("link"), source);

        assertMisuse("into itself", source.toString(), source.resolve("sub").toString());
        assertMisuse("into itself", source.toString(), link.resolve("sub/new").toString());
        assertMisuse("into itself", source.toString(), source.toString());
        assertMisuse("are the same", file.toString(), file.toString());
        assertMisuse("are the same", file.toString(), directory.toString());
        assertMisuse("no folder", file.toString(), source.toString(), file.toString());
        assertMisuse("no folder", file.toString(), directory.resolve("new") + "/");
        assertMisuse("mkdir -p", file.toString(), directory.resolve("missing/new").toString());
        assertMisuse("There is no", directory.resolve("missing").toString(), directory.toString());
        assertMisuse("both become", file.toString(), file.toString(), source.toString());
        assertMisuse("empty", "", source.toString());
        assertMisuse("-T", "-T", file.toString(), source.toString(), directory.toString());
        assertMisuse("SRC... DST");
        assertMisuse("SRC... DST", file.toString());
        assertThat(source.resolve("sub")).isEmptyDirectory();
    }

    @Test
    void aDryRunTellsAndDoesNothing() throws Exception {
        makeTree();

        Run run = copy("--dry-run");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("make " + source + " -> " + target, source + "/mid -> " + target + "/mid", "would copy");
        assertThat(target).doesNotExist();

        copy();
        assertThat(copy("--dry-run", "-T").out()).contains("would copy 0 files").doesNotContain("->");
    }

    @Test
    void aFileThatCannotBeReadIsToldAndTheRestIsCopied() throws Exception {
        List<String> bound = unprivileged();
        Files.createDirectory(source);
        Files.writeString(source.resolve("good"), "1");
        Files.setPosixFilePermissions(
                Files.writeString(source.resolve("bad"), "2"), PosixFilePermissions.fromString("---------"));
        Files.setPosixFilePermissions(
                Files.createDirectory(source.resolve("closed")), PosixFilePermissions.fromString("---------"));

        Result result = run(bound, source.toString(), target.toString());

        assertThat(result.code).isEqualTo(1);
        assertThat(result.err)
                .contains(source + "/bad: open file: access denied", source + "/closed: open", "2 problems")
                .doesNotContain("\tat ");
        assertThat(target.resolve("good")).hasContent("1");
        assertThat(target.resolve("bad")).doesNotExist();
    }

    @Test
    void whatAnInterruptedCopyHasLeftIsNotCopied() throws Exception {
        Files.createDirectory(source);
        Files.writeString(source.resolve(".x.gyre-partial"), "left");

        Run run = copy();

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains(".x.gyre-partial: is what an interrupted");
        assertThat(target).isEmptyDirectory();
    }

    @Test
    void aFullTargetEndsItAndASecondRunGoesOn() throws Exception {
        Files.createDirectory(source);
        for (int i = 0; i < 40; i++) {
            Files.write(source.resolve("f" + i), new byte[100_000]);
        }
        Files.createDirectory(target);
        String mount = "mount -t tmpfs -o size=1m none '" + target + "' && exec \"$@\"";
        List<String> small = List.of("unshare", "-m", "sh", "-c", mount, "sh");
        List<String> probe = new ArrayList<>(small);
        probe.add("true");
        Process mounts = new ProcessBuilder(probe).start();
        Assumptions.assumeTrue(
                mounts.waitFor() == 0, "no tmpfs can be mounted here: " + mounts.errorReader().readAllAsString());

        Result result = run(small, source.toString(), target.toString());

        assertThat(result.code).isEqualTo(1);
        assertThat(result.err).contains("the target is full", "no space left", "Make room").doesNotContain("\tat ");
        assertThat(result.err.lines()).hasSize(1);
    }

    /** Whatever has its final name is whole, at every moment; and the copy in the end is like any other. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void killedAtAnyMomentItLeavesNothingHalfUnderItsName(boolean intoExisting) throws Exception {
        makeTree();
        for (int i = 0; i < 300; i++) {
            Files.write(Files.createDirectories(source.resolve("many/" + i % 7)).resolve("f" + i), bytes(20_000, i));
        }
        Random random = new Random(7);
        for (int i = 0; i < KILLS; i++) {
            if (intoExisting) {
                Files.createDirectories(target);
            }
            Process process = Program.start(Program.of(
                    Main.class, "cp", "-q", "-T", "--no-progress", source.toString(), target.toString()));
            boolean ended = process.waitFor(300 + random.nextInt(600), TimeUnit.MILLISECONDS);
            process.destroyForcibly().waitFor();
            assertNothingHalf(target);
            if (ended) {
                break;
            }
        }

        Run run = copy("-T", "--verify");

        assertThat(run.code()).as(run.err()).isZero();
        assertSame(source, target);
        try (Stream<Path> all = Files.walk(directory)) {
            assertThat(all.map(path -> path.getFileName().toString())).noneMatch(Names::isPartial);
        }
    }

    @Test
    void goesOnWithALargeFile() throws Exception {
        Files.write(source, bytes(200 << 20, 1));
        Path partial = directory.resolve(".target.gyre-partial");
        boolean resumed = false;
        for (int attempt = 0; attempt < 10 && !resumed; attempt++) {
            Files.deleteIfExists(target);
            Process process = Program.start(Program.of(
                    Main.class, "cp", "-q", "--tasks=1", source.toString(), target.toString()));
            // What is noted comes behind the content.
            while (process.isAlive() && !(Files.exists(partial) && length(partial) > 200 << 20)) {
                Thread.onSpinWait();
            }
            process.destroyForcibly().waitFor();
            resumed = Files.exists(partial) && length(partial) > 200 << 20;
        }
        Assumptions.assumeTrue(resumed, "every copy was through before it could be killed");

        Run run = copy("--json");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).doesNotContain("\"bytesResumed\":0,").contains("\"files\":1,");
        assertSame(source, target);
        assertThat(partial).doesNotExist();
    }

    @Test
    void ctrlCEndsItInOrder() throws Exception {
        Files.createDirectory(source);
        for (int i = 0; i < 3000; i++) {
            Files.write(source.resolve("f" + i), bytes(10_000, i));
        }
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.addAll(Program.of(Main.class, "cp", "--tasks=1", source.toString(), target.toString()));
        Process process = new ProcessBuilder(command).start();
        Path partial = directory.resolve(".target.gyre-partial");
        while (process.isAlive() && !Files.exists(partial)) {
            Thread.onSpinWait();
        }
        Program.signal(process, "INT");
        String err = process.errorReader().readAllAsString();
        Assumptions.assumeTrue(process.waitFor() != 0, "it was through before the signal came");

        assertThat(process.exitValue()).isEqualTo(130);
        assertThat(err).contains("interrupted", "the same command").doesNotContain("\tat ");
        assertThat(target).doesNotExist();
        assertThat(copy().code()).isZero();
        assertSame(source, target);
    }

    @Test
    void showsHowFarItIs() throws Exception {
        makeTree();

        Run run = copy("--progress");

        assertThat(run.code()).isZero();
        assertThat(run.err()).endsWith("\r\033[K");
    }

    @Test
    void namesOfPartialFilesAreAsShortAsTheyMustBe() {
        assertThat(List.of("a".repeat(255), "é".repeat(127), "😀".repeat(63), "\udcff".repeat(255)))
                .allSatisfy(name -> assertThat(Names.partial(name).getBytes(UTF_8)).hasSizeLessThanOrEqualTo(255));
        assertThat(Names.partial("a".repeat(254) + "b")).isNotEqualTo(Names.partial("a".repeat(254) + "c"));
        assertThat(Names.shown("a\n\udcff\u001bé😀")).isEqualTo("a\\x0a\\xff\\x1bé😀");
    }

    private Run copy(String... options) {
        List<String> arguments = new ArrayList<>(List.of("cp"));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of(source.toString(), target.toString()));
        return Run.gyre(arguments.toArray(String[]::new));
    }

    private static void assertMisuse(String message, String... arguments) {
        List<String> all = new ArrayList<>(List.of("cp"));
        all.addAll(List.of(arguments));
        Run run = Run.gyre(all.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).contains(message).doesNotContain("\tat ");
    }

    private void makeTree() throws Exception {
        Files.createDirectories(source.resolve("sub/empty"));
        Files.writeString(source.resolve("one"), "1");
        Files.getFileAttributeView(source.resolve("one"), UserDefinedFileAttributeView.class)
                .write("colour", ByteBuffer.wrap("green".getBytes(UTF_8)));
        Files.createLink(source.resolve("sub/two"), source.resolve("one"));
        Files.write(source.resolve("none"), new byte[0]);
        Files.write(source.resolve("mid"), bytes(1_500_000, 1));
        Files.write(source.resolve("large"), bytes(40 << 20, 2));
        Files.writeString(source.resolve("sub/small"), "small");
        Files.writeString(source.resolve("n".repeat(255)), "long");
        Files.createSymbolicLink(source.resolve("link"), Path.of("nowhere"));
        try (RandomAccessFile holes = new RandomAccessFile(source.resolve("holes").toFile(), "rw")) {
            holes.setLength(64 << 20);
            holes.seek(30 << 20);
            holes.write(1);
        }
        output("sh", "-c", "printf x > '" + source + "/'$(printf '\\377\\376')");
        Path deep = source;
        for (int i = 0; i < 80; i++) {
            deep = Files.createDirectory(deep.resolve("d"));
        }
        Files.writeString(deep.resolve("bottom"), "bottom");
        Files.setPosixFilePermissions(source.resolve("one"), PosixFilePermissions.fromString("r--r-----"));
        output("chmod", "4755", source.resolve("mid").toString());
        Files.setLastModifiedTime(source.resolve("one"), FileTime.from(Instant.ofEpochSecond(1, 234_567_891)));
        Files.setLastModifiedTime(source.resolve("sub/empty"), FileTime.from(Instant.ofEpochSecond(2)));
        Files.setPosixFilePermissions(source.resolve("sub"), PosixFilePermissions.fromString("r-xr-xr-x"));
    }

    static byte[] bytes(int count, int seed) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** By tools that know nothing of Gyre. */
    static void assertSame(Path one, Path other) throws Exception {
        assertThat(output("diff", "-r", "--no-dereference", one.toString(), other.toString())).isEmpty();
        assertThat(attributes(other)).isEqualTo(attributes(one));
    }

    private static String attributes(Path tree) throws Exception {
        return Files.isDirectory(tree)
                ? output("sh", "-c", "cd '" + tree + "' && " + ATTRIBUTES)
                : output("stat", "-c", "%a %u %g %s %y", tree.toString());
    }

    /** Every file under its final name is that of the source. */
    private void assertNothingHalf(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> children = Files.list(folder)) {
            for (Path child : children.toList()) {
                Path original = source.resolve(target.relativize(child));
                if (Names.isPartial(child.getFileName().toString()) || Files.isSymbolicLink(child)) {
                    continue;
                }
                if (Files.isDirectory(child)) {
                    assertNothingHalf(child);
                } else {
                    assertThat(Files.mismatch(original, child)).as(child.toString()).isEqualTo(-1);
                    assertThat(Files.getLastModifiedTime(child)).isEqualTo(Files.getLastModifiedTime(original));
                }
            }
        }
    }

    private static long blocks(Path file) throws Exception {
        return Long.parseLong(output("stat", "-c", "%b", file.toString()).strip());
    }

    private static long length(Path file) {
        return file.toFile().length();
    }

    /** What a process did. */
    record Result(int code, String err) {}

    static Result run(List<String> wrapper, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(wrapper);
        List<String> all = new ArrayList<>(List.of("cp"));
        all.addAll(List.of(arguments));
        command.addAll(Program.of(Main.class, all.toArray(String[]::new)));
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        String err = process.errorReader().readAllAsString();
        return new Result(process.waitFor(), err);
    }

    static List<String> unprivileged() throws Exception {
        if (!output("id", "-u").strip().equals("0")) {
            return List.of();
        }
        List<String> bound = List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search");
        List<String> probe = new ArrayList<>(bound);
        probe.add("true");
        Process process = new ProcessBuilder(probe).start();
        Assumptions.assumeTrue(
                process.waitFor() == 0, "setpriv cannot take rights away: " + process.errorReader().readAllAsString());
        return bound;
    }

    static String output(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = process.inputReader(ISO_8859_1).readAllAsString();
        process.waitFor();
        return output;
    }

    private static void requireBackend(String name) {
        try (Io io = Io.open(IoOptions.DEFAULT.withBackend(name))) {
            assertThat(io.backend()).isEqualTo(name);
        } catch (BackendUnavailable refused) {
            Assumptions.abort(refused.getMessage());
        }
    }
}
