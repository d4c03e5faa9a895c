package dev.gyre.io.conformance;

import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Permission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Files and folders that their permission bits keep us out of. */
final class Modes {
    private Modes() {}

    /** A folder in which nothing can be made. */
    static Path unwritable(Path parent) throws IOException {
        Path folder = Files.createDirectory(parent.resolve("unwritable"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
        if (Files.isWritable(folder)) {
            throw Skip.because(
                    "access(2) of a folder with mode 0555", "writable: permission bits do not bind this user");
        }
        return folder;
    }

    /** A file that cannot be read. */
    static Path unreadable(Io io, Path parent) throws IoException {
        Path file = Folders.write(io, parent.resolve("unreadable"), "");
        io.currentDirectory().setPermissions(file.toString(), 0);
        try {
            io.currentDirectory().access(file.toString(), Permission.READ);
        } catch (IoException denied) {
            return file;
        }
        throw Skip.because("access(2) of a file with mode 0000", "readable: permission bits do not bind this user");
    }
}
