package dev.gyre.io.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** What this process has open, as far as the program and not the virtual machine opened it. */
public final class OpenDescriptors {
    private static final Path FOLDER = Path.of("/proc/self/fd");
    private static final String JAVA_HOME = System.getProperty("java.home");

    private OpenDescriptors() {}

    /**
     * What is open.
     *
     * @return each as number and target, for instance {@code 7 -> socket:[1234]}
     */
    public static Set<String> now() {
        Set<String> found = new TreeSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(FOLDER)) {
            for (Path entry : entries) {
                String target = target(entry);
                if (!target.isEmpty() && !isOfVirtualMachine(target)) {
                    found.add(entry.getFileName() + " -> " + target);
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return found;
    }

    static Set<String> since(Set<String> before) {
        Set<String> found = now();
        found.removeAll(before);
        return found;
    }

    private static String target(Path entry) throws IOException {
        try {
            return Files.readSymbolicLink(entry).toString();
        } catch (java.nio.file.NoSuchFileException closedMeanwhile) {
            return "";
        }
    }

    /** Classes are loaded, and random numbers are asked for, at any time. */
    private static boolean isOfVirtualMachine(String target) {
        return target.startsWith("/proc/")
                || target.startsWith(JAVA_HOME)
                || target.endsWith(".jar")
                || target.endsWith(".class")
                || target.startsWith("/dev/random")
                || target.startsWith("/dev/urandom");
    }
}
