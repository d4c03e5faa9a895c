package dev.gyre.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The kernel's own account of itself, proc(5).
 *
 * @param root where it is mounted
 */
record Proc(Path root) {
    static final Proc MOUNTED = new Proc(Path.of("/proc"));

    /** A limit that is none. */
    static final long UNLIMITED = Long.MAX_VALUE;

    /** A file's text without the white space around it; empty if this kernel lacks the file, or hides it. */
    Optional<String> text(String file) {
        try {
            return Optional.of(Files.readString(root.resolve(file)).strip());
        } catch (FileSystemException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The value that {@code self/status} has under a key, for instance {@code Seccomp}. */
    Optional<String> status(String key) {
        return line("self/status", key + ":");
    }

    /** This process's soft limit by its name in {@code self/limits}; {@link #UNLIMITED} if there is none. */
    Optional<Long> limit(String name) {
        return line("self/limits", name)
                .map(columns -> columns.substring(0, columns.indexOf(' ')))
                .map(soft -> soft.equals("unlimited") ? UNLIMITED : Long.parseLong(soft));
    }

    /** How many descriptors this process has; 0 if unknown. */
    int openFiles() {
        String[] names = root.resolve("self/fd").toFile().list();
        return names == null ? 0 : names.length;
    }

    private Optional<String> line(String file, String start) {
        return text(file).flatMap(text -> text.lines()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()).strip())
                .findFirst());
    }
}
