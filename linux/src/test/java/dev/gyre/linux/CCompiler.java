package dev.gyre.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.SortedSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The machine's C compiler, asked what its headers say. */
final class CCompiler {
    /** What it prints for a name or a member that the headers do not have. */
    private static final Pattern UNKNOWN = Pattern.compile(
            "error: '(?<name>\\w+)' undeclared|'struct (?<struct>\\w+)' has no member named '(?<member>\\w+)'");

    private final Path directory;

    CCompiler(Path directory) {
        this.directory = directory;
    }

    static boolean present() {
        try {
            return new ProcessBuilder("gcc", "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Compiles and runs a program. Names that the headers do not have are left out and come back in the answer, as
     * {@code NAME} or {@code struct.member}.
     *
     * @param program makes the source text without the names in a set
     */
    Answer run(Function<SortedSet<String>, String> program) throws IOException, InterruptedException {
        SortedSet<String> missing = new TreeSet<>();
        Path source = directory.resolve("headers.c");
        Path binary = directory.resolve("headers");
        for (int attempt = 0; attempt < 3; attempt++) {
            Files.writeString(source, program.apply(missing));
            Output compiled = start("gcc", "-w", "-o", binary.toString(), source.toString());
            if (compiled.status == 0) {
                Output run = start(binary.toString());
                if (run.status != 0) {
                    throw new AssertionError("the program ended with " + run.status);
                }
                return new Answer(run.text.lines().toList(), missing);
            }
            Matcher unknown = UNKNOWN.matcher(compiled.text);
            int before = missing.size();
            while (unknown.find()) {
                missing.add(
                        unknown.group("name") != null
                                ? unknown.group("name")
                                : unknown.group("struct") + "." + unknown.group("member"));
            }
            if (missing.size() == before) {
                throw new AssertionError("gcc refuses " + source + ":\n" + compiled.text);
            }
        }
        throw new AssertionError("gcc still misses names without " + missing);
    }

    private static Output start(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Output(process.waitFor(), text);
    }

    record Answer(List<String> lines, SortedSet<String> missing) {}

    private record Output(int status, String text) {}
}
