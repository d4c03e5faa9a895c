package dev.gyre.benchmarks.programs;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Tasks that each append a KiB to a file of their own and have it written to the device. Counts the appends.
 *
 * @param folder where the files are made
 * @param tasks at least 1
 */
record Appends(Path folder, int tasks) implements Program {
    private static final int SIZE = 1024;

    @Override
    public void start(Platform platform, Gauge gauge) throws IOException {
        for (int i = 0; i < tasks; i++) {
            Path file = folder.resolve("append-" + i);
            platform.start(() -> {
                Platform.Blocks blocks = platform.open(file, Platform.Mode.WRITE);
                ByteBuffer buffer = Arena.ofAuto().allocate(SIZE).asByteBuffer();
                for (long offset = 0; ; offset += SIZE) {
                    blocks.write(buffer.clear(), offset);
                    blocks.sync();
                    gauge.count();
                }
            });
        }
    }
}
