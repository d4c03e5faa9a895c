package dev.gyre.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gyre.io.Address;
import dev.gyre.io.IoException;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.UnixAddress;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Files;
import dev.gyre.linux.Sockets;
import dev.gyre.posix.Listening;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** To listen, in one call: what it leaves behind, and each way in which it can fail, told apart. */
final class ListenTest {
    private static final int NOBODY = 65534;

    @TempDir
    Path folder;

    @Test
    @Tag("L1")
    void aListenerKnowsItsPortAndIsClosedOnExec() throws Exception {
        Listening bound = listen(Ip4Address.loopback(0), ListenOptions.DEFAULT, Sockets.SOCK_NONBLOCK);
        assertThat(((Ip4Address) bound.address()).port()).isPositive();
        assertThat(Files.fcntl(bound.socket(), Files.F_GETFD, 0)).isEqualTo(Files.FD_CLOEXEC);
        assertThat(Files.fcntl(bound.socket(), Files.F_GETFL, 0) & Files.O_NONBLOCK).isNotZero();
        assertThat(Sockets.getsockopt(bound.socket(), Sockets.SOL_SOCKET, Sockets.SO_ACCEPTCONN)).isEqualTo(1);
        Files.close(bound.socket());
    }

    @Test
    @Tag("L1")
    void aFailureLeavesNoDescriptor() throws Exception {
        Set<String> before = descriptors();
        assertThat(reason(Ip4Address.parse("192.0.2.1", 0))).isEqualTo(Reason.ADDRESS_NOT_AVAILABLE);
        assertThat(reason(unix("missing/socket"))).isEqualTo(Reason.FILE_NOT_FOUND);
        assertThat(descriptors()).isEqualTo(before);
    }

    @Test
    @Tag("L2")
    void addressAndPortAreReusedSeparately() throws Exception {
        ListenOptions both = new ListenOptions(16, false, true);
        Listening first = listen(Ip4Address.loopback(0), both, 0);
        Listening second = listen(first.address(), both, 0);
        assertThat(second.address()).isEqualTo(first.address());
        assertThat(reason(first.address())).as("address alone").isEqualTo(Reason.ADDRESS_IN_USE);
        for (ListenOptions options : List.of(new ListenOptions(1, true, false), new ListenOptions(1, false, false))) {
            Listening bound = listen(Ip4Address.loopback(0), options, 0);
            assertThat(Sockets.getsockopt(bound.socket(), Sockets.SOL_SOCKET, Sockets.SO_REUSEADDR))
                    .isEqualTo(options.reuseAddress() ? 1 : 0);
            assertThat(Sockets.getsockopt(bound.socket(), Sockets.SOL_SOCKET, Sockets.SO_REUSEPORT)).isZero();
            Files.close(bound.socket());
        }
        Files.close(first.socket());
        Files.close(second.socket());
    }

    @Test
    @Tag("L2")
    void everyFamilyListens() throws Exception {
        for (Address address : List.of(Ip4Address.loopback(0), Ip6Address.loopback(0), unix("socket"))) {
            Listening bound = listen(address, ListenOptions.DEFAULT, 0);
            assertThat(bound.address().getClass()).isEqualTo(address.getClass());
            Files.close(bound.socket());
        }
    }

    @Test
    @Tag("L3")
    void pathsFailEachInItsWay() throws Exception {
        java.nio.file.Files.createFile(folder.resolve("file"));
        java.nio.file.Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
        assertThat(reason(unix("missing/socket"))).isEqualTo(Reason.FILE_NOT_FOUND);
        assertThat(reason(unix("file/socket"))).isEqualTo(Reason.NOT_A_DIRECTORY);
        assertThat(reason(unix("loop/socket"))).isEqualTo(Reason.SYMLINK_LOOP);
        assertThat(reason(unix("file"))).isEqualTo(Reason.ADDRESS_IN_USE);
        assertThat(reason(new UnixAddress("/proc/socket"))).isIn(
                Reason.FILE_NOT_FOUND, Reason.ACCESS_DENIED, Reason.PERMISSION_DENIED);
        assertThatThrownBy(() -> unix("x".repeat(108))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("longer than the 107");
    }

    @Test
    @Tag("L3")
    void anAddressThatIsTakenIsInUse() throws Exception {
        Listening bound = listen(Ip4Address.loopback(0), ListenOptions.DEFAULT, 0);
        assertThat(reason(bound.address())).isEqualTo(Reason.ADDRESS_IN_USE);
        Files.close(bound.socket());
    }

    @Test
    @Tag("L3")
    void anotherUserIsDenied() throws Exception {
        Path closed = java.nio.file.Files.createDirectory(folder.resolve("closed"));
        java.nio.file.Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        // The child reads classes from the build: only its effective user on the file system changes, by setpriv.
        List<String> user = List.of("setpriv", "--reuid", String.valueOf(NOBODY), "--clear-groups");
        assertThat(child(user, 1, closed.resolve("socket").toString()))
                .isEqualTo("ACCESS_DENIED " + Errno.EACCES.code());
    }

    @Test
    @Tag("L3")
    void aProcessWithoutDescriptorsIsAtItsLimit() throws Exception {
        assertThat(child(List.of("prlimit", "--nofile=100:100"), 200, "0"))
                .isEqualTo("PROCESS_FD_LIMIT " + Errno.EMFILE.code());
    }

    @Test
    @Tag("L3")
    void ephemeralPortsAreExhausted() throws Exception {
        List<String> network = List.of("unshare", "--net", "sh", "-c", "ip link set lo up && echo 50000 50003"
                + " > /proc/sys/net/ipv4/ip_local_port_range && exec \"$0\" \"$@\"");
        assertThat(child(network, 10, "0")).startsWith("EPHEMERAL_PORTS_EXHAUSTED ");
    }

    @Test
    @Tag("L3")
    void aReadOnlyFileSystemIsNamed() throws Exception {
        Path mount = java.nio.file.Files.createDirectory(folder.resolve("mount"));
        List<String> mounted = List.of("unshare", "--mount", "sh", "-c",
                "mount -t tmpfs -o ro none " + mount + " && exec \"$0\" \"$@\"");
        assertThat(child(mounted, 1, mount.resolve("socket").toString()))
                .isEqualTo("READ_ONLY_FILE_SYSTEM " + Errno.EROFS.code());
    }

    /** The rest cannot be provoked on every machine; the declaration that all backends read says what they mean. */
    @ParameterizedTest
    @Tag("L3")
    @CsvSource({
        "EACCES, ACCESS_DENIED",
        "EAFNOSUPPORT, ADDRESS_FAMILY_UNSUPPORTED",
        "EADDRINUSE, ADDRESS_IN_USE",
        "EADDRNOTAVAIL, ADDRESS_NOT_AVAILABLE",
        "EISCONN, ALREADY_CONNECTED",
        "ENOTSOCK, NOT_A_SOCKET",
        "ENOENT, FILE_NOT_FOUND",
        "ENAMETOOLONG, NAME_TOO_LONG",
        "ENETDOWN, NETWORK_DOWN",
        "ENOTDIR, NOT_A_DIRECTORY",
        "EOPNOTSUPP, OPERATION_UNSUPPORTED",
        "EPERM, PERMISSION_DENIED",
        "EMFILE, PROCESS_FD_LIMIT",
        "EPROTONOSUPPORT, PROTOCOL_UNSUPPORTED",
        "EROFS, READ_ONLY_FILE_SYSTEM",
        "EDESTADDRREQ, NOT_BOUND",
        "ESOCKTNOSUPPORT, SOCKET_TYPE_UNSUPPORTED",
        "ELOOP, SYMLINK_LOOP",
        "ENFILE, SYSTEM_FD_LIMIT",
        "ENOMEM, SYSTEM_RESOURCES",
        "ENOBUFS, SYSTEM_RESOURCES",
        "EXDEV, UNEXPECTED"
    })
    void everyListedErrorHasItsReason(Errno errno, Reason reason) {
        IoException failure = Operation.LISTEN.failure(errno.code(), Ip4Address.loopback(1));
        assertThat(failure.reason()).isEqualTo(reason);
        assertThat(failure).hasMessageContaining("listen").hasMessageContaining("127.0.0.1:1");
    }

    @ParameterizedTest
    @Tag("L3")
    @CsvSource({
        "ENOPROTOOPT, OPTION_UNSUPPORTED",
        "EOPNOTSUPP, OPTION_UNSUPPORTED",
        "EPERM, PERMISSION_DENIED",
        "EACCES, PERMISSION_DENIED",
        "EDOM, TIMEOUT_TOO_BIG",
        "EINVAL, OPTION_VALUE_REFUSED",
        "ENOENT, OPTION_VALUE_REFUSED",
        "ENODEV, NO_DEVICE",
        "EISCONN, ALREADY_CONNECTED"
    })
    void everyListedErrorOfAnOptionHasItsReason(Errno errno, Reason reason) {
        assertThat(Operation.SET_OPTION.failure(errno.code(), "here").reason()).isEqualTo(reason);
    }

    @Test
    @Tag("L3")
    void whatOnlyAFaultCanCauseIsOne() {
        for (Errno errno : EnumSet.of(Errno.EBADF, Errno.EFAULT)) {
            assertThatThrownBy(() -> Operation.LISTEN.failure(errno.code(), "here"))
                    .isInstanceOf(AssertionError.class).hasMessageContaining(errno.name());
        }
    }

    private Address unix(String name) {
        // Relative to the folder that is short enough.
        return new UnixAddress(folder.resolve(name).toString());
    }

    private static Listening listen(Address address, ListenOptions options, int flags) throws IoException {
        return Listening.open(new HostCalls(flags), address, options);
    }

    private static Reason reason(Address address) {
        IoException refused = catchThrowableOfType(
                IoException.class, () -> Listening.open(new HostCalls(0), address, ListenOptions.DEFAULT));
        return refused.reason();
    }

    private static Set<String> descriptors() throws IOException {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> all = java.nio.file.Files.list(Path.of("/proc/self/fd"))) {
            all.map(Path::getFileName).map(Path::toString).forEach(found::add);
        }
        return found;
    }

    /** Listens in a process that the given command changes before it becomes Java. */
    private static String child(List<String> changed, int times, String address) throws Exception {
        String classes = ListenScenario.class.getProtectionDomain().getCodeSource().getLocation().getPath();
        List<String> probe = new ArrayList<>(changed);
        probe.addAll(List.of("test", "-r", classes));
        Process probing = new ProcessBuilder(probe).redirectErrorStream(true).start();
        String refusal = new String(probing.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        boolean works = probing.waitFor() == 0;
        assumeTrue(works, () -> "probe failed: " + String.join(" ", probe) + ": " + refusal);
        List<String> command = new ArrayList<>(changed);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData",
                "-cp", System.getProperty("java.class.path"),
                ListenScenario.class.getName(), String.valueOf(times), address));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s printed%n%s", command, output).isZero();
        return output.strip();
    }
}
