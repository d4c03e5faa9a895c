package dev.gyre.io.conformance;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** The kernel's memory of what files contain. */
public final class PageCache {
    private static final int DONTNEED = 4;

    private static final MethodHandle OPEN = Native.function("open", ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    private static final MethodHandle FSYNC = Native.function("fsync", ValueLayout.JAVA_INT);
    private static final MethodHandle CLOSE = Native.function("close", ValueLayout.JAVA_INT);
    private static final MethodHandle ADVISE = Native.function("posix_fadvise",
            ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT);

    private PageCache() {}

    /** Lets the cache forget a file, so that reading it has to wait for the disk. */
    static void drop(Path path) throws IOException {
        drop(path, 0, 0);
    }

    /** The same, unless the file is in a simulation, which never waits for a disk. */
    static void dropIfReal(Path path) throws IOException {
        if (Files.exists(path)) {
            drop(path);
        }
    }

    /** The same for a part of one; a length of 0 is all up to its end. */
    public static void drop(Path path, long offset, long length) throws IOException {
        int fd = Native.call(OPEN, path, 0);
        try {
            check((int) FSYNC.invokeExact(fd));
            check((int) ADVISE.invokeExact(fd, offset, length, DONTNEED));
            check((int) CLOSE.invokeExact(fd));
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Whether all of a part of a file is in the cache: mincore(2). */
    static boolean has(Path path, long offset, long length) throws IOException {
        try (FileChannel file = FileChannel.open(path); Arena arena = Arena.ofConfined()) {
            return file.map(FileChannel.MapMode.READ_ONLY, offset, length, arena).isLoaded();
        }
    }

    private static void check(int result) {
        if (result != 0) {
            throw new AssertionError("the page cache does not answer: " + result);
        }
    }
}
