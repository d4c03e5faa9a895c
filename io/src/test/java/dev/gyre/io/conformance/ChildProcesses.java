package dev.gyre.io.conformance;

import dev.gyre.io.Source;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** What the kernel says of processes, and what children print. */
final class ChildProcesses {
    private static final Path PROCESSES = Path.of("/proc");

    private ChildProcesses() {}

    /** Everything up to the end. */
    static byte[] bytes(Source source) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        for (int count = source.read(buffer); count > 0; count = source.read(buffer)) {
            all.write(buffer, 0, count);
        }
        return all.toByteArray();
    }

    /** The same as text. */
    static String text(Source source) throws IOException {
        return new String(bytes(source), StandardCharsets.UTF_8);
    }

    /** Whether there is a process of this id, be it a zombie. */
    static boolean exists(long pid) {
        return Files.exists(PROCESSES.resolve(Long.toString(pid)));
    }

    /** The children of this process that have ended, and that nobody has waited for. */
    static Set<String> zombies() {
        return children("Z");
    }

    /** All children of this process in a state, as id and name. */
    static Set<String> children(String state) {
        Set<String> found = new TreeSet<>();
        String self = Long.toString(ProcessHandle.current().pid());
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
            for (Path process : processes) {
                String stat = stat(process);
                int end = stat.lastIndexOf(')');
                if (end > 0) {
                    String[] rest = stat.substring(end + 2).split(" ", 3);
                    if (rest[0].matches(state) && rest[1].equals(self)) {
                        found.add(stat.substring(0, end + 1));
                    }
                }
            }
        } catch (IOException failed) {
            throw new AssertionError("processes cannot be looked at", failed);
        }
        return found;
    }

    private static String stat(Path process) {
        try {
            return Files.readString(process.resolve("stat"));
        } catch (IOException ended) {
            return "";
        }
    }
}
