package dev.gyre.io.conformance;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Memory that is a file. */
final class MappedFiles {
    private MappedFiles() {}

    /** Maps a file and then makes it shorter, so that behind the rest of the memory there is nothing. */
    static MemorySegment cut(Path path, int length, int left, Arena arena) throws IOException {
        try (FileChannel file = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(length), 0);
            MemorySegment memory = file.map(FileChannel.MapMode.READ_WRITE, 0, length, arena);
            file.truncate(left);
            return memory;
        }
    }
}
