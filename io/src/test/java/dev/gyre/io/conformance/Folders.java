package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Directory;
import dev.gyre.io.File;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.OpenOptions;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** What tests find in their folder, made and looked at through their {@link Io}: a simulated one has its own files. */
final class Folders {
    private Folders() {}

    /** Makes a folder, and those on the way to it. */
    static Path make(Io io, Path folder) throws IoException {
        io.currentDirectory().makePath(folder.toString());
        return folder;
    }

    /** Makes a file, or replaces what is in it; and the folders on the way to it. */
    static Path write(Io io, Path path, String content) throws IoException {
        return write(io, path, content.getBytes(StandardCharsets.UTF_8));
    }

    /** The same with bytes. */
    static Path write(Io io, Path path, byte[] content) throws IoException {
        make(io, path.getParent());
        try (File file = io.currentDirectory().openFile(path.toString(), OpenOptions.REPLACE)) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                int count = file.write(rest, rest.position());
                assert count > 0;
            }
        }
        return path;
    }

    /** Makes a symbolic link. */
    static Path symlink(Io io, Path path, String target) throws IoException {
        io.currentDirectory().symlink(target, path.toString());
        return path;
    }

    /** The names in a folder. */
    static Set<String> names(Io io, Path folder) throws IoException {
        Set<String> names = new HashSet<>();
        try (Directory opened = io.currentDirectory().openDirectory(folder.toString())) {
            opened.list().forEach(entry -> names.add(entry.name()));
        }
        return names;
    }

    /** That the same is in two files, however long they are. */
    static void assertSameContent(Io io, Path one, Path other) throws IoException {
        byte[] first = new byte[1 << 20];
        byte[] second = new byte[1 << 20];
        try (File file = io.currentDirectory().openFile(one.toString(), OpenOptions.READ);
                File beside = io.currentDirectory().openFile(other.toString(), OpenOptions.READ)) {
            assertThat(beside.stat().size()).isEqualTo(file.stat().size());
            long at = 0;
            for (int count = 0; count >= 0; count = file.read(first, at)) {
                at += count;
                assertThat(beside.read(second, at - count)).isIn(count, count == 0 ? second.length : count);
                assertThat(Arrays.equals(first, 0, count, second, 0, count)).as("before " + at).isTrue();
            }
        }
    }

    /** All that is in a file. */
    static byte[] read(Io io, Path path) throws IoException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        byte[] piece = new byte[64 << 10];
        try (File file = io.currentDirectory().openFile(path.toString(), OpenOptions.READ)) {
            for (int count = file.read(piece, 0); count >= 0; count = file.read(piece, content.size())) {
                content.write(piece, 0, count);
            }
        }
        return content.toByteArray();
    }

    /** The same as text. */
    static String readText(Io io, Path path) throws IoException {
        return new String(read(io, path), StandardCharsets.UTF_8);
    }
}
