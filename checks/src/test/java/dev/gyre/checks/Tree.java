package dev.gyre.checks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The project's files as they lie on the disk. */
final class Tree {
    /** Where the root pom is; tests run in their module's folder, one below. */
    static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private static final Pattern MODULE = Pattern.compile("<module>(.*?)</module>");
    private static final Pattern MADE = Pattern.compile("(.*/)?(target|\\.git|\\.gyre|\\.idea)(/.*)?");

    private Tree() {}

    /** The folders of the modules, as the root pom lists them. */
    static List<Path> modules() {
        return MODULE.matcher(read(ROOT.resolve("pom.xml")).orElseThrow())
                .results()
                .map(module -> ROOT.resolve(module.group(1)))
                .toList();
    }

    /** Where the build puts a module's classes. */
    static Path classes(Path module) {
        return module.resolve("target/classes");
    }

    /** All text files that git tracks or would track; in a tree without git, all that no tool has made. */
    static List<SourceFile> sources() {
        return paths()
                .sorted()
                .flatMap(path -> read(ROOT.resolve(path)).stream().map(text -> new SourceFile(path, text)))
                .toList();
    }

    private static Stream<String> paths() {
        try {
            Process git = new ProcessBuilder("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
                    .directory(ROOT.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String names = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (git.waitFor() == 0) {
                return Stream.of(names.split("\0", 0)).filter(path -> Files.isRegularFile(ROOT.resolve(path)));
            }
        } catch (IOException e) {
            // No git here: walk.
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return walk();
    }

    private static Stream<String> walk() {
        try (Stream<Path> paths = Files.walk(ROOT)) {
            return paths
                    .filter(Files::isRegularFile)
                    .map(path -> ROOT.relativize(path).toString())
                    .filter(path -> !MADE.matcher(path).matches())
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file's text, or nothing if it is not text. */
    private static Optional<String> read(Path path) {
        try {
            return Optional.of(Files.readString(path)).filter(text -> text.indexOf('\0') < 0);
        } catch (MalformedInputException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
