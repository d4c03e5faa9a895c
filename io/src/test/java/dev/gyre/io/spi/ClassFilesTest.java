package dev.gyre.io.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("T12")
final class ClassFilesTest {
    @TempDir
    Path folder;

    /** Loaded by a loader of the test. */
    static final class Member {}

    static final class Other {
        static {
            fail();
        }

        private static void fail() {
            throw new AssertionError("is not to be initialized");
        }
    }

    @Test
    void classesInAFolderAreLoaded() throws Exception {
        Path classes = folder.resolve("a folder"); // which is another text in a URL
        write(classes);
        try (Loader loader = new Loader(classes.toUri().toURL())) {
            ClassFiles.load(loader.loadClass(Member.class.getName()));
            assertThat(loader.loaded).containsExactlyInAnyOrder(
                    Member.class.getName(), Other.class.getName(), "dev.gyre.io.spi.Broken",
                    "dev.gyre.io.spi.below.Broken");
        }
    }

    @Test
    void classesInAJarAreLoadedWhenTheyAreUsed() throws Exception {
        Path jar = folder.resolve("some.jar");
        try (FileSystem files = FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of("create", "true"))) {
            write(files.getPath("/"));
        }
        try (Loader loader = new Loader(jar.toUri().toURL())) {
            ClassFiles.load(loader.loadClass(Member.class.getName()));
            assertThat(loader.loaded).containsExactly(Member.class.getName());
        }
    }

    @Test
    void classesOfTheJdkAreLeftToIt() {
        ClassFiles.load(Object.class);
    }

    private static void write(Path root) throws IOException {
        Path folder = root.resolve("dev/gyre/io/spi");
        Files.createDirectories(folder.resolve("below"));
        for (Class<?> each : List.of(Member.class, Other.class)) {
            String name = each.getName().substring(each.getPackageName().length() + 1) + ".class";
            try (InputStream bytes = Objects.requireNonNull(each.getResourceAsStream(name))) {
                Files.copy(bytes, folder.resolve(name));
            }
        }
        Files.write(folder.resolve("Broken.class"), new byte[1]);
        Files.write(folder.resolve("below/Broken.class"), new byte[1]);
        Files.write(folder.resolve("package-info.class"), new byte[1]);
        Files.write(folder.resolve("text.txt"), new byte[1]);
    }

    /** Notes what it is asked for. */
    private static final class Loader extends URLClassLoader {
        final List<String> loaded = new ArrayList<>();

        Loader(URL root) {
            super(new URL[] {root}, null);
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            loaded.add(name);
            return super.findClass(name);
        }
    }
}
