package dev.gyre.simulated;

import dev.gyre.io.Directory;
import dev.gyre.io.DirectoryEntry;
import dev.gyre.io.File;
import dev.gyre.io.FileStat;
import dev.gyre.io.IoException;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import java.util.List;

/** The current folder of a simulation, which has no files. */
final class SimulatedDirectory implements Directory {
    @Override
    public File openFile(String path, OpenOptions options) throws IoException {
        throw unsupported(Operation.OPEN_FILE, path);
    }

    @Override
    public Directory openDirectory(String path, OpenOptions.Flag... flags) throws IoException {
        throw unsupported(Operation.OPEN_DIRECTORY, path);
    }

    @Override
    public FileStat stat(String path) throws IoException {
        throw unsupported(Operation.STAT, path);
    }

    @Override
    public FileStat lstat(String path) throws IoException {
        throw unsupported(Operation.STAT, path);
    }

    @Override
    public List<DirectoryEntry> list() throws IoException {
        throw unsupported(Operation.LIST, ".");
    }

    @Override
    public void close() {}

    static IoException unsupported(Operation operation, Object target) {
        return operation.failure(Reason.OPERATION_UNSUPPORTED, target + " in a simulation, which has no files");
    }
}
