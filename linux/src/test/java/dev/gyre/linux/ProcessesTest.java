package dev.gyre.linux;

import static dev.gyre.linux.Native.assertFails;
import static dev.gyre.linux.Native.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ProcessesTest {
    @Test
    void idsAreTheKernels() throws Exception {
        assertThat(Processes.getpid()).isEqualTo(Math.toIntExact(ProcessHandle.current().pid()));
        int here = Processes.gettid();
        CompletableFuture<Integer> there = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> there.complete(Processes.gettid()));
        assertThat(there.get(10, TimeUnit.SECONDS)).isPositive().isNotEqualTo(here);
    }

    @Test
    void thePageSizeIsAPowerOf2() {
        assertThat(Integer.bitCount(Processes.getpagesize())).isEqualTo(1);
        assertThat(Processes.getpagesize()).isGreaterThanOrEqualTo(4096);
    }

    @Test
    void limitsAreAskedForAndSet() {
        ResourceLimit files = Processes.getrlimit(Processes.RLIMIT_NOFILE);
        assertThat(files.current()).isPositive();
        assertThat(files.raised()).isEqualTo(new ResourceLimit(files.maximum(), files.maximum()));
        ok(Processes.setrlimit(Processes.RLIMIT_NOFILE, files));
        assertThat(Processes.getrlimit(Processes.RLIMIT_NOFILE)).isEqualTo(files);
        assertFails(Processes.setrlimit(Processes.RLIMIT_NOFILE, new ResourceLimit(10, 9)), Errno.EINVAL);
        assertThatThrownBy(() -> Processes.getrlimit(99))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("getrlimit(99)")
                .hasMessageContaining("EINVAL");
    }

    @Test
    void aThreadIsRestrictedToProcessors() throws Exception {
        CompletableFuture<String> status = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment mask = arena.allocate(1024);
                int length = ok(Processes.schedGetaffinity(0, mask));
                BitSet allowed = BitSet.valueOf(mask.asSlice(0, length).asByteBuffer());
                int last = allowed.length() - 1;
                mask.fill((byte) 0);
                mask.set(ValueLayout.JAVA_BYTE, last / 8, (byte) (1 << last % 8));
                ok(Processes.schedSetaffinity(0, mask.asSlice(0, length)));
                String task = Files.readString(Path.of("/proc/self/task/" + Processes.gettid() + "/status"));
                status.complete(task.contains("Cpus_allowed_list:\t" + last + "\n") ? "pinned" : task);
                mask.fill((byte) 0);
                assertFails(Processes.schedSetaffinity(0, mask), Errno.EINVAL);
            } catch (Throwable failed) {
                status.completeExceptionally(failed);
            }
        }).join();
        assertThat(status.get()).isEqualTo("pinned");
    }

    @Test
    void theKernelIsNamed() {
        KernelRelease kernel = Processes.uname();
        assertThat(kernel.release()).isEqualTo(System.getProperty("os.version"));
        assertThat(kernel.isAtLeast(3, 17)).as("older kernels cannot run JDK 25").isTrue();
        assertThat(kernel.isAtLeast(kernel.major(), kernel.minor())).isTrue();
        assertThat(kernel.isAtLeast(kernel.major(), kernel.minor() + 1)).isFalse();
    }

    @Test
    void releasesAreRead() {
        assertThat(KernelRelease.parse("6.1.0-18-amd64"))
                .isEqualTo(new KernelRelease("6.1.0-18-amd64", 6, 1))
                .hasToString("6.1.0-18-amd64");
        assertThat(KernelRelease.parse("5.15.153.1-microsoft-standard-WSL2").minor()).isEqualTo(15);
        assertThat(KernelRelease.parse("6.12").isAtLeast(5, 15)).isTrue();
        assertThat(KernelRelease.parse("4.18.0-553.el8").isAtLeast(5, 1)).isFalse();
        assertThatThrownBy(() -> KernelRelease.parse("mainline"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"mainline\"");
    }

    @Test
    void threadsHaveNames() throws Exception {
        CompletableFuture<String> name = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment text = arena.allocateFrom("gyre-test");
                ok(Processes.prctl(Processes.PR_SET_NAME, text.address(), 0, 0, 0));
                MemorySegment answer = arena.allocate(16);
                ok(Processes.prctl(Processes.PR_GET_NAME, answer.address(), 0, 0, 0));
                name.complete(answer.getString(0));
            }
        });
        assertThat(name.get(10, TimeUnit.SECONDS)).isEqualTo("gyre-test");
        assertFails(Processes.prctl(-1, 0, 0, 0, 0), Errno.EINVAL);
    }

    @Test
    void unsupportedMachinesAreRefusedByName() {
        assertThat(Architecture.of("Linux", "amd64")).isEqualTo(Architecture.X86_64);
        assertThat(Architecture.of("Linux", "aarch64")).isEqualTo(Architecture.AARCH64);
        assertThatThrownBy(() -> Architecture.of("Linux", "riscv64"))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("riscv64");
        assertThatThrownBy(() -> Architecture.of("Mac OS X", "aarch64"))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("Mac OS X");
        assertThat(Architecture.AARCH64.choose(1, 2)).isEqualTo(2);
        assertThat(Architecture.X86_64.choose(1, 2)).isEqualTo(1);
    }
}
