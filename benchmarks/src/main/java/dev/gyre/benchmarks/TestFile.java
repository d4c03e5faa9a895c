package dev.gyre.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file to read. */
final class TestFile {
    private static final int CHUNK = 1 << 20;

    private TestFile() {}

    /** Writes it to the device. It is not sparse, since reads of a hole do not get there. */
    static void fill(Path file, int mebibytes) throws IOException {
        byte[] chunk = new byte[CHUNK];
        for (int i = 0; i < chunk.length; i++) {
            chunk[i] = (byte) (i * 31 + (i >> 8));
        }
        try (OutputStream out = Files.newOutputStream(
                file, StandardOpenOption.CREATE, StandardOpenOption.SYNC, StandardOpenOption.WRITE)) {
            for (int i = 0; i < mebibytes; i++) {
                out.write(chunk);
            }
        }
    }
}
