package dev.gyre.posix;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@link ProcessCalls#spawn} starts. A stream is the number of an open descriptor, or one of the constants here.
 *
 * @param arguments without final NULs; the first is the program, a path if it has a slash, or else a name that is
 *     looked for in the folders of {@code PATH}
 * @param environment each {@code name=value}, without a final NUL
 * @param directory the working directory, held; null for the current one
 * @param input the child's descriptor 0
 * @param output its descriptor 1
 * @param error its descriptor 2
 */
public record SpawnRequest(
        List<byte[]> arguments, List<byte[]> environment, @Nullable Descriptor directory, int input, int output,
        int error) {
    /** What this process has under that number; {@link #NULL} where it has nothing. */
    public static final int INHERIT = -1;

    /** {@code /dev/null}. */
    public static final int NULL = -2;

    /** For the error stream: what the output is. */
    public static final int OUTPUT = -3;
}
