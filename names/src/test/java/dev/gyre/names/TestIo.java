package dev.gyre.names;

import dev.gyre.io.Directory;
import dev.gyre.io.File;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IoOptions;
import dev.gyre.io.IpAddress;
import dev.gyre.io.LookupOptions;
import dev.gyre.io.NameConfiguration;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Reason;
import dev.gyre.io.conformance.Eventually;
import dev.gyre.io.conformance.OpenDescriptors;
import dev.gyre.simulated.Simulation;
import dev.gyre.simulated.SimulationOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** One backend of a test, with two files that say how names are looked up; nothing may be left open in the end. */
record TestIo(Io io, Path folder) {
    /** What a test does. */
    interface Body {
        void run(TestIo test) throws Exception;
    }

    static List<String> backends() {
        return List.of("uring", "threaded", "simulated");
    }

    static List<String> realBackends() {
        return List.of("uring", "threaded");
    }

    /** Runs a test as a task. */
    static void run(String backend, Path folder, Body body) throws Exception {
        if (backend.equals("simulated")) {
            Simulation.run(SimulationOptions.ofSeed(7), io -> {
                io.currentDirectory().makePath(folder.toString());
                body.run(new TestIo(io, folder));
                return null;
            });
            return;
        }
        Set<String> before = OpenDescriptors.now();
        try (Io io = Io.open(IoOptions.DEFAULT.withBackend(backend))) {
            io.<Object, Exception>concurrent(() -> {
                body.run(new TestIo(io, folder));
                return "";
            }).await();
        }
        Eventually.await("all descriptors are closed", () -> before.containsAll(OpenDescriptors.now()));
    }

    boolean isSimulated() {
        return io.backend().equals("simulated");
    }

    /** Writes the table of hosts. */
    void hosts(String... lines) throws IoException {
        write("hosts", lines);
    }

    /** Writes resolv.conf. */
    void resolvConf(String... lines) throws IoException {
        write("resolv.conf", lines);
    }

    private void write(String name, String... lines) throws IoException {
        Directory current = io.currentDirectory();
        byte[] text = Stream.of(lines).map(line -> line + "\n").reduce("", String::concat)
                .getBytes(StandardCharsets.ISO_8859_1);
        // Under another inode, as programs replace such files.
        String path = folder.resolve(name).toString();
        try (File file = current.openFile(path + ".new", OpenOptions.REPLACE)) {
            file.writeAll(text);
        }
        current.rename(path + ".new", path);
    }

    /** Looks into the folder's files with each lookup, and asks these servers. */
    LookupOptions options(IpAddress... servers) {
        return LookupOptions.DEFAULT.withConfiguration(NameConfiguration.DEFAULT
                .withHosts(folder.resolve("hosts").toString())
                .withResolvConf(folder.resolve("resolv.conf").toString())
                .withServers(servers)
                .withRecheck(Duration.ZERO));
    }

    static IpAddress ip(String text) {
        return IpAddress.parse(text, 0);
    }

    static void assertFails(Reason reason, ThrowingCallable call) {
        Assertions.assertThatThrownBy(call)
                .isInstanceOfSatisfying(IoException.class, failed -> Assertions.assertThat(failed.reason())
                        .as(failed.toString())
                        .isEqualTo(reason));
    }
}
