package dev.gyre.io.conformance;

import static dev.gyre.io.conformance.Failures.assertFails;
import static dev.gyre.io.conformance.Failures.assertLate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.Child;
import dev.gyre.io.CanceledException;
import dev.gyre.io.Command;
import dev.gyre.io.Command.AtClose;
import dev.gyre.io.Directory;
import dev.gyre.io.Exit;
import dev.gyre.io.File;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IoOptions;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Stdio;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Child processes: what they get, how they end, what is left of them. */
@Tag("T24")
abstract class ChildConformance {
    private static final int SIGUSR1 = 10;
    private static final int SIGKILL = 9;
    private static final int SIGPIPE = 13;
    private static final int SIGTERM = 15;

    private static final Command FOREVER = Command.of("sleep", "1000");
    private static final Exit SUCCESS = new Exit.Ended(0);
    private static final Exit KILLED = new Exit.Killed(SIGKILL, false);

    private static final MethodHandle DUP = Native.function("dup", ValueLayout.JAVA_INT);
    private static final MethodHandle CLOSE = Native.function("close", ValueLayout.JAVA_INT);

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenToCatIsReadFromIt(Caller caller, Io io) throws Exception {
        byte[] sent = new byte[1 << 20];
        new Random(24).nextBytes(sent);
        Command cat = Command.of("cat").withInput(Stdio.PIPE).withOutput(Stdio.PIPE);
        try (Child child = io.spawn(cat)) {
            Caller.Call<Object> writing = caller.start(io, () -> {
                child.input().writeAll(sent);
                child.input().close();
                return null;
            });
            byte[] received = caller.run(io, () -> ChildProcesses.bytes(child.output()));
            writing.result();
            assertThat(received).isEqualTo(sent);
            assertThat(caller.<Exit>run(io, child::await)).isEqualTo(SUCCESS);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, true", "3, false", "255, false"})
    void tellsTheStatus(int status, boolean success, Io io) throws Exception {
        try (Child child = io.spawn(Command.of("sh", "-c", "exit " + status))) {
            Exit exit = child.await();
            assertThat(exit).isEqualTo(new Exit.Ended(status)).hasToString("ended with status " + status);
            assertThat(exit.isSuccess()).isEqualTo(success);
            assertThat(child.await()).isEqualTo(exit);
            assertThat(child.poll()).isEqualTo(exit);
        }
    }

    @Test
    void tellsTheSignal(Io io) throws Exception {
        assertThat(ended(io, Child::kill)).isEqualTo(KILLED).hasToString("killed by SIGKILL");
        assertThat(ended(io, Child::terminate)).isEqualTo(new Exit.Killed(SIGTERM, false));
        Exit exit = ended(io, child -> child.signal(SIGUSR1));
        assertThat(exit).isEqualTo(new Exit.Killed(SIGUSR1, false)).hasToString("killed by SIGUSR1");
        assertThat(exit.isSuccess()).isFalse();
    }

    private interface Signaling {
        boolean send(Child child) throws IoException;
    }

    private static Exit ended(Io io, Signaling signaling) throws IoException {
        try (Child child = io.spawn(FOREVER)) {
            assertThat(child.poll()).isNull();
            assertThat(signaling.send(child)).isTrue();
            return child.await();
        }
    }

    @Test
    void aSignalForOneThatHasEndedGoesNowhere(Io io) throws Exception {
        Child child = io.spawn(Command.of("true"));
        try (child) {
            Eventually.await("the end of " + child, () -> !ChildProcesses.exists(child.pid()));
            assertThat(child.kill()).isFalse();
            assertThat(child.await()).isEqualTo(SUCCESS);
            assertThat(child.kill()).isFalse();
            assertThatThrownBy(() -> child.signal(0)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> child.signal(65)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(child.kill()).isFalse();
        assertThat(child.await()).isEqualTo(SUCCESS);
        assertThat(child.poll()).isEqualTo(SUCCESS);
    }

    @Test
    void hasTheVariablesThatItIsGivenAndNoOthers(Io io) throws Exception {
        Command env = Command.of("env", "-0").withOutput(Stdio.PIPE);
        // As this process has them: bytes, which are no text everywhere.
        Process reference = new ProcessBuilder("env", "-0").start();
        List<String> inherited =
                variables(new String(reference.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        assertThat(variables(output(io, env))).containsExactlyElementsOf(inherited);
        assertThat(variables(output(io, env.withEnvironment(Map.of("A", "1 = one\n", "Ü", "")))))
                .containsExactly("A=1 = one\n", "Ü=");
        assertThat(output(io, env.withEnvironment(Map.of()))).isEmpty();

        List<String> changed = new ArrayList<>(inherited);
        changed.removeIf(variable -> variable.startsWith("PATH="));
        changed.add("PATH=/usr/bin:/bin");
        changed.add("NEW=2");
        assertThat(variables(output(io, env.withVariable("PATH", "/usr/bin:/bin").withVariable("NEW", "2"))))
                .containsExactlyInAnyOrderElementsOf(changed);
        changed.removeIf(variable -> variable.startsWith("PATH="));
        assertThat(variables(output(io, env.withVariable("NEW", "2").withoutVariable("PATH"))))
                .containsExactlyInAnyOrderElementsOf(changed);
    }

    private static List<String> variables(String printed) {
        return new ArrayList<>(new TreeSet<>(List.of(printed.split("\0"))));
    }

    @Test
    void isLookedForInItsOwnPath(Io io, @TempDir Path folder) throws Exception {
        Path below = Files.createDirectory(folder.resolve("below"));
        script(below.resolve("gyre-hello"), "#!/bin/sh\necho hello, $1\n");
        Command hello = Command.of("gyre-hello", "you").withOutput(Stdio.PIPE);
        String message = assertFails(Operation.SPAWN, Reason.FILE_NOT_FOUND, () -> io.spawn(hello)).getMessage();
        assertThat(message).startsWith("spawn gyre-hello, in no directory of its PATH: ");
        for (String path : List.of(below.toString(), "/nowhere:" + below, "/etc/passwd:" + below + ":/bin")) {
            assertThat(output(io, hello.withVariable("PATH", path + ":/bin"))).isEqualTo("hello, you\n");
        }
        // What is relative starts at the child's working directory.
        Command relative = hello.withVariable("PATH", "below:/bin");
        assertFails(Operation.SPAWN, Reason.FILE_NOT_FOUND, () -> io.spawn(relative));
        assertThat(output(io, relative.withDirectory(folder.toString()))).isEqualTo("hello, you\n");
        Command here = hello.withVariable("PATH", ":/bin").withDirectory(below.toString());
        assertThat(output(io, here)).isEqualTo("hello, you\n");
        Command direct = Command.of("./gyre-hello", "there").withOutput(Stdio.PIPE);
        assertThat(output(io, direct.withDirectory(below.toString()))).isEqualTo("hello, there\n");
    }

    @Test
    void startsInItsWorkingDirectory(Io io, @TempDir Path folder) throws Exception {
        Command pwd = Command.of("pwd", "-P").withOutput(Stdio.PIPE);
        String real = folder.toRealPath().toString();
        Path below = Files.createDirectory(folder.resolve("below"));
        assertThat(output(io, pwd)).isEqualTo(Path.of("").toRealPath() + "\n");
        assertThat(output(io, pwd.withDirectory(folder.toString()))).isEqualTo(real + "\n");
        assertThat(output(io, pwd.withDirectory(io.currentDirectory()))).isEqualTo(Path.of("").toRealPath() + "\n");
        // To go there one needs no right to read it.
        Files.setPosixFilePermissions(below, PosixFilePermissions.fromString("--x--x--x"));
        assertThat(output(io, pwd.withDirectory(below.toString()))).isEqualTo(real + "/below\n");
        Files.setPosixFilePermissions(below, PosixFilePermissions.fromString("rwx------"));
        Directory directory = io.currentDirectory().openDirectory(below.toString());
        try (directory) {
            assertThat(output(io, pwd.withDirectory(directory))).isEqualTo(real + "/below\n");
        }
        assertFails(Operation.SPAWN, Reason.CLOSED, () -> io.spawn(pwd.withDirectory(directory)));
        String missing = assertFails(
                Operation.SPAWN, Reason.FILE_NOT_FOUND, () -> io.spawn(pwd.withDirectory("/missing"))).getMessage();
        assertThat(missing).isEqualTo("spawn pwd: working directory /missing: no such file or directory (ENOENT)");
        assertFails(Operation.SPAWN, Reason.NOT_A_DIRECTORY, () -> io.spawn(pwd.withDirectory("/etc/passwd")));
    }

    @Test
    void hasItsThreeStreamsAndNothingElse(Io io) throws Exception {
        List<Integer> inheritable = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                inheritable.add((int) DUP.invoke(2));
            }
            for (Stdio stdio : List.of(Stdio.NULL, Stdio.INHERIT, Stdio.PIPE)) {
                Command list = Command.of("sh", "-c", "ls /proc/$$/fd").withInput(stdio).withOutput(Stdio.PIPE);
                for (Stdio error : List.of(Stdio.NULL, Stdio.INHERIT, Stdio.PIPE, Stdio.OUTPUT)) {
                    assertThat(output(io, list.withError(error))).isEqualTo("0\n1\n2\n");
                }
            }
        } catch (Throwable thrown) {
            throw new AssertionError(thrown);
        } finally {
            for (int fd : inheritable) {
                close(fd);
            }
        }
    }

    private static void close(int fd) {
        try {
            assertThat((int) CLOSE.invoke(fd)).isZero();
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Test
    void itsStreamsAreWhatTheCommandSays(Io io, @TempDir Path folder) throws Exception {
        Path from = Files.writeString(folder.resolve("from"), "one\ntwo\n");
        Path to = folder.resolve("to");
        Command script = Command.of("sh", "-c", "cat; echo error >&2; echo output");
        File input = open(io, from, OpenOptions.READ);
        File output = open(io, to, OpenOptions.REPLACE);
        try (input; output;
                Child child = io.spawn(
                    script.withInput(Stdio.of(input)).withOutput(Stdio.of(output)).withError(Stdio.OUTPUT))) {
            assertThat(child.await()).isEqualTo(SUCCESS);
            assertThatThrownBy(child::input)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("is no pipe");
            assertThatThrownBy(child::output).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(child::error).isInstanceOf(IllegalStateException.class);
        }
        assertThat(to).hasContent("one\ntwo\nerror\noutput\n");
        assertFails(Operation.SPAWN, Reason.CLOSED, () -> io.spawn(script.withOutput(Stdio.of(output))));

        // By default it reads nothing, and does not wait for it.
        try (Child child = io.spawn(script.withOutput(Stdio.PIPE).withError(Stdio.PIPE))) {
            assertThat(ChildProcesses.text(child.output())).isEqualTo("output\n");
            assertThat(ChildProcesses.text(child.error())).isEqualTo("error\n");
            assertThat(child.await()).isEqualTo(SUCCESS);
        }
        assertThat(output(io, script.withOutput(Stdio.PIPE).withError(Stdio.OUTPUT))).isEqualTo("error\noutput\n");
        assertThat(output(io, script.withOutput(Stdio.PIPE).withError(Stdio.NULL))).isEqualTo("output\n");
    }

    private static File open(Io io, Path path, OpenOptions options) throws IoException {
        return io.currentDirectory().openFile(path.toString(), options);
    }

    @Test
    void whatIsOfAnotherIoIsRefused(Io io, Opener opener, @TempDir Path folder) throws Exception {
        try (Io other = opener.open(IoOptions.DEFAULT);
                File file = open(other, Files.createFile(folder.resolve("file")), OpenOptions.READ);
                Directory directory = other.currentDirectory().openDirectory(folder.toString())) {
            Command cat = Command.of("cat").withOutput(Stdio.PIPE).withError(Stdio.PIPE);
            assertThatThrownBy(() -> io.spawn(cat.withInput(Stdio.of(file))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is not a file of this Io");
            assertThatThrownBy(() -> io.spawn(cat.withDirectory(directory)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is not a directory of this Io");
        }
    }

    @Test
    void signalsAreAsByDefault(Io io) throws Exception {
        assertThat(output(io, Command.of("cat", "/proc/self/status").withOutput(Stdio.PIPE)).lines())
                .contains("SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000", "SigCgt:\t0000000000000000");
        try (Child writer = io.spawn(Command.of("yes").withOutput(Stdio.PIPE))) {
            assertThat(writer.output().read(new byte[2])).isEqualTo(2);
            writer.output().close();
            assertThat(writer.await()).isEqualTo(new Exit.Killed(SIGPIPE, false));
        }
        try (Child ended = io.spawn(Command.of("true").withInput(Stdio.PIPE))) {
            ended.await();
            assertFails(Operation.WRITE_FILE, Reason.BROKEN_PIPE, () -> ended.input().write(ByteBuffer.allocate(1)));
        }
    }

    @Test
    void argumentsArriveAsTheyAre(Io io) throws Exception {
        Command echo = Command.of("printf", "%s|").withOutput(Stdio.PIPE);
        assertThat(output(io, echo.withArguments("", "two words", "*", "$HOME", "'\"\\", "Ü\n"))).isEqualTo(
                "|two words|*|$HOME|'\"\\|Ü\n|");
        // A name that a folder lists may have bytes that are no text.
        try (Child child = io.spawn(echo.withArguments("\udcff"))) {
            assertThat(ChildProcesses.bytes(child.output())).isEqualTo(new byte[] {(byte) 0xff, '|'});
        }
        String longest = "x".repeat(131_071);
        assertThat(output(io, echo.withArguments(longest, longest))).hasSize(2 * 131_072);
        String tooLong = assertFails(
                Operation.SPAWN, Reason.ARGUMENTS_TOO_LONG, () -> io.spawn(echo.withArguments(longest + "x")))
                .getMessage();
        assertThat(tooLong).startsWith("spawn printf: ").endsWith("(E2BIG)");
    }

    @Test
    void whatCannotBeRunIsRefusedByName(Io io, @TempDir Path folder) throws Exception {
        String text = Files.writeString(folder.resolve("text"), "text").toString();
        assertThat(assertFails(Operation.SPAWN, Reason.ACCESS_DENIED, () -> io.spawn(Command.of(text))))
                .hasMessage("spawn " + text + ": access denied (EACCES)");
        assertFails(Operation.SPAWN, Reason.ACCESS_DENIED, () -> io.spawn(Command.of(folder.toString())));
        String garbage = script(folder.resolve("garbage"), "neither program nor script\n");
        assertFails(Operation.SPAWN, Reason.NOT_EXECUTABLE, () -> io.spawn(Command.of(garbage)));
        String lost = script(folder.resolve("lost"), "#!/nowhere/interpreter\n");
        assertThat(assertFails(Operation.SPAWN, Reason.FILE_NOT_FOUND, () -> io.spawn(Command.of(lost))))
                .hasMessage("spawn " + lost + ", whose interpreter is missing: no such file or directory (ENOENT)");
        String loop = Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop")).toString();
        assertFails(Operation.SPAWN, Reason.SYMLINK_LOOP, () -> io.spawn(Command.of(loop)));
        assertFails(Operation.SPAWN, Reason.NOT_A_DIRECTORY, () -> io.spawn(Command.of(text + "/below")));
        String long300 = "/" + "x".repeat(300);
        assertFails(Operation.SPAWN, Reason.NAME_TOO_LONG, () -> io.spawn(Command.of(long300)));
        String endless = "/x".repeat(5000);
        assertFails(Operation.SPAWN, Reason.NAME_TOO_LONG, () -> io.spawn(Command.of(endless)));
        String busy = script(folder.resolve("busy"), "#!/bin/sh\n");
        try (File _ = open(io, Path.of(busy), new OpenOptions(OpenOptions.Access.WRITE, Set.of(), 0))) {
            assertFails(Operation.SPAWN, Reason.FILE_BUSY, () -> io.spawn(Command.of(busy)));
        }
    }

    private static String script(Path path, String text) throws IOException {
        Files.writeString(path, text);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        return path.toString();
    }

    @Test
    void aFloodThatNobodyReadsIsEndedByClosing(Io io) throws Exception {
        Command flood = Command.of("sh", "-c", "yes >&2 & exec yes").withOutput(Stdio.PIPE).withError(Stdio.PIPE);
        Child child = io.spawn(flood);
        try (child) {
            assertThat(child.output().read(new byte[2])).isEqualTo(2);
            assertThat(child.error().read(new byte[2])).isEqualTo(2);
            assertThat(child.poll()).isNull();
        }
        assertThat(child.await()).isEqualTo(KILLED);
        assertThat(ChildProcesses.exists(child.pid())).isFalse();
        assertFails(Operation.READ_FILE, Reason.CLOSED, () -> child.output().read(new byte[2]));
        child.close();
    }

    @ParameterizedTest
    @EnumSource
    void whoBeginsToAwaitAChildThatIsBeingClosedHearsOfItsEnd(Caller caller, Io io) throws Exception {
        List<Child> children = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            children.add(io.spawn(FOREVER));
        }
        Caller.Call<Object> awaiting = caller.start(io, () -> {
            for (Child child : children) {
                assertThat(child.await()).isEqualTo(KILLED);
            }
            return null;
        });
        for (Child child : children) {
            child.close();
        }
        awaiting.result();
    }

    @ParameterizedTest
    @EnumSource
    void aCanceledAwaitLeavesOrKillsAsTheCommandSays(Caller caller, Io io) throws Exception {
        for (AtClose atClose : AtClose.values()) {
            CompletableFuture<Child> spawned = new CompletableFuture<>();
            Caller.Call<Exit> awaiting = caller.<Exit>start(io, () -> {
                try (Child child = io.spawn(FOREVER.withAtClose(atClose))) {
                    spawned.complete(child);
                    return child.await();
                }
            });
            Child child = spawned.get();
            awaiting.blocked();
            assertThatThrownBy(awaiting::stop).isInstanceOf(CanceledException.class);
            boolean goesOn = ChildProcesses.exists(child.pid());
            assertThat(goesOn).isEqualTo(atClose == AtClose.LEAVE);
            if (goesOn) {
                assertFails(Operation.AWAIT_CHILD, Reason.CLOSED, child::await);
                assertFails(Operation.AWAIT_CHILD, Reason.CLOSED, child::poll);
                assertThat(child.kill()).isFalse();
                ProcessHandle.of(child.pid()).orElseThrow().destroyForcibly();
                Eventually.await("the end of " + child, () -> !ChildProcesses.exists(child.pid()));
            } else {
                assertThat(child.await()).isEqualTo(KILLED);
            }
        }
    }

    @Test
    void anAwaitObeysALimitOfTime(Io io) throws Exception {
        try (Child child = io.spawn(FOREVER)) {
            assertLate(io, Duration.ofMillis(20), child::await);
            assertThat(child.poll()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void allThatAwaitHearTheSame(Caller caller, Io io) throws Exception {
        try (Child child = io.spawn(FOREVER)) {
            List<Caller.Call<Exit>> awaiting = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                awaiting.add(caller.<Exit>start(io, child::await).blocked());
            }
            assertThat(child.terminate()).isTrue();
            for (Caller.Call<Exit> each : awaiting) {
                assertThat(each.result()).isEqualTo(new Exit.Killed(SIGTERM, false));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void closingIsHeardByThoseThatAwait(Caller caller, Io io) throws Exception {
        for (AtClose atClose : AtClose.values()) {
            Child child = io.spawn(FOREVER.withAtClose(atClose));
            List<Caller.Call<Exit>> awaiting = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                awaiting.add(caller.<Exit>start(io, child::await).blocked());
            }
            caller.run(io, child::close);
            if (atClose == AtClose.LEAVE) {
                assertThat(ChildProcesses.exists(child.pid())).isTrue();
                ProcessHandle.of(child.pid()).orElseThrow().destroyForcibly();
            }
            for (Caller.Call<Exit> each : awaiting) {
                assertThat(each.result()).isEqualTo(KILLED);
            }
        }
    }

    @Test
    void manyLeaveNothingBehind(Io io) throws Exception {
        Command command = Command.of("/bin/true").withOutput(Stdio.PIPE);
        for (int i = 0; i < Rounds.of(1000); i++) {
            Child child = io.spawn(command);
            try (child) {
                assertThat(child.await()).isEqualTo(SUCCESS);
            }
            assertThat(ChildProcesses.exists(child.pid())).isFalse();
        }
        assertThat(ChildProcesses.zombies()).isEmpty();
    }

    @Test
    void manyAtOnceLeaveNothingBehind(Io io) throws Exception {
        try (Group<IoException> group = io.group()) {
            for (int i = 0; i < 64; i++) {
                Command command = Command.of("sh", "-c", "echo " + i + "; exit " + i).withOutput(Stdio.PIPE);
                int number = i;
                group.concurrent(() -> {
                    try (Child child = io.spawn(command)) {
                        String text;
                        try {
                            text = ChildProcesses.text(child.output());
                        } catch (IOException failed) {
                            throw new AssertionError(failed);
                        }
                        assertThat(text).isEqualTo(number + "\n");
                        assertThat(child.await()).isEqualTo(new Exit.Ended(number));
                    }
                });
            }
            group.await();
        }
        assertThat(ChildProcesses.zombies()).isEmpty();
    }

    /** Nobody awaits or closes them; what they have open is theirs until somebody does. */
    @Test
    void oneThatNobodyAwaitsIsNoZombie(Io io) throws Exception {
        List<Child> children = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            children.add(io.spawn(Command.of("sh", "-c", "exit 7")));
        }
        for (Child child : children) {
            Eventually.await("the end of " + child, () -> !ChildProcesses.exists(child.pid()));
        }
        for (Child child : children) {
            assertThat(child.poll()).isEqualTo(new Exit.Ended(7));
            child.close();
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TASK")
    void worksOnAfterTheEndOfItsIo(Caller caller, Opener opener, Io other) throws Exception {
        Io io = opener.open(IoOptions.DEFAULT);
        Child running = io.spawn(FOREVER.withOutput(Stdio.PIPE));
        Child ending = io.spawn(Command.of("cat").withInput(Stdio.PIPE));
        Child left = io.spawn(FOREVER.withAtClose(AtClose.LEAVE));
        AtomicReference<Child> ofTask = new AtomicReference<>();
        io.concurrent(() -> {
            try (Child child = io.spawn(FOREVER)) {
                ofTask.set(child);
                return child.await();
            }
        });
        Eventually.await("the task's child", () -> ofTask.get() != null);
        io.close();
        assertThat(ChildProcesses.exists(ofTask.get().pid())).isFalse();
        assertThat(ChildProcesses.exists(running.pid())).isTrue();
        caller.run(other, () -> {
            running.close();
            assertThat(ChildProcesses.exists(running.pid())).isFalse();
            ending.input().close();
            Eventually.await("the end of " + ending, () -> !ChildProcesses.exists(ending.pid()));
            ending.close();
            assertThat(left.terminate()).isTrue();
            left.close();
        });
        Eventually.await("the end of " + left, () -> !ChildProcesses.exists(left.pid()));
    }

    /** The kernel would forget the children's ends where the process has inherited that it ignores them. */
    @Test
    void endsAreToldWhereTheProcessIgnoredThem(Io io) throws Exception {
        assertThat(ChildJvm.runIgnoringChildren(AwaitingProgram.class, io.backend()))
                .containsExactly("ended with status 5");
    }

    /** Awaits a child. */
    static final class AwaitingProgram {
        private AwaitingProgram() {}

        public static void main(String[] arguments) throws Exception {
            try (Io io = Io.open(IoOptions.DEFAULT.withBackend(arguments[0]));
                    Child child = io.spawn(Command.of("sh", "-c", "exit 5"))) {
                System.out.println(child.await());
            }
        }
    }

    /** At whichever step there are no descriptors left, the reason is told, and nothing stays. */
    @Test
    void aLackOfDescriptorsIsToldAtEachStep(Io io) throws Exception {
        assertThat(ChildJvm.runWithDescriptors(100, ShortageProgram.class, io.backend()))
                .containsExactly("refused at each step");
    }

    /** Spawns with one more descriptor each time, until that is enough. */
    static final class ShortageProgram {
        private ShortageProgram() {}

        public static void main(String[] arguments) throws Exception {
            try (Io io = Io.open(IoOptions.DEFAULT.withBackend(arguments[0]))) {
                // What this program needs itself must be there before the shortage.
                attempt(io, Integer.MAX_VALUE);
                int all = attempt(io, Integer.MAX_VALUE);
                int refusals = 0;
                while (attempt(io, refusals) < 0) {
                    refusals++;
                    Eventually.await("all descriptors are free again", () -> closeAll(hoard()) == all);
                    assertThat(ChildProcesses.children(".")).isEmpty();
                }
                System.out.println(refusals > 5 && refusals <= 10 ? "refused at each step" : refusals + " refusals");
            }
        }

        /** How many descriptors there were when a child was spawned with so many; -1 if it was refused. */
        private static int attempt(Io io, int free) throws IOException {
            Command command = Command.of("true").withDirectory("/").withInput(Stdio.PIPE).withOutput(Stdio.PIPE)
                    .withError(Stdio.PIPE);
            List<FileInputStream> hoard = hoard();
            for (int i = 0; i < free && !hoard.isEmpty(); i++) {
                hoard.removeLast().close();
            }
            try (Child child = io.spawn(command)) {
                assertThat(child.await()).isEqualTo(SUCCESS);
            } catch (IoException refused) {
                if (refused.reason() != Reason.PROCESS_FD_LIMIT) {
                    throw refused;
                }
                return -1;
            } finally {
                closeAll(hoard);
            }
            assertThat(ChildProcesses.children(".")).isEmpty();
            // With the reaper's, as long as it remembers the child.
            Eventually.await("the reaper has ended", () -> Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().equals("gyre-reaper")));
            return closeAll(hoard());
        }

        /** All descriptors that there are. */
        private static List<FileInputStream> hoard() {
            List<FileInputStream> hoard = new ArrayList<>();
            while (true) {
                try {
                    hoard.add(new FileInputStream("/dev/null"));
                } catch (IOException none) {
                    return hoard;
                }
            }
        }

        private static int closeAll(List<FileInputStream> hoard) {
            try {
                for (FileInputStream each : hoard) {
                    each.close();
                }
            } catch (IOException failed) {
                throw new AssertionError(failed);
            }
            return hoard.size();
        }
    }

    private static String output(Io io, Command command) throws IOException {
        try (Child child = io.spawn(command)) {
            String text = ChildProcesses.text(child.output());
            assertThat(child.await()).isEqualTo(SUCCESS);
            return text;
        }
    }
}
