package dev.gyre.benchmarks.programs;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Random reads of 4 KiB. Counts them. No block is read twice before all others have been.
 *
 * @param file of 2ⁿ blocks
 * @param mode how it is opened
 * @param tasks how many read at the same time
 * @param atOnce whether one thread reads as many at once, where the runtime has a way to do so
 * @param dropped whether the page cache is made to forget the file, before and after each half of it
 */
record Reads(Path file, Platform.Mode mode, int tasks, boolean atOnce, boolean dropped) implements Program {
    private static final int BLOCK = 4096;
    private static final int DROP_MILLIS = 20;

    /** Odd, so that multiples of it meet each block. */
    private static final long STRIDE = 0x9E3779B97F4A7C15L;

    @Override
    public void start(Platform platform, Gauge gauge) throws IOException, InterruptedException {
        Platform.Blocks blocks = platform.open(file, mode);
        long last = blocks.size() / BLOCK - 1;
        AtomicLong next = new AtomicLong();
        if (dropped) {
            drop();
            Thread.ofPlatform().name("drops").daemon().start(Platform.vital(() -> dropAgain(next, (last + 1) / 2)));
        }
        LongSupplier offsets = () -> (((next.getAndIncrement() * STRIDE) >>> 20) & last) * BLOCK;
        if (atOnce && platform.readAtOnce(blocks, tasks, BLOCK, offsets, gauge)) {
            return;
        }
        for (int i = 0; i < tasks; i++) {
            platform.start(() -> {
                ByteBuffer buffer = Arena.ofAuto().allocate(BLOCK, BLOCK).asByteBuffer();
                while (true) {
                    long offset = offsets.getAsLong();
                    if (blocks.read(buffer.clear(), offset) != BLOCK) {
                        throw new IOException("the block at " + offset + " is cut off");
                    }
                    gauge.count();
                }
            });
        }
    }

    private void dropAgain(AtomicLong next, long half) throws IOException, InterruptedException {
        for (long dropped = 0; ; Thread.sleep(DROP_MILLIS)) {
            if (next.get() / half > dropped) {
                dropped = next.get() / half;
                drop();
            }
        }
    }

    /** By dd(1), for the JDK has no posix_fadvise(2). */
    private void drop() throws IOException, InterruptedException {
        Process dd = new ProcessBuilder("dd", "if=" + file, "iflag=nocache", "count=0", "status=none").start();
        if (dd.waitFor() != 0) {
            throw new IOException("dd cannot drop the cache of " + file);
        }
    }
}
