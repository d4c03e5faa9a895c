package dev.gyre.linux;

import static dev.gyre.linux.Native.assertFails;
import static dev.gyre.linux.Native.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** Children, from their start by the C library to their end. */
final class SpawnTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void theLibraryCan() {
        if (!Spawn.isSupported()) {
            throw new TestAbortedException("skipped: the C library has no posix_spawn_file_actions_addclosefrom_np");
        }
    }

    @Test
    void aChildDoesWhatItsActionsSayAndEnds() throws Exception {
        Path output = folder.resolve("output");
        int child = spawn("/bin/sh", output, "sh", "-c", "pwd; echo $GYRE; ls /proc/$$/fd; exit 3");
        assertThat(child).isPositive();
        assertThat(Processes.waitid(Processes.P_PID, child, Processes.WEXITED))
                .isEqualTo(new ChildChange(0, child, Processes.CLD_EXITED, 3));
        assertThat(output).hasContent("/\nyes\n0\n1\n2\n");
        assertThat(Processes.waitid(Processes.P_PID, child, Processes.WEXITED).result())
                .isEqualTo(-Errno.ECHILD.code());
    }

    @Test
    void aChildIsKnownByItsDescriptor() throws Exception {
        int child = spawn("/bin/sleep", folder.resolve("output"), "sleep", "1000");
        int pidfd = ok(Processes.pidfdOpen(child, 0));
        assertThat(Processes.waitid(Processes.P_PIDFD, pidfd, Processes.WEXITED | Processes.WNOHANG).result())
                .isEqualTo(-Errno.EAGAIN.code());
        assertFails(Processes.pidfdSendSignal(pidfd, 65), Errno.EINVAL);
        ok(Processes.pidfdSendSignal(pidfd, 0));
        ok(Processes.pidfdSendSignal(pidfd, Signals.SIGTERM));
        assertThat(Processes.waitid(Processes.P_PIDFD, pidfd, Processes.WEXITED))
                .isEqualTo(new ChildChange(0, child, Processes.CLD_KILLED, Signals.SIGTERM));
        assertFails(Processes.pidfdSendSignal(pidfd, Signals.SIGTERM), Errno.ESRCH);
        ok(dev.gyre.linux.Files.close(pidfd));
        assertFails(Processes.pidfdOpen(child, 0), Errno.ESRCH);
        assertFails(Processes.kill(child, 0), Errno.ESRCH);
    }

    @Test
    void whatCannotBeRunIsRefused() throws Exception {
        assertFails(spawn("/nowhere", folder.resolve("output"), "nowhere"), Errno.ENOENT);
        assertFails(spawn("/etc/passwd", folder.resolve("output"), "passwd"), Errno.EACCES);
        assertFails(spawn("/bin/true", folder.resolve("output"), "true", "x".repeat(200_000)), Errno.E2BIG);
    }

    @Test
    void theEnvironmentIsThatOfTheProcess() throws Exception {
        Process reference = new ProcessBuilder("env", "-0").start();
        String printed = new String(reference.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        assertThat(Processes.environment().stream().map(each -> new String(each, StandardCharsets.ISO_8859_1)))
                .containsExactlyInAnyOrder(printed.split("\0"));
    }

    private static int spawn(String program, Path output, String... arguments) throws Exception {
        Files.deleteIfExists(output);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(1 << 20, Long.BYTES);
            SegmentAllocator allocator = SegmentAllocator.slicingAllocator(memory);
            MemorySegment actions = allocator.allocate(Spawn.FILE_ACTIONS_SIZE, Long.BYTES);
            ok(Spawn.initActions(actions));
            MemorySegment path = allocator.allocateFrom("/");
            int root = ok(dev.gyre.linux.Files.openat(
                    Directories.AT_FDCWD, path, dev.gyre.linux.Files.O_PATH | dev.gyre.linux.Files.O_CLOEXEC, 0));
            int file = ok(dev.gyre.linux.Files.openat(Directories.AT_FDCWD, allocator.allocateFrom(output.toString()),
                    dev.gyre.linux.Files.O_CREAT | dev.gyre.linux.Files.O_WRONLY, 0600));
            ok(Spawn.addFchdir(actions, root));
            ok(Spawn.addOpen(actions, 0, allocator.allocateFrom("/dev/null"), dev.gyre.linux.Files.O_RDONLY));
            ok(Spawn.addDup2(actions, file, 1));
            ok(Spawn.addDup2(actions, 1, 2));
            ok(Spawn.addCloseFrom(actions, 3));
            MemorySegment attributes = allocator.allocate(Spawn.ATTRIBUTES_SIZE, Long.BYTES);
            ok(Spawn.initAttributes(attributes));
            MemorySegment signals = allocator.allocate(Spawn.SIGNAL_SET_SIZE, Long.BYTES);
            ok(Spawn.setSignalMask(attributes, signals));
            ok(Spawn.setSignalDefaults(attributes, signals));
            ok(Spawn.setFlags(attributes, Spawn.POSIX_SPAWN_SETSIGMASK | Spawn.POSIX_SPAWN_SETSIGDEF));
            MemorySegment id = allocator.allocate(ValueLayout.JAVA_INT);
            int result = Spawn.spawn(memory, id, allocator.allocateFrom(program), actions, attributes,
                    texts(allocator, List.of(arguments)), texts(allocator, List.of("GYRE=yes")));
            ok(Spawn.destroyAttributes(attributes));
            ok(Spawn.destroyActions(actions));
            ok(dev.gyre.linux.Files.close(file));
            ok(dev.gyre.linux.Files.close(root));
            return result < 0 ? result : id.get(ValueLayout.JAVA_INT, 0);
        }
    }

    private static MemorySegment texts(SegmentAllocator allocator, List<String> texts) {
        MemorySegment addresses = allocator.allocate(ValueLayout.JAVA_LONG, texts.size() + 1);
        for (int i = 0; i < texts.size(); i++) {
            addresses.setAtIndex(ValueLayout.JAVA_LONG, i, allocator.allocateFrom(texts.get(i)).address());
        }
        return addresses;
    }
}
