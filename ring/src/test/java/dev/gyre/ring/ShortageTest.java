package dev.gyre.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.linux.Errno;
import dev.gyre.linux.Files;
import dev.gyre.linux.Processes;
import dev.gyre.linux.ResourceLimit;
import dev.gyre.linux.Sockets;
import dev.gyre.linux.layout.Sockaddr;
import dev.gyre.ring.socket.Accept;
import dev.gyre.ring.socket.AcceptMultishot;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a process has no descriptors left, and so can load no further class from a folder. */
class ShortageTest {
    @TempDir
    private Path folder;

    @Test
    void aLoopNeedsNoFurtherClass() throws Exception {
        assertThat(run(WithoutClasses.class)).containsExactly(
                "a callback: NoClassDefFoundError", "a result: 0", "a refusal: -22", "a request to cancel: -125",
                "afterwards: 0");
    }

    @Test
    @Tag("A3")
    void anAcceptSaysSoAndFindsItsConnectionLater() throws Exception {
        assertThat(run(WithoutDescriptors.class)).containsExactly(
                "accept, refused 0 times", "accept, refused 20 times", "accept multishot, refused 20 times");
    }

    /** Runs a program that must end with status 0, with all classes in folders, and returns what it printed. */
    private List<String> run(Class<?> main) throws IOException, InterruptedException {
        List<String> path = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            path.add(entry.endsWith(".jar") && Path.of(entry).getFileName().toString().startsWith("gyre-")
                    ? unpacked(Path.of(entry))
                    : entry);
        }
        Process process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
                "-cp", String.join(File.pathSeparator, path), main.getName()).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("the status of %s, which printed:%n%s", main, output).isZero();
        return output.lines().toList();
    }

    private String unpacked(Path jar) throws IOException {
        Path target = java.nio.file.Files.createDirectory(folder.resolve(jar.getFileName()));
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : file.stream().filter(each -> each.getName().endsWith(".class")).toList()) {
                Path to = target.resolve(entry.getName());
                java.nio.file.Files.createDirectories(to.getParent());
                java.nio.file.Files.copy(file.getInputStream(entry), to);
            }
        }
        return target.toString();
    }

    /** Its loop was opened in time; one of its callbacks needs a class of its own. */
    static final class WithoutClasses {
        private WithoutClasses() {}

        public static void main(String[] arguments) throws Exception {
            ResourceLimit limit = Processes.getrlimit(Processes.RLIMIT_NOFILE);
            try (Loop loop = Loop.open(RingOptions.DEFAULT)) {
                int[] results = {1, 1, 1, 1};
                Nop demanding = new Nop(operation -> Needed.greet());
                Nop modest = new Nop(operation -> results[0] = operation.result());
                Timeout timeout = new Timeout(Duration.ofDays(1), operation -> results[1] = operation.result());
                Operation refused = new Operation(operation -> results[3] = operation.result()) {
                    @Override
                    protected void prepare(Submission entry) {
                        entry.operation(Timeout.KIND.opcode(), -1);
                    }

                    @Override
                    public OperationKind kind() {
                        return Timeout.KIND;
                    }
                };
                Nop later = new Nop(operation -> results[2] = operation.result());
                Processes.setrlimit(Processes.RLIMIT_NOFILE, new ResourceLimit(0, limit.maximum()));
                loop.submit(demanding);
                loop.submit(modest);
                loop.submit(refused);
                loop.submit(timeout);
                try {
                    loop.turn(-1);
                } catch (NoClassDefFoundError missing) {
                    System.out.println("a callback: " + missing.getClass().getSimpleName());
                }
                loop.cancel(timeout);
                while (loop.inFlight() > 0) {
                    loop.turn(-1);
                }
                System.out.println("a result: " + results[0]);
                System.out.println("a refusal: " + results[3]);
                System.out.println("a request to cancel: " + results[1]);
                Processes.setrlimit(Processes.RLIMIT_NOFILE, limit);
                loop.submit(later);
                loop.turn(-1);
                System.out.println("afterwards: " + results[2]);
            }
        }
    }

    /** Connections come to accepts that are armed when there are no descriptors, which come back after a while. */
    static final class WithoutDescriptors {
        private static final Duration PAUSE = Duration.ofMillis(1);
        private static final int REFUSALS = 20;
        private static final int DESCRIPTORS_MAX = 100;

        private WithoutDescriptors() {}

        public static void main(String[] arguments) throws Exception {
            // The kernel notes the limit when an accept is submitted.
            ResourceLimit limit = Processes.getrlimit(Processes.RLIMIT_NOFILE);
            Processes.setrlimit(Processes.RLIMIT_NOFILE, new ResourceLimit(DESCRIPTORS_MAX, limit.maximum()));
            try (Loop loop = Loop.open(RingOptions.DEFAULT); Arena arena = loop.arena()) {
                MemorySegment address = arena.allocate(128, 8);
                MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, 128);
                int any = Sockaddr.writeInet4(address, new byte[] {127, 0, 0, 1}, 0);
                int listener = socket();
                check(Sockets.bind(listener, address, any) == 0 && Sockets.listen(listener, 1) == 0);
                check(Sockets.getsockname(listener, address, length) == 0);
                Waiting waiting = new Waiting(loop);
                // Without a shortage at first, for the classes that this program needs itself.
                connect(loop, new Accept(listener, 0, waiting), waiting, address, any, 0);
                for (Operation accept : List.of(
                        new Accept(listener, 0, waiting), new AcceptMultishot(listener, 0, waiting))) {
                    connect(loop, accept, waiting, address, any, REFUSALS);
                }
            }
        }

        private static void connect(Loop loop, Operation accept, Waiting waiting, MemorySegment address,
                int length, int refusals) throws RingException {
            waiting.accepted = -1;
            waiting.refusals = 0;
            loop.submit(accept);
            loop.tick();
            int client = socket();
            List<Integer> hoard = new ArrayList<>();
            for (int fd = Files.dup(client); fd >= 0 && refusals > 0; fd = Files.dup(client)) {
                hoard.add(fd);
            }
            check(Sockets.connect(client, address, length) == 0);
            int turns = 0;
            while (waiting.accepted < 0) {
                if (waiting.refusals == refusals) {
                    hoard.forEach(Files::close);
                    hoard.clear();
                }
                loop.turn(-1);
                turns++;
            }
            check(turns < 4 * REFUSALS + 4);
            System.out.println(accept.kind().name() + ", refused " + waiting.refusals + " times");
            loop.cancel(accept);
            Files.close(waiting.accepted);
            Files.close(client);
        }

        private static int socket() {
            return Sockets.socket(Sockets.AF_INET, Sockets.SOCK_STREAM | Sockets.SOCK_CLOEXEC, 0);
        }

        private static void check(boolean works) {
            if (!works) {
                throw new AssertionError("a call failed, or the loop is busy");
            }
        }

        /** Submits an accept again, a moment after it was refused. */
        private static final class Waiting implements Callback {
            private final Loop loop;
            private int refusals;
            private int accepted;

            Waiting(Loop loop) {
                this.loop = loop;
            }

            @Override
            public void completed(Operation accept) {
                if (accept.result() >= 0) {
                    accepted = accept.result();
                } else if (accept.result() == -Errno.EMFILE.code()) {
                    refusals++;
                    loop.submit(new Timeout(PAUSE, pause -> loop.submit(accept)));
                }
            }
        }
    }

    /** Not loaded before it is used. */
    private static final class Needed {
        static void greet() {
            System.out.println("a callback: found its class");
        }
    }
}
