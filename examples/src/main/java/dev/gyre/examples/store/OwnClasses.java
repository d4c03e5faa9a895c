package dev.gyre.examples.store;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;

/**
 * The classes of the store. Where they lie in a folder, as after compiling, each is a file that is opened when the class
 * is first used; and when clients have taken all descriptors, that is too late. A jar is open already.
 */
final class OwnClasses {
    private static final String SUFFIX = ".class";

    private OwnClasses() {}

    /** Loads all. What cannot be loaded now is tried again when it is used. */
    static void load() {
        String name = OwnClasses.class.getPackageName();
        CodeSource source = OwnClasses.class.getProtectionDomain().getCodeSource();
        try {
            Path root = Path.of(source.getLocation().toURI());
            if (Files.isDirectory(root)) {
                try (DirectoryStream<Path> files =
                        Files.newDirectoryStream(root.resolve(name.replace('.', '/')), "*" + SUFFIX)) {
                    for (Path file : files) {
                        String last = file.getFileName().toString();
                        load(name + "." + last.substring(0, last.length() - SUFFIX.length()));
                    }
                }
            }
        } catch (IOException | URISyntaxException ignored) {
            // Then they are loaded one by one.
        }
    }

    private static void load(String name) {
        try {
            var _ = Class.forName(name, false, OwnClasses.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError ignored) {
            // Whoever needs it is told.
        }
    }
}
