package dev.gyre.uring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.BackendUnavailable;
import dev.gyre.io.Clock;
import dev.gyre.io.Connection;
import dev.gyre.io.File;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Task;
import dev.gyre.io.Timestamp;
import dev.gyre.io.conformance.ChildJvm;
import dev.gyre.io.conformance.Conformance;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Seccomp;
import dev.gyre.linux.SystemCallNumber;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.opentest4j.TestAbortedException;

/** Where the kernel refuses io_uring, or a part of it, a program runs all the same. */
@Tag("S4")
final class RefusedTest {
    private static final String NO_FILTER = "no filter: ";

    @ParameterizedTest
    @CsvSource({
        "EPERM, 'sysctl kernel.io_uring_disabled'",
        "ENOSYS, 'seccomp filter'",
        "ENOMEM, 'ulimit -l'",
        "EINVAL, 'older than 6.1'",
    })
    void withoutRingsItRunsOnThreadsAndSaysWhy(Errno errno, String advice) throws Exception {
        List<String> lines = run(Program.class, "setup", errno.name());

        assertThat(lines).contains("backend threaded", "echo works", "file works");
        assertThat(infos(lines)).singleElement().asString()
                .contains("io_uring_setup", errno.name(), advice, "using threads");
    }

    @ParameterizedTest
    @EnumSource(value = Errno.class, names = {"EPERM", "EINVAL"})
    void withoutRegistrationsTheRingsWork(Errno errno) throws Exception {
        List<String> lines = run(Program.class, "register", errno.name());

        assertThat(lines).contains("backend uring", "echo works", "file works");
        assertThat(infos(lines)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"setup, EPERM"})
    void whatEveryBackendMustDoIsDone(String call, Errno errno) throws Exception {
        List<String> lines = run(SuiteProgram.class, call, errno.name());

        assertThat(lines).as("%s", lines).anyMatch(line -> line.matches("[1-9][0-9]{2,} tests passed"));
    }

    /** The ring may be lost later, too: whoever needs it waits, the others go on, and nobody burns the processor. */
    @Test
    void aRingThatIsNotTakenAnyMoreIsReportedOnce() throws Exception {
        List<String> lines = run(LostRing.class);

        assertThat(lines).contains("still ticks", "is not busy");
        assertThat(lines.stream().filter(line -> line.startsWith("SEVERE: "))).singleElement().asString()
                .contains("gyre-loop-0", "refuses to be entered");
    }

    /** As on a machine with many processors, in a container with little memory. */
    @Test
    @Tag("T20")
    void withoutRoomForItsBuffersItRunsOnThreadsAndSaysHowToGiveThemSome() throws Exception {
        List<String> lines = ChildJvm.runWithHeap(16, ManyLoops.class);
        assertThat(lines).contains("backend threaded");
        assertThat(infos(lines)).singleElement().asString()
                .contains("fewer loops", "-XX:MaxDirectMemorySize", "using threads");
    }

    static final class ManyLoops {
        private ManyLoops() {}

        public static void main(String[] arguments) throws Exception {
            try (Io io = Io.open(IoOptions.DEFAULT.withLoops(32))) {
                System.out.println("backend " + io.backend());
            }
        }
    }

    private static List<String> infos(List<String> lines) {
        return lines.stream().filter(line -> line.startsWith("INFO: ")).toList();
    }

    private static void refuse(String call, Errno errno) {
        refuse(call.equals("setup") ? SystemCallNumber.IO_URING_SETUP : SystemCallNumber.IO_URING_REGISTER,
                errno);
    }

    /** In the child: lets the kernel answer a system call with an error from now on; that cannot be taken back. */
    private static void refuse(int systemCall, Errno errno) {
        int result = Seccomp.refuse(systemCall, errno);
        if (result < 0) {
            System.out.println(NO_FILTER + Errno.describe(-result));
            System.exit(0);
        }
    }

    private static List<String> run(Class<?> main, String... arguments) throws Exception {
        List<String> lines = ChildJvm.run(main, arguments);
        lines.stream().filter(line -> line.startsWith(NO_FILTER)).findFirst().ifPresent(line -> {
            System.out.println("skipped: the probe 'seccomp(2)' answered: " + line);
            throw new TestAbortedException(line);
        });
        return lines;
    }

    /** An echo, and the reading of a file. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) throws Exception {
            refuse(arguments[0], Errno.valueOf(arguments[1]));
            try (Io io = Io.open(); Arena arena = Arena.ofShared()) {
                System.out.println("backend " + io.backend());
                try (Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT)) {
                    Task<Object, Exception> echo = io.concurrent(() -> {
                        try (Connection connection = listener.accept()) {
                            MemorySegment buffer = arena.allocate(100);
                            connection.writeAll(buffer.asSlice(0, connection.read(buffer)));
                            return null;
                        }
                    });
                    try (Connection client = io.connect(listener.localAddress())) {
                        MemorySegment answer = arena.allocate(100);
                        client.writeAll(arena.allocateFrom("works"));
                        client.read(answer);
                        System.out.println("echo " + answer.getString(0));
                    }
                    echo.await();
                }
                try (File file = io.currentDirectory().openFile("/dev/zero", OpenOptions.READ)) {
                    MemorySegment buffer = arena.allocateFrom("no zeros");
                    file.read(buffer, 0);
                    System.out.println("file " + (buffer.getString(0).isEmpty() ? "works" : "is not read"));
                }
            }
        }
    }

    /** The backend that is chosen where none is named. */
    static final class Automatic extends Conformance {
        @Override
        public Io open(IoOptions options) throws BackendUnavailable {
            return Io.open(options);
        }

        @Override
        public int tasksAtOnce() {
            return 1000;
        }
    }

    /** The conformance suite, without what has nothing to do with the kernel. */
    static final class SuiteProgram {
        private static final String PART = ".*\\[nested-class:(Streams|Closing|OpenFiles)].*";

        private SuiteProgram() {}

        public static void main(String[] arguments) {
            refuse(arguments[0], Errno.valueOf(arguments[1]));
            LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                    .selectors(DiscoverySelectors.selectClass(Automatic.class))
                    .filters((PostDiscoveryFilter) test -> FilterResult.includedIf(
                            !test.getChildren().isEmpty() || test.getUniqueId().toString().matches(PART)))
                    .build();
            SummaryGeneratingListener listener = new SummaryGeneratingListener();
            LauncherFactory.create().execute(request, listener);
            listener.getSummary().getFailures().forEach(failure ->
                    System.out.println(failure.getTestIdentifier().getUniqueId() + ": " + failure.getException()));
            if (listener.getSummary().getTotalFailureCount() == 0) {
                System.out.println(listener.getSummary().getTestsSucceededCount() + " tests passed");
            }
            System.exit(0);
        }
    }

    /** A loop with a task that sleeps and one that reads, whose thread may not enter the ring any more. */
    static final class LostRing {
        private static final Duration TICK = Duration.ofMillis(10);

        private LostRing() {}

        public static void main(String[] arguments) throws Exception {
            @SuppressWarnings("resource") // it cannot be closed: somebody waits for an operation of the lost ring
            Io io = Io.open(IoOptions.DEFAULT.withBackend("uring").withLoops(1));
            io.sleep(TICK);
            refuse(SystemCallNumber.IO_URING_ENTER, Errno.EPERM);
            Task<Object, Exception> reader = io.concurrent(() -> {
                try (File file = io.currentDirectory().openFile("/dev/null", OpenOptions.READ)) {
                    return file;
                }
            });
            Timestamp start = io.now(Clock.PROCESS_CPU);
            Task<Object, Exception> ticker = io.concurrent(() -> {
                for (int i = 0; i < 100; i++) {
                    io.sleep(TICK);
                }
                return null;
            });
            ticker.await();
            System.out.println(reader.isDone() ? "read from nothing" : "still ticks");
            Duration busy = io.now(Clock.PROCESS_CPU).since(start);
            System.out.println(busy.compareTo(TICK.multipliedBy(60)) < 0 ? "is not busy" : "was busy for " + busy);
            Runtime.getRuntime().halt(0);
        }
    }
}
