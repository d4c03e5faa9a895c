package dev.gyre.io.conformance;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/** Named pipes. */
final class Pipes {
    private static final MethodHandle MKFIFO =
            Native.function("mkfifo", ValueLayout.ADDRESS, ValueLayout.JAVA_INT);

    private Pipes() {}

    /** Makes one, unless it is there. */
    static Path make(Path path) throws IOException {
        if (!Files.exists(path)) {
            Native.call(MKFIFO, path, 0600);
        }
        return path;
    }
}
