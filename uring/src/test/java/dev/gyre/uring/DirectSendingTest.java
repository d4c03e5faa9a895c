package dev.gyre.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.UnixAddress;
import dev.gyre.io.conformance.PageCache;
import dev.gyre.linux.Directories;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Mmap;
import dev.gyre.linux.Sockets;
import dev.gyre.posix.Descriptor;
import dev.gyre.posix.Kernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sending what is in the page cache past the ring; what is not would make the whole loop wait for the disk. */
@Tag("T12")
final class DirectSendingTest {
    private static final int PAGE = Mmap.pageSize();
    private static final int MIB = 1024 * 1024;
    private static final int LENGTH = 16 * MIB;

    /** It is large, because the kernel forgets pages that it keeps together only together. */
    @ParameterizedTest
    @CsvSource({"4, 12", "0, 8", "8, 16"})
    void aHoleAnywhereInThePieceIsNoticed(long firstMib, long endMib, @TempDir Path folder) throws Exception {
        long hole = firstMib * MIB;
        long end = endMib * MIB;
        Path path = Files.write(folder.resolve("file"), new byte[LENGTH]);
        try (Io io = Io.open(IoOptions.DEFAULT.withBackend("uring").withLoops(1));
                Arena arena = Arena.ofConfined();
                Sending sending = new Sending((UringIo) io, path, arena)) {
            PageCache.drop(path, hole, end - hole);
            sending.requireHole(hole, end);

            assertThat(sending.send(0, LENGTH)).isEqualTo(-Errno.EINVAL.code());
            assertThat(sending.send(end - 1, 1)).isEqualTo(-Errno.EINVAL.code());
            assertThat(sending.hasArrived()).isFalse();

            assertThat(hole > 0 ? sending.send(0, hole) : sending.send(end, LENGTH - end))
                    .as("what is beside it").isPositive();
            assertThat(sending.hasArrived()).isTrue();
        }
    }

    /** A file and two sockets, below everything that would hide which way was taken. */
    private static final class Sending implements AutoCloseable {
        private final UringIo io;
        private final Kernel kernel;
        private final Descriptor file;
        private final Descriptor socket;
        private final int peer;
        private final MemorySegment buffer;

        Sending(UringIo io, Path path, Arena arena) {
            this.io = io;
            this.kernel = io.ownKernel();
            this.buffer = arena.allocate(1);
            MemorySegment name = arena.allocateFrom(path.toString());
            int fd = dev.gyre.linux.Files.openat(Directories.AT_FDCWD, name, 0, 0);
            assertThat(fd).isNotNegative();
            file = kernel.fileDescriptor(fd);
            MemorySegment pair = arena.allocate(ValueLayout.JAVA_INT, 2);
            assertThat(Sockets.socketpair(Sockets.AF_UNIX, Sockets.SOCK_STREAM, 0, pair)).isZero();
            socket = kernel.socketDescriptor(pair.getAtIndex(ValueLayout.JAVA_INT, 0), new UnixAddress(""));
            peer = pair.getAtIndex(ValueLayout.JAVA_INT, 1);
            assertThat(file.acquire() && socket.acquire()).isTrue(); // as whoever sends has them
        }

        long send(long offset, long length) {
            return kernel.sendFile(io.currentFiber(), socket, file, offset, length, Kernel.NEVER);
        }

        boolean hasArrived() {
            return Sockets.recv(peer, buffer, 1, Sockets.MSG_DONTWAIT) > 0;
        }

        /** Leaves the test out where the cache cannot be seen, or forgets nothing, as where all is in memory. */
        void requireHole(long hole, long end) {
            String there = cached(0, hole) + ", " + cached(hole, end) + ", " + cached(end, LENGTH);
            String wanted = hole / PAGE + ", 0, " + (LENGTH - end) / PAGE;
            if (!there.equals(wanted)) {
                System.out.println("skipped: the probe 'a hole in the page cache' answered: pages " + there);
            }
            assumeThat(there).isEqualTo(wanted);
        }

        private long cached(long begin, long end) {
            return begin == end ? 0 : dev.gyre.linux.Files.cachedPages(file.number(), begin, end - begin);
        }

        @Override
        public void close() {
            for (int fd : new int[] {file.number(), socket.number(), peer}) {
                assertThat(dev.gyre.linux.Files.close(fd)).isZero();
            }
        }
    }
}
