package dev.gyre.io.conformance;

import static dev.gyre.io.conformance.Failures.assertFails;

import dev.gyre.io.Io;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.UnixAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Unix sockets whose path is not free, or leads nowhere. */
abstract class SocketPathConformance {
    @Test
    @Tag("L3")
    void pathsThatCannotBeTaken(Io io, @TempDir Path folder) throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        Path loop = Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
        assertCannotListen(io, Reason.ADDRESS_IN_USE, file);
        assertCannotListen(io, Reason.NOT_A_DIRECTORY, file.resolve("below"));
        assertCannotListen(io, Reason.FILE_NOT_FOUND, folder.resolve("missing/socket"));
        assertCannotListen(io, Reason.SYMLINK_LOOP, loop.resolve("socket"));
    }

    /** In sysfs nobody makes a file, privileged or not. */
    @Test
    @Tag("L3")
    void aPlaceWhereNobodyMayMakeASocket(Io io) {
        Path sys = Path.of("/sys");
        if (!Files.isDirectory(sys.resolve("kernel")) || !Files.isWritable(sys)) {
            throw Skip.because("a writable sysfs at /sys", Files.exists(sys) ? "not writable" : "missing");
        }
        assertCannotListen(io, Reason.PERMISSION_DENIED, sys.resolve("gyre-test"));
    }

    @Test
    @Tag("L3")
    void aFolderThatMayNotBeWritten(Io io, @TempDir Path folder) throws Exception {
        Path locked = Modes.unwritable(folder);
        assertCannotListen(io, Reason.ACCESS_DENIED, locked.resolve("socket"));
    }

    @Test
    @Tag("T13")
    void pathsThatLeadToNoSocket(Io io, @TempDir Path folder) throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        Path loop = Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
        assertCannotConnect(io, Reason.CONNECTION_REFUSED, file);
        assertCannotConnect(io, Reason.FILE_NOT_FOUND, folder.resolve("missing"));
        assertCannotConnect(io, Reason.NOT_A_DIRECTORY, file.resolve("below"));
        assertCannotConnect(io, Reason.SYMLINK_LOOP, loop);
    }

    private static void assertCannotListen(Io io, Reason reason, Path path) {
        assertFails(Operation.LISTEN, reason,
                () -> io.listen(new UnixAddress(path.toString()), ListenOptions.DEFAULT));
    }

    private static void assertCannotConnect(Io io, Reason reason, Path path) {
        assertFails(Operation.CONNECT, reason, () -> io.connect(new UnixAddress(path.toString())));
    }
}
