package dev.gyre.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.linux.Directories;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Files;
import dev.gyre.linux.Mmap;
import dev.gyre.linux.Sockets;
import dev.gyre.linux.layout.Sockaddr;
import dev.gyre.linux.raw.RawMemory;
import dev.gyre.ring.file.Close;
import dev.gyre.ring.file.Fsync;
import dev.gyre.ring.file.Read;
import dev.gyre.ring.file.Statx;
import dev.gyre.ring.file.Write;
import dev.gyre.ring.socket.Accept;
import dev.gyre.ring.socket.Connect;
import dev.gyre.ring.socket.Recv;
import dev.gyre.ring.socket.RecvMultishot;
import dev.gyre.ring.socket.Send;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each operation against the real kernel: that it does what it says, and how it fails. */
final class OperationsTest extends RingFixture {
    @Test
    @Tag("R7")
    void filesAreOpenedWrittenSyncedAskedReadAndClosed(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("file");
        int fd = open(path, Files.O_RDWR | Files.O_CREAT | Files.O_CLOEXEC, 0644);
        assertThat(fd).isNotNegative();
        assertThat(Files.fcntl(fd, Files.F_GETFD, 0)).isEqualTo(Files.FD_CLOEXEC);

        MemorySegment text = arena.allocateFrom("hello ring");
        assertThat(run(call -> new Write(fd, text, 100, call))).isEqualTo((int) text.byteSize());
        assertThat(run(call -> new Fsync(fd, true, call))).isZero();
        assertThat(run(call -> new Fsync(fd, false, call))).isZero();

        MemorySegment state = arena.allocate(dev.gyre.linux.layout.Statx.LAYOUT);
        MemorySegment itself = arena.allocate(1);
        assertThat(run(call -> new Statx(fd, itself, Directories.AT_EMPTY_PATH, Directories.STATX_BASIC_STATS, state,
                call))).isZero();
        assertThat(state.get(ValueLayout.JAVA_LONG, dev.gyre.linux.layout.Statx.STX_SIZE))
                .isEqualTo(100 + text.byteSize());

        MemorySegment back = arena.allocate(64);
        assertThat(run(call -> new Read(fd, back, 100, call))).isEqualTo((int) text.byteSize());
        assertThat(back.getString(0)).isEqualTo("hello ring");
        assertThat(run(call -> new Read(fd, back, 1000, call))).isZero();
        assertThat(run(call -> new Close(fd, call))).isZero();
        assertThat(run(call -> new Close(fd, call))).isEqualTo(-Errno.EBADF.code());
    }

    @Test
    @Tag("R7")
    void filesFailAsDeclared(@TempDir Path folder) throws Exception {
        assertThat(open(folder.resolve("missing"), Files.O_RDONLY, 0)).isEqualTo(-Errno.ENOENT.code());
        int fd = open(folder, Files.O_RDONLY | Files.O_DIRECTORY, 0);
        MemorySegment buffer = arena.allocate(8);
        assertThat(run(call -> new Read(fd, buffer, 0, call))).isEqualTo(-Errno.EISDIR.code());
        assertThat(run(call -> new Write(fd, buffer, 0, call))).isEqualTo(-Errno.EBADF.code());
        Files.close(fd);
    }

    @Test
    @Tag("R7")
    void transfersAreCappedAtTheKernelsLimit() throws Exception {
        // Pages that are only reserved: /dev/null takes them without touching them.
        long length = 0x1_0000_0000L;
        long address = Mmap.mmap(0, length, Mmap.PROT_READ, Mmap.MAP_PRIVATE | Mmap.MAP_ANONYMOUS
                | Mmap.MAP_NORESERVE, -1, 0);
        assertThat(address).isPositive();
        int fd = open(Path.of("/dev/null"), Files.O_WRONLY, 0);
        MemorySegment huge = RawMemory.segment(address, length, arena);
        assertThat(run(call -> new Write(fd, huge, -1, call))).isEqualTo(0x7fff_f000);
        Files.close(fd);
        Mmap.munmap(address, length);
    }

    @Test
    @Tag("R7")
    void socketsAreAcceptedConnectedSentReceivedAndClosed() throws Exception {
        int listener = listen();
        List<Integer> accepted = new ArrayList<>();
        loop.submit(new Accept(listener, 0, operation -> accepted.add(operation.result())));
        int client = Sockets.socket(Sockets.AF_INET, Sockets.SOCK_STREAM | Sockets.SOCK_CLOEXEC, 0);
        MemorySegment address = arena.allocate(128, 8);
        int addressLength = Sockaddr.writeInet4(address, new byte[] {127, 0, 0, 1}, port(listener));
        assertThat(run(call -> new Connect(client, address, addressLength, call))).isZero();
        Loops.runUntil(loop, () -> !accepted.isEmpty());
        int server = accepted.getFirst();
        assertThat(Files.fcntl(server, Files.F_GETFD, 0)).isEqualTo(Files.FD_CLOEXEC);

        MemorySegment sent = arena.allocateFrom("ping");
        MemorySegment got = arena.allocate(64);
        assertThat(run(call -> new Send(client, sent, call))).isEqualTo(5);
        assertThat(run(call -> new Recv(server, got, call))).isEqualTo(5);
        assertThat(got.getString(0)).isEqualTo("ping");
        assertThat(run(call -> new Connect(client, address, addressLength, call))).isEqualTo(-Errno.EISCONN.code());

        assertThat(run(call -> new Close(client, call))).isZero();
        assertThat(run(call -> new Recv(server, got, call))).isZero();
        assertThat(sendUntilItFails(server, sent)).as("an error, and no SIGPIPE").isIn(
                -Errno.EPIPE.code(), -Errno.ECONNRESET.code());
        Files.close(server);
        Files.close(listener);
        assertThat(run(call -> new Accept(listener, 0, call))).isEqualTo(-Errno.EBADF.code());
    }

    @Test
    @Tag("R7")
    void aTimeoutThatElapsesIsASuccess() throws Exception {
        long start = System.nanoTime();
        assertThat(run(call -> new Timeout(Duration.ofMillis(3), call))).isZero();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(3_000_000L);
        assertThatThrownBy(() -> new Timeout(Duration.ofNanos(-1), operation -> {}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Tag("R9")
    void multishotReceivesFillProvidedBuffersUntilNoneIsLeft() throws Exception {
        int[] pair = socketPair();
        try (BufferRing buffers = BufferRing.open(loop.ring(), 7, 2, 16)) {
            List<String> texts = new ArrayList<>();
            List<Integer> taken = new ArrayList<>();
            List<Integer> endings = new ArrayList<>();
            RecvMultishot receive = new RecvMultishot(pair[1], buffers, operation -> {
                int id = BufferRing.id(operation.flags());
                if (id >= 0) {
                    buffers.take(id);
                    taken.add(id);
                    texts.add(buffers.segment(id).asSlice(0, operation.result()).getString(0));
                }
                if (!operation.isInFlight()) {
                    endings.add(operation.result());
                }
            });
            loop.submit(receive);
            loop.turn(0);
            for (String text : List.of("one", "two")) {
                int before = texts.size();
                assertThat(run(call -> new Send(pair[0], arena.allocateFrom(text), call))).isEqualTo(4);
                Loops.runUntil(loop, () -> texts.size() > before);
            }
            assertThat(buffers.taken()).isEqualTo(2);
            assertThat(run(call -> new Send(pair[0], arena.allocateFrom("three"), call))).isEqualTo(6);
            Loops.runUntil(loop, () -> !endings.isEmpty());
            assertThat(endings).containsExactly(-Errno.ENOBUFS.code());

            taken.forEach(buffers::give);
            taken.clear();
            loop.submit(receive);
            Loops.runUntil(loop, () -> texts.size() == 3);
            assertThat(texts).containsExactly("one", "two", "three");
            Files.close(pair[0]);
            Loops.runUntil(loop, () -> endings.size() == 2);
            assertThat(endings.getLast()).isZero();
            taken.forEach(buffers::give);
        }
        Files.close(pair[1]);
    }

    @Test
    @Tag("R9")
    void aBufferRingRefusesWhatItCannotBe() {
        assertThatThrownBy(() -> BufferRing.open(loop.ring(), 0, 3, 16)).hasMessageContaining("power of two");
        assertThatThrownBy(() -> BufferRing.open(loop.ring(), 0, 4, 0)).hasMessageContaining("less than 1");
        assertThatThrownBy(() -> BufferRing.open(loop.ring(), -1, 4, 16)).hasMessageContaining("0..65535");
    }

    @Test
    void heapMemoryIsRefused() {
        MemorySegment heap = MemorySegment.ofArray(new byte[8]);
        assertThatThrownBy(() -> new Read(0, heap, 0, operation -> {})).hasMessageContaining("allocate the buffer");
    }

    /** The first send after the peer's close may still succeed. */
    private int sendUntilItFails(int fd, MemorySegment bytes) throws RingException {
        for (int i = 0; i < 1000; i++) {
            int result = run(call -> new Send(fd, bytes, call));
            if (result < 0) {
                return result;
            }
        }
        return 0;
    }
}
