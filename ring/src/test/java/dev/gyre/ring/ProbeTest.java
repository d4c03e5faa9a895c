package dev.gyre.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gyre.linux.IoUringOp;
import dev.gyre.linux.KernelRelease;
import dev.gyre.linux.Processes;
import dev.gyre.ring.file.MkdirAt;
import dev.gyre.ring.socket.Accept;
import dev.gyre.ring.wait.WaitId;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is said of the running kernel. */
@Tag("R9")
final class ProbeTest {
    @Test
    void everyNewKernelHasEverythingThatIsAskedFor() {
        Probe probe = Probe.run();
        assumeTrue(probe.refusal().isEmpty(), () -> "probe failed: " + probe.refusal());
        KernelRelease release = Processes.uname();
        for (Probe.Finding finding : probe.findings()) {
            KernelRelease first = KernelRelease.parse(finding.firstKernel());
            // An older kernel may have it all the same, by a back-port; a newer one must.
            if (release.isAtLeast(first.major(), first.minor())) {
                assertThat(finding.works()).as(finding.toString()).isTrue();
            }
        }
        assertThat(probe.findings().stream().map(Probe.Finding::kind).distinct())
                .containsExactlyInAnyOrder(Probe.Kind.values());
    }

    @Test
    void aRingSaysHowManyWorkersItMayHave() throws Exception {
        try (Ring ring = Ring.open(new RingOptions(4, 8))) {
            int before = ring.limitWorkers(3);
            assumeTrue(before >= 0, () -> "limiting workers failed: " + before);
            assertThat(before).isPositive();
            assertThat(ring.limitWorkers(2)).isEqualTo(3);
        }
    }

    @Test
    void itAsksOnceAndLeavesNothingBehind() throws Exception {
        Probe first = Probe.run();
        Set<String> before = Loops.resources();
        assertThat(Probe.run()).isSameAs(first);
        assertThat(FlagProbe.run()).isNotEmpty();
        assertThat(Loops.resources()).isEqualTo(before);
    }

    @Test
    void anOperationOfTheFutureIsNotThere() {
        assertThat(Probe.hasOperation(IoUringOp.IORING_OP_NOP)).isTrue();
        assertThat(Probe.hasOperation(250)).isFalse();
    }

    @Test
    void everyKindSaysWhatItIs() {
        for (OperationKind kind : List.of(Accept.KIND, MkdirAt.KIND, Post.KIND, WaitId.KIND)) {
            assertThat(kind.name()).isNotBlank();
            assertThat(kind.firstKernel()).matches("\\d\\.\\d+");
            assertThat(kind.manual()).matches("\\w+\\(\\d\\)");
        }
    }
}
