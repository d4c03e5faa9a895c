package dev.gyre.benchmarks.ring;

import dev.gyre.linux.Directories;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Files;
import dev.gyre.ring.FileTable;
import dev.gyre.ring.Loop;
import dev.gyre.ring.RegisteredBuffers;
import dev.gyre.ring.RingOptions;
import dev.gyre.ring.file.ReadFixed;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Reads 4 KiB at random places of a file with direct I/O, always so many in flight: {@code RandomReads FILE DEPTH
 * SECONDS}. Prints the reads per second, and the processor time of each in microseconds. A second comes first,
 * uncounted. The file and the buffers are registered, as fio does it with {@code --registerfiles --fixedbufs}.
 */
public final class RandomReads {
    private static final int BLOCK = 4096;

    private final Loop loop;
    private final long blocks;
    private final SplittableRandom random = new SplittableRandom(1);
    private boolean ending;
    private long reads;
    private int failure;

    private RandomReads(Loop loop, long blocks) {
        this.loop = loop;
        this.blocks = blocks;
    }

    /**
     * Runs it.
     *
     * @param arguments as above
     * @throws IOException if the kernel refuses something
     */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        int depth = Integer.parseInt(arguments[1]);
        long nanos = Math.round(Double.parseDouble(arguments[2]) * 1e9);
        long blocks = java.nio.file.Files.size(file) / BLOCK;
        try (Arena arena = Arena.ofConfined();
                Loop loop = Loop.open(RingOptions.DEFAULT);
                FileTable table = FileTable.open(loop.ring(), 1);
                RegisteredBuffers buffers = RegisteredBuffers.open(loop.ring(), depth, BLOCK)) {
            int fd = Files.openat(Directories.AT_FDCWD, arena.allocateFrom(file.toString()),
                    Files.O_RDONLY | Files.O_DIRECT | Files.O_CLOEXEC, 0);
            if (fd < 0) {
                throw new IOException("open of " + file + " failed with " + Errno.describe(-fd));
            }
            table.put(0, fd);
            Files.close(fd);
            new RandomReads(loop, blocks).run(buffers, nanos);
        }
    }

    private void run(RegisteredBuffers buffers, long nanos) throws IOException {
        for (int i = 0; i < buffers.count(); i++) {
            MemorySegment buffer = buffers.segment(i);
            ReadFixed read = new ReadFixed(
                    0, buffers, i, buffer, next(), operation -> again((ReadFixed) operation, buffer));
            read.registeredFile(true);
            loop.submit(read);
        }
        turn(System.nanoTime() + 1_000_000_000);
        reads = 0;
        long begin = System.nanoTime();
        long cpu = cpuNanos();
        turn(begin + nanos);
        double elapsed = System.nanoTime() - begin;
        double used = cpuNanos() - cpu;
        double counted = reads;
        ending = true;
        while (loop.inFlight() > 0) {
            loop.turn(-1);
        }
        if (failure != 0) {
            throw new IOException("a read failed with " + Errno.describe(failure));
        }
        System.out.printf(Locale.ROOT, "%.1f %.4f%n", counted / elapsed * 1e9, used / counted / 1e3);
    }

    private void turn(long end) throws IOException {
        while (System.nanoTime() < end) {
            loop.turn(end - System.nanoTime());
        }
    }

    private void again(ReadFixed read, MemorySegment buffer) {
        reads++;
        if (read.result() != BLOCK) {
            failure = read.result() < 0 ? -read.result() : Errno.EIO.code();
            ending = true;
        }
        if (!ending) {
            read.target(buffer, next());
            loop.submit(read);
        }
    }

    private long next() {
        return random.nextLong(blocks) * BLOCK;
    }

    private static long cpuNanos() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
    }
}
