package dev.gyre.cli;

import dev.gyre.io.BackendUnavailable;
import dev.gyre.io.Io;
import dev.gyre.linux.Errno;
import dev.gyre.ring.Probe;
import java.lang.Runtime.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The subjects of {@code doctor}. */
final class Examination {
    /** The first release of its line with a fix for JDK-8373120. */
    private static final Version SOUND_JDK = Version.parse("25.0.4");

    private static final Set<String> ARCHITECTURES = Set.of("amd64", "aarch64");

    /** What the kernel allows by itself since 5.16. */
    private static final long LOCKED_MEMORY_BYTES_USUAL = 8L << 20;

    private static final long OPEN_FILES_FEW = 4096;

    private static final Pattern KERNEL_RELEASE = Pattern.compile("(\\d+)\\.(\\d+).*");

    private Examination() {}

    /** The JDK that runs us, and what it was told to allow. */
    static Section java() {
        return java(
                Runtime.version(), System.getProperty("java.vendor"), ours("dev.gyre.uring"), ours("dev.gyre.linux"));
    }

    static Section java(Version version, String vendor, Module uring, Module linux) {
        return new Section("Java", List.of(version(version, vendor), virtualThreads(uring), nativeAccess(linux)));
    }

    /** The machine, its kernel, and the limits of this process. */
    static Section system() {
        return system(Proc.MOUNTED, System.getProperty("os.arch"), Runtime.getRuntime().availableProcessors());
    }

    static Section system(Proc proc, String architecture, int processors) {
        List<Finding> findings = new ArrayList<>();
        findings.add(kernel(proc.text("sys/kernel/osrelease").orElse("unknown")));
        findings.add(Finding.goodIf(
                ARCHITECTURES.contains(architecture),
                "architecture",
                architecture,
                "Gyre knows x86-64 and aarch64 only."));
        findings.add(Finding.good("processors", Integer.toString(processors)));
        proc.limit("Max locked memory").map(Examination::lockedMemory).ifPresent(findings::add);
        proc.limit("Max open files").map(Examination::openFiles).ifPresent(findings::add);
        return new Section("System", findings);
    }

    /** Whether the kernel, and whatever guards it, lets this process have an io_uring. */
    static Section ioUring() {
        return ioUring(Proc.MOUNTED, Probe.run());
    }

    static Section ioUring(Proc proc, Probe probe) {
        List<Finding> findings = new ArrayList<>();
        proc.text("sys/kernel/io_uring_disabled").map(Examination::disabled).ifPresent(findings::add);
        proc.status("Seccomp").map(Examination::seccomp).ifPresent(findings::add);
        probe(probe, findings);
        probe.refusal().map(refusal -> Refusal.explain(proc, refusal)).ifPresent(findings::add);
        return new Section("io_uring", findings);
    }

    /** What a program that asks for nothing in particular would run on. */
    static Section backend() {
        try (Io io = Io.open()) {
            return new Section("Backend", List.of(Finding.good("chosen", io.description())));
        } catch (BackendUnavailable none) {
            return new Section("Backend", List.of(
                    Finding.warning("chosen", "none", String.valueOf(none.getMessage()))));
        }
    }

    private static void probe(Probe probe, List<Finding> findings) {
        if (probe.refusal().isPresent()) {
            findings.add(Finding.warning(
                    "set-up",
                    "refused, " + Errno.describe(probe.refusal().get().errorNumber()),
                    "Gyre runs on threads here."));
            return;
        }
        findings.add(Finding.good("set-up", "works"));
        for (Probe.Kind kind : Probe.Kind.values()) {
            String working = probe.findings().stream()
                    .filter(finding -> finding.kind() == kind && finding.works())
                    .map(Probe.Finding::name)
                    .collect(Collectors.joining(" "));
            if (!working.isEmpty()) {
                findings.add(Finding.good(plural(kind), working));
            }
        }
        probe.findings().stream()
                .filter(finding -> !finding.works())
                .map(finding -> Finding.warning(finding.name(), "missing",
                        "Linux has it from " + finding.firstKernel() + " on; Gyre works without."))
                .forEach(findings::add);
    }

    private static String plural(Probe.Kind kind) {
        return switch (kind) {
            case SETUP -> "set-up flags";
            case FEATURE -> "features";
            case REGISTRATION -> "registrations";
            case OPERATION -> "operations";
            case FLAG -> "ways of using them";
        };
    }

    private static Finding version(Version version, String vendor) {
        return Finding.goodIf(
                version.feature() != SOUND_JDK.feature() || version.compareToIgnoreOptional(SOUND_JDK) >= 0,
                "version",
                version + ", " + vendor,
                "A virtual thread can get stuck in BLOCKED (JDK-8373120): use 25.0.4 or newer.");
    }

    private static Finding virtualThreads(Module uring) {
        String name = "virtual threads";
        return Object.class.getModule().isOpen("java.lang", uring)
                ? Finding.good(name, "on the loop's own thread")
                : Finding.warning(
                        name,
                        "on the JDK's scheduler",
                        "Operations are handed over to the loop; not so with --add-opens java.base/java.lang="
                                + optionName(uring));
    }

    private static Finding nativeAccess(Module linux) {
        String name = "native access";
        return linux.isNativeAccessEnabled()
                ? Finding.good(name, "allowed")
                : Finding.warning(
                        name,
                        "not allowed",
                        "Java warns, or refuses; not so with --enable-native-access=" + optionName(linux));
    }

    private static Finding kernel(String release) {
        Matcher numbers = KERNEL_RELEASE.matcher(release);
        if (!numbers.matches()) {
            return Finding.warning("kernel", release, "Not a release number that Gyre can read.");
        }
        int major = Integer.parseInt(numbers.group(1));
        int minor = Integer.parseInt(numbers.group(2));
        return Finding.goodIf(
                major > 6 || (major == 6 && minor >= 1),
                "kernel",
                release,
                "io_uring is used from 6.1 on; Gyre runs on threads here.");
    }

    private static Finding lockedMemory(long bytes) {
        return Finding.goodIf(
                bytes >= LOCKED_MEMORY_BYTES_USUAL,
                "locked memory",
                bytes == Proc.UNLIMITED ? "unlimited" : bytes / 1024 + " KiB",
                "Registered buffers count towards it: raise it with ulimit -l 8192.");
    }

    private static Finding openFiles(long count) {
        return Finding.goodIf(
                count >= OPEN_FILES_FEW,
                "open files",
                count == Proc.UNLIMITED ? "unlimited" : Long.toString(count),
                "Every connection takes one: raise the hard limit with ulimit -Hn 65536.");
    }

    /** The kernel documents the switch in admin-guide/sysctl/kernel.rst; it came with 6.6. */
    private static Finding disabled(String value) {
        String name = "kernel.io_uring_disabled";
        return switch (value) {
            case "0" -> Finding.good(name, "0, anyone may use it");
            case "1" ->
                Finding.warning(
                        name,
                        "1, only CAP_SYS_ADMIN and one group may use it",
                        "Join the group kernel.io_uring_group, or: sysctl kernel.io_uring_disabled=0");
            default ->
                Finding.warning(
                        name,
                        value + ", nobody may use it",
                        "Gyre runs on threads. To allow it: sysctl kernel.io_uring_disabled=0");
        };
    }

    /** See "Seccomp" in proc_pid_status(5). */
    private static Finding seccomp(String mode) {
        return Finding.good(
                "seccomp", mode.equals("0") ? "off" : "on, as in containers; its filter may refuse io_uring");
    }

    /** One of our modules, or what stands for all of them on the class path. */
    private static Module ours(String name) {
        return ModuleLayer.boot().findModule(name).orElse(Examination.class.getModule());
    }

    private static String optionName(Module module) {
        return module.isNamed() ? module.getName() : "ALL-UNNAMED";
    }
}
