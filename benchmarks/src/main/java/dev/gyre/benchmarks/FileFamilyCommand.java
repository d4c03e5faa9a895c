package dev.gyre.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** A family of programs that use files, in a folder that is there while they run. */
abstract class FileFamilyCommand extends FamilyCommand {
    @Option(
            names = "--folder",
            paramLabel = "DIR",
            defaultValue = ".",
            description = "Where files are made; on the device to measure. Default: ${DEFAULT-VALUE}")
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private Path folder;

    private Path made = Path.of("");

    /** The folder for the files of this run. */
    final Path made() {
        return made;
    }

    /** Makes what the programs find in the folder. */
    void fill() throws IOException {}

    @Override
    public final Integer call() throws IOException {
        made = Files.createTempDirectory(folder, "gyre-files").toAbsolutePath();
        try {
            fill();
            return super.call();
        } finally {
            Workshop.delete(made);
        }
    }
}
