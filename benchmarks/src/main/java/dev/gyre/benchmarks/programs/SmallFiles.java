package dev.gyre.benchmarks.programs;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Opens small files, asks for their size, reads and closes them. Counts the files.
 *
 * @param folder where the files are made
 * @param tasks how many do that at the same time
 */
record SmallFiles(Path folder, int tasks) implements Program {
    private static final int FILES = 256;
    private static final int SIZE = 512;

    @Override
    public void start(Platform platform, Gauge gauge) throws IOException {
        Path[] files = new Path[FILES];
        for (int i = 0; i < FILES; i++) {
            files[i] = folder.resolve("small-" + i);
            Files.write(files[i], new byte[SIZE]);
        }
        for (int i = 0; i < tasks; i++) {
            int first = i;
            platform.start(() -> {
                ByteBuffer buffer = Arena.ofAuto().allocate(2 * SIZE).asByteBuffer();
                for (int at = first; ; at++) {
                    Platform.Blocks blocks = platform.open(files[at % FILES], Platform.Mode.READ);
                    long size = blocks.size();
                    if (blocks.read(buffer.clear(), 0) != size) {
                        throw new IOException(files[at % FILES] + " is cut off");
                    }
                    blocks.close();
                    gauge.count();
                }
            });
        }
    }
}
