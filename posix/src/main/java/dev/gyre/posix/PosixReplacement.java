package dev.gyre.posix;

import dev.gyre.io.File;
import dev.gyre.io.IoException;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.OpenOptions.Access;
import dev.gyre.io.OpenOptions.Flag;
import dev.gyre.io.Reason;
import dev.gyre.io.Renaming;
import dev.gyre.io.Replacement;
import java.util.HexFormat;
import java.util.Set;

/** A file with a temporary name, in the folder where it is to have another. */
final class PosixReplacement implements Replacement {
    private static final OpenOptions FRESH =
            new OpenOptions(Access.READ_WRITE, Set.of(Flag.CREATE, Flag.EXCLUSIVE), 0);

    private final PosixIo io;
    private final PosixDirectory folder;
    private final String temporary;
    private final String name;
    private final File file;
    private boolean named;
    private boolean closed;

    private PosixReplacement(PosixIo io, PosixDirectory folder, String temporary, String name, File file) {
        this.io = io;
        this.folder = folder;
        this.temporary = temporary;
        this.name = name;
        this.file = file;
    }

    /**
     * Makes the file.
     *
     * @param folder that of the name; closed with this, and if this fails
     */
    static PosixReplacement begin(PosixIo io, PosixDirectory folder, String name, int mode) throws IoException {
        PosixReplacement begun = null;
        try {
            while (begun == null) {
                String temporary = ".gyre-" + HexFormat.of().toHexDigits(io.random().nextLong());
                try {
                    File file = folder.openFile(temporary, FRESH.withMode(mode));
                    begun = new PosixReplacement(io, folder, temporary, name, file);
                } catch (IoException failed) {
                    if (failed.reason() != Reason.PATH_ALREADY_EXISTS) {
                        throw failed;
                    }
                }
            }
            return begun;
        } finally {
            if (begun == null) {
                folder.close();
            }
        }
    }

    @Override
    public File file() {
        return file;
    }

    @Override
    public void commit() throws IoException {
        requireOpen();
        file.sync();
        commitWithoutSync();
        folder.sync();
    }

    @Override
    public void commitWithoutSync() throws IoException {
        requireOpen();
        folder.rename(temporary, folder, name, Renaming.REPLACE);
        named = true;
    }

    private void requireOpen() {
        if (named || closed) {
            throw new IllegalStateException("the replacement of " + this + " is " + (closed ? "closed" : "committed"));
        }
    }

    @Override
    public void close() throws IoException {
        if (closed) {
            return;
        }
        closed = true;
        try (folder; file) {
            if (!named) {
                removeTemporary();
            }
        }
    }

    private void removeTemporary() throws IoException {
        try {
            io.protect(() -> {
                folder.deleteFile(temporary);
                return true;
            });
        } catch (IoException failed) {
            if (failed.reason() != Reason.FILE_NOT_FOUND) {
                throw failed;
            }
        }
    }

    @Override
    public String toString() {
        return folder + "/" + name;
    }
}
