package dev.gyre.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.linux.Errno;
import dev.gyre.ring.Probe;
import dev.gyre.ring.RingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Doctor's judgement, on machines that are made up. */
final class ExaminationTest {
    private static final Probe PROBE = new Probe(Optional.empty(), List.of(
            new Probe.Finding(Probe.Kind.OPERATION, "nop", true, "5.1"),
            new Probe.Finding(Probe.Kind.OPERATION, "bind", false, "6.11")));

    private static final String LIMITS =
            """
            Limit                     Soft Limit           Hard Limit           Units
            Max locked memory         %s              8388608              bytes
            Max open files            %s                 1048576              files
            """;

    @TempDir
    private Path root;

    private Proc proc;

    @BeforeEach
    void aGoodMachine() throws IOException {
        proc = new Proc(root);
        put("sys/kernel/osrelease", "6.18.2-generic\n");
        put("sys/kernel/io_uring_disabled", "0\n");
        put("self/limits", LIMITS.formatted("8388608", "4096"));
        put("self/status", "Name:\tjava\nSeccomp:\t0\nSeccomp_filters:\t0\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"25.0.4", "25.0.4.1+3-LTS", "25.1", "26", "27-ea+3"})
    void aSoundJdkIsGood(String version) {
        assertThat(javaFinding(version, "version").advice()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"25", "25+36", "25.0.1", "25.0.3+9-LTS"})
    void aJdkWithTheStuckThreadIsNot(String version) {
        Finding finding = javaFinding(version, "version");

        assertThat(finding.value()).contains(version);
        assertThat(finding.advice()).contains("JDK-8373120", "25.0.4");
    }

    @Test
    void withoutTheFlagDoctorTellsTheFlag() {
        // The tests' own JVM has no --add-opens.
        assertThat(javaFinding("25.0.4", "virtual threads").advice())
                .contains("--add-opens java.base/java.lang=ALL-UNNAMED");
    }

    @Test
    void aModuleThatHasJavaLangOpenRunsOnTheLoop() {
        Section section = Examination.java(Runtime.version(), "Us", Object.class.getModule(), Object.class.getModule());

        assertThat(finding(section, "virtual threads").advice()).isNull();
        assertThat(finding(section, "native access").advice()).isNull();
    }

    @Test
    void aRefusedRingIsExplained() {
        Probe refused = new Probe(Optional.of(new RingException("io_uring_setup", 1)), List.of());

        Finding finding = finding(Examination.ioUring(proc, refused), "set-up");

        assertThat(finding.value()).startsWith("refused, ").contains("EPERM");
        assertThat(finding.advice()).isEqualTo("Gyre runs on threads here.");
    }

    @ParameterizedTest
    @CsvSource({
        "EPERM, 2, 0, sysctl, kernel.io_uring_disabled is 2",
        "EPERM, 1, 2, sysctl, kernel.io_uring_disabled is 1",
        "EPERM, 0, 2, seccomp, EPERM",
        "EPERM, 0, 0, security module, SELinux",
        "ENOSYS, 0, 2, seccomp, ENOSYS",
        "ENOSYS, 0, 0, kernel, 6.18.2-generic has no io_uring",
        "EACCES, 0, 0, security module, SELinux",
        "ENOMEM, 0, 0, memlock, 8192 KiB",
        "EINVAL, 0, 0, kernel, 6.18.2-generic",
        "EMFILE, 0, 0, open files, ulimit -n",
        "ENFILE, 0, 0, open files, fs.file-max",
        "EIO, 0, 0, kernel, EIO",
    })
    void whoRefusesIsNamed(Errno errno, String disabled, String seccomp, String who, String advice)
            throws IOException {
        put("sys/kernel/io_uring_disabled", disabled);
        put("self/status", "Seccomp:\t" + seccomp + "\n");
        Probe refused = new Probe(Optional.of(new RingException("io_uring_setup", errno.code())), List.of());

        Finding finding = finding(Examination.ioUring(proc, refused), "refused by");

        assertThat(finding.value()).isEqualTo(who);
        assertThat(finding.advice()).contains(advice);
    }

    @Test
    void withoutALimitOfLockedMemoryItIsMemoryThatLacks() throws IOException {
        put("self/limits", LIMITS.formatted("unlimited", "1024"));
        Probe refused = new Probe(Optional.of(new RingException("io_uring_setup", Errno.ENOMEM.code())), List.of());

        assertThat(finding(Examination.ioUring(proc, refused), "refused by").value()).isEqualTo("memory");
    }

    @Test
    void aGoodMachineNeedsNothing() {
        assertThat(Examination.system(proc, "amd64", 2).findings())
                .containsExactly(
                        Finding.good("kernel", "6.18.2-generic"),
                        Finding.good("architecture", "amd64"),
                        Finding.good("processors", "2"),
                        Finding.good("locked memory", "8192 KiB"),
                        Finding.good("open files", "4096"));
        assertThat(Examination.ioUring(proc, PROBE).findings())
                .containsExactly(
                        Finding.good("kernel.io_uring_disabled", "0, anyone may use it"),
                        Finding.good("seccomp", "off"),
                        Finding.good("set-up", "works"),
                        Finding.good("operations", "nop"),
                        Finding.warning("bind", "missing", "Linux has it from 6.11 on; Gyre works without."));
    }

    @ParameterizedTest
    @CsvSource({
        "6.1.0, true",
        "6.0.19, false",
        "5.15.0-91-generic, false",
        "7.0, true",
        "10.2.1, true",
        "weird, false"
    })
    void kernelsFrom61AreGood(String release, boolean good) throws IOException {
        put("sys/kernel/osrelease", release);

        Finding finding = finding(Examination.system(proc, "amd64", 2), "kernel");

        assertThat(finding.value()).isEqualTo(release);
        assertThat(finding.advice() == null).isEqualTo(good);
    }

    @Test
    void tightLimitsAreTold() throws IOException {
        put("self/limits", LIMITS.formatted("65536", "1024"));

        Section system = Examination.system(proc, "amd64", 2);

        assertThat(finding(system, "locked memory")).extracting(Finding::value).isEqualTo("64 KiB");
        assertThat(finding(system, "locked memory").advice()).contains("ulimit -l");
        assertThat(finding(system, "open files").advice()).contains("ulimit -Hn");
    }

    @Test
    void noLimitIsGood() throws IOException {
        put("self/limits", LIMITS.formatted("unlimited", "unlimited"));

        Section system = Examination.system(proc, "amd64", 2);

        assertThat(system.findings())
                .contains(Finding.good("locked memory", "unlimited"), Finding.good("open files", "unlimited"));
    }

    @Test
    void anUnknownArchitectureIsTold() {
        assertThat(finding(Examination.system(proc, "riscv64", 2), "architecture").advice()).contains("aarch64");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2"})
    void aSwitchedOffIoUringIsToldWithTheSwitch(String value) throws IOException {
        put("sys/kernel/io_uring_disabled", value);

        Finding finding = finding(Examination.ioUring(proc, PROBE), "kernel.io_uring_disabled");

        assertThat(finding.value()).startsWith(value);
        assertThat(finding.advice()).contains("sysctl kernel.io_uring_disabled=0");
    }

    @Test
    void aSeccompFilterIsTold() throws IOException {
        put("self/status", "Name:\tjava\nSeccomp:\t2\n");

        assertThat(finding(Examination.ioUring(proc, PROBE), "seccomp").value()).startsWith("on");
    }

    @Test
    void whatAKernelDoesNotTellIsLeftOut() throws IOException {
        Files.delete(root.resolve("sys/kernel/io_uring_disabled"));
        Files.delete(root.resolve("self/limits"));
        Files.delete(root.resolve("self/status"));

        assertThat(Examination.ioUring(proc, PROBE).findings())
                .extracting(Finding::name)
                .doesNotContain("kernel.io_uring_disabled", "seccomp");
        assertThat(Examination.system(proc, "amd64", 2).findings())
                .extracting(Finding::name)
                .containsExactly("kernel", "architecture", "processors");
    }

    private static Finding javaFinding(String version, String name) {
        Module here = ExaminationTest.class.getModule();
        return finding(Examination.java(Runtime.Version.parse(version), "Us", here, here), name);
    }

    private static Finding finding(Section section, String name) {
        return section.findings().stream()
                .filter(finding -> finding.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void put(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
