package dev.gyre.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gyre.linux.Directories;
import dev.gyre.linux.Files;
import dev.gyre.linux.Sockets;
import dev.gyre.linux.layout.OpenHow;
import dev.gyre.linux.layout.Sockaddr;
import dev.gyre.ring.file.OpenAt2;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A loop and memory for it, and what tests of operations have in common. Nothing may be left in flight. */
abstract class RingFixture {
    Loop loop;
    Arena arena;

    @BeforeEach
    void openLoop() throws RingException {
        loop = Loop.open(RingOptions.DEFAULT);
        arena = loop.arena();
    }

    @AfterEach
    void closeLoop() throws RingException {
        assertThat(loop.inFlight()).isZero();
        arena.close();
        loop.close();
    }

    static void needs(OperationKind kind) {
        assumeTrue(Probe.hasOperation(kind.opcode()), () -> "probe failed: " + kind.unsupported());
    }

    MemorySegment path(Path path) {
        return arena.allocateFrom(path.toString());
    }

    /** Connected over the loopback device: client, server. */
    int[] tcpPair() throws RingException {
        int listener = listen();
        int client = Sockets.socket(Sockets.AF_INET, Sockets.SOCK_STREAM | Sockets.SOCK_CLOEXEC, 0);
        MemorySegment address = arena.allocate(128, 8);
        int length = Sockaddr.writeInet4(address, new byte[] {127, 0, 0, 1}, port(listener));
        assertThat(Sockets.connect(client, address, length)).isZero();
        int server = Sockets.accept4(listener, MemorySegment.NULL, MemorySegment.NULL, Sockets.SOCK_CLOEXEC);
        assertThat(server).isPositive();
        Files.close(listener);
        return new int[] {client, server};
    }

    /** Reading end, writing end. */
    int[] pipe() {
        MemorySegment ends = arena.allocate(ValueLayout.JAVA_INT, 2);
        assertThat(Files.pipe2(ends, Files.O_CLOEXEC)).isZero();
        return ends.toArray(ValueLayout.JAVA_INT);
    }

    String text(MemorySegment memory, int length) {
        return new String(memory.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    MemorySegment bytes(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        MemorySegment memory = arena.allocate(Math.max(1, encoded.length));
        MemorySegment.copy(encoded, 0, memory, ValueLayout.JAVA_BYTE, 0, encoded.length);
        return memory.asSlice(0, encoded.length);
    }

    static void close(int... descriptors) {
        for (int fd : descriptors) {
            Files.close(fd);
        }
    }

    int run(Function<Callback, Operation> maker) throws RingException {
        List<Integer> results = new ArrayList<>();
        loop.submit(maker.apply(operation -> results.add(operation.result())));
        Loops.runUntil(loop, () -> !results.isEmpty());
        return results.getFirst();
    }

    int open(Path path, long flags, int mode) throws RingException {
        MemorySegment how = arena.allocate(OpenHow.LAYOUT);
        how.set(ValueLayout.JAVA_LONG, OpenHow.FLAGS, flags);
        how.set(ValueLayout.JAVA_LONG, OpenHow.MODE, mode);
        MemorySegment encoded = arena.allocateFrom(path.toString());
        return run(call -> new OpenAt2(Directories.AT_FDCWD, encoded, how, call));
    }

    int listen() {
        int fd = Sockets.socket(Sockets.AF_INET, Sockets.SOCK_STREAM | Sockets.SOCK_CLOEXEC, 0);
        MemorySegment address = arena.allocate(128, 8);
        int length = Sockaddr.writeInet4(address, new byte[] {127, 0, 0, 1}, 0);
        assertThat(Sockets.bind(fd, address, length)).isZero();
        assertThat(Sockets.listen(fd, 16)).isZero();
        return fd;
    }

    int port(int fd) {
        MemorySegment address = arena.allocate(128, 8);
        MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, 128);
        assertThat(Sockets.getsockname(fd, address, length)).isZero();
        return Sockaddr.port(address);
    }

    int[] socketPair() {
        MemorySegment pair = arena.allocate(ValueLayout.JAVA_INT, 2);
        assertThat(Sockets.socketpair(Sockets.AF_UNIX, Sockets.SOCK_STREAM, 0, pair)).isZero();
        return pair.toArray(ValueLayout.JAVA_INT);
    }
}
