package dev.gyre.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Files. */
@Command(
        name = "files",
        description = "Random reads of 4 KiB past the page cache, from it, and into it; appends that are written to the"
                + " device; small files that are opened, read and closed.",
        mixinStandardHelpOptions = true)
final class FilesCommand extends FileFamilyCommand {
    private static final int MEBIBYTES_SMOKE = 4;

    @Option(
            names = "--size",
            paramLabel = "MIB",
            defaultValue = "512",
            description = "How large the file is that is read, a power of two. Default: ${DEFAULT-VALUE}")
    private int sizeMebibytes;

    @Override
    String unit() {
        return "reads, appends, files";
    }

    @Override
    void programs() {
        Path file = made().resolve("data");
        for (int tasks : new int[] {1, 32, 128}) {
            program("direct reads, " + tasks, "reads", file, "READ_DIRECT", tasks, false, false);
        }
        program("direct reads, 128 at once by one thread", "reads", file, "READ_DIRECT", 128, true, false);
        for (int tasks : new int[] {1, 32, 128}) {
            program("cached reads, " + tasks, "reads", file, "READ", tasks, false, false);
        }
        for (int tasks : new int[] {1, 32, 128}) {
            program("uncached reads, " + tasks, "reads", file, "READ", tasks, false, true);
        }
        for (int tasks : new int[] {1, 64}) {
            program("append and sync, " + tasks, "appends", made(), tasks);
        }
        for (int tasks : new int[] {1, 32}) {
            program("open, stat, read, close, " + tasks, "small", made(), tasks);
        }
    }

    @Override
    void fill() throws IOException {
        TestFile.fill(made().resolve("data"), smoke() ? MEBIBYTES_SMOKE : sizeMebibytes);
    }
}
