package dev.gyre.uring;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.gyre.ring.RingException;
import dev.gyre.ring.RingOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * What {@link PreemptionTest} runs in a virtual machine of its own, whose classes {@link PreemptionAgent} has
 * transformed: tests of the conformance suite, up to the first that fails.
 */
final class PreemptionRun {
    private PreemptionRun() {}

    /** The argument is a pattern of the tests' unique ids. */
    public static void main(String[] arguments) throws Exception {
        PostDiscoveryFilter part = test -> FilterResult.includedIf(
                !test.getChildren().isEmpty() || test.getUniqueId().toString().matches(arguments[0]));
        Progress progress = new Progress();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClass(UringConformanceTest.class))
                .filters(EngineFilter.includeEngines("junit-jupiter"), part)
                .build();
        Thread.ofPlatform().daemon().name("watch").start(progress::watch);
        Preemption.begin();
        System.out.println(Unguarded.run());
        LauncherFactory.create().execute(request, progress);
        System.out.println(Preemption.switches() + " switches");
        System.out.println(progress.passed + " tests passed");
        // Not by return: what a test has left behind is no longer of interest.
        System.exit(0);
    }

    /** Ends the run at the first failure, and where no test begins or ends for a long time. */
    private static final class Progress implements TestExecutionListener {
        /** Twice what a test of the suite may take. */
        private static final int SILENCE_SECONDS_MAX = 60;

        private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
        private int passed;

        @Override
        public void executionStarted(TestIdentifier test) {
            events.add("running " + test.getUniqueId());
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            events.add("after " + test.getUniqueId());
            if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                System.out.println("failed: " + test.getUniqueId());
                result.getThrowable().ifPresent(failure -> failure.printStackTrace(System.out));
                System.exit(1);
            }
            if (test.isTest() && result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) {
                passed++;
            }
        }

        private void watch() {
            String last = "at the start";
            try {
                for (String event = last; event != null; event = events.poll(SILENCE_SECONDS_MAX, TimeUnit.SECONDS)) {
                    last = event;
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            System.out.println("hangs: " + last);
            try {
                Path dump = Files.createTempDirectory("preemption").resolve("threads.txt");
                ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                        .dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
                System.out.println(Files.readString(dump));
            } catch (IOException failure) {
                failure.printStackTrace(System.out);
            }
            Runtime.getRuntime().halt(1);
        }
    }

    /** What has to go wrong: fibers of one loop that share a number, and may be switched out while they count. */
    private static final class Unguarded implements FiberHandler {
        private static final int FIBERS = 4;
        private static final int ROUNDS = 100;

        private int count;

        /** Says how much was lost. */
        static String run() throws RingException, InterruptedException {
            LoopThread loop = new LoopThread(Unguarded.class, 0, RingOptions.DEFAULT);
            loop.open();
            Unguarded shared = new Unguarded();
            List<Thread> fibers = new ArrayList<>();
            for (int i = 0; i < FIBERS; i++) {
                fibers.add(VirtualThreads.unstarted(loop, "fiber-" + i, shared, shared::count));
            }
            fibers.forEach(Thread::start);
            for (Thread fiber : fibers) {
                fiber.join();
            }
            loop.shutdown();
            return shared.count < FIBERS * ROUNDS ? "unguarded counts are lost" : "no unguarded count is lost";
        }

        private void count() {
            for (int i = 0; i < ROUNDS; i++) {
                int seen = count;
                LockSupport.unpark(null); // does nothing, and is not known for it
                count = seen + 1;
            }
        }
    }
}
