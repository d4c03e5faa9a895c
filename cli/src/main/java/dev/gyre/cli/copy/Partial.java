package dev.gyre.cli.copy;

import dev.gyre.io.Directory;
import dev.gyre.io.File;
import dev.gyre.io.FileKind;
import dev.gyre.io.FileStat;
import dev.gyre.io.IoException;
import dev.gyre.io.Locking;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.OpenOptions.Access;
import dev.gyre.io.OpenOptions.Flag;
import dev.gyre.io.Reason;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file on its way to its name. Until it is whole it has the one of {@link Names#partial}, and is locked: a second run
 * that meets it knows whether somebody still works on it or has been killed. Only where a folder above it has such a
 * name is that not needed; then the time of change, which is set last, tells that it is whole.
 *
 * <p>The lock is taken after the file was made, and the name may lead elsewhere by the time it is taken. So whoever
 * takes over what he did not make looks whether it has its name still.
 */
final class Partial implements AutoCloseable {
    private static final int ATTEMPTS_MAX = 16;
    private static final int WRITABLE = 0600;

    private static final OpenOptions FRESH =
            new OpenOptions(Access.READ_WRITE, Set.of(Flag.CREATE, Flag.EXCLUSIVE, Flag.NO_FOLLOW), 0);
    private static final OpenOptions LEFT =
            new OpenOptions(Access.READ_WRITE, Set.of(Flag.NO_FOLLOW, Flag.NON_BLOCKING), 0);

    private final Directory folder;
    private final String name;
    private final String target;
    private final File file;

    /** Its permission bits as they were asked for. */
    final int mode;

    /** How much of it is there already; 0 for a new one. */
    final long length;

    private boolean done;

    private Partial(Directory folder, String name, String target, File file, int mode, long length) {
        this.folder = folder;
        this.name = name;
        this.target = target;
        this.file = file;
        this.mode = mode;
        this.length = length;
    }

    /** Makes it in a folder that this run has made, and that has a partial name itself: it has its own at once. */
    static Partial inFresh(Directory folder, String target, int mode) throws IoException {
        int wanted = mode | WRITABLE;
        return new Partial(folder, target, target, folder.openFile(target, FRESH.withMode(wanted)), wanted, 0);
    }

    /**
     * Makes it, in the place of what an earlier run may have left.
     *
     * @param mode permission bits, to which those are added that let the owner read and write
     */
    static Partial create(Directory folder, String target, int mode) throws IoException, MismatchException {
        return open(folder, target, mode, null);
    }

    /** Makes it, or goes on with what an earlier run has left, if that has a record of {@code source}. */
    static Partial open(Directory folder, String target, int mode, @Nullable ResumeRecord source)
            throws IoException, MismatchException {
        String name = Names.partial(target);
        int wanted = mode | WRITABLE;
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            try {
                File file = folder.openFile(name, FRESH.withMode(wanted));
                requireLock(file);
                return new Partial(folder, name, target, file, wanted, 0);
            } catch (IoException failed) {
                if (failed.reason() != Reason.PATH_ALREADY_EXISTS) {
                    throw failed;
                }
            }
            Partial left = takeOver(folder, name, target, source);
            if (left != null) {
                return left;
            }
        }
        throw new MismatchException("another gyre cp is writing it");
    }

    /** What an earlier run has left, if it is to be used; removes it otherwise. */
    private static @Nullable Partial takeOver(
            Directory folder, String name, String target, @Nullable ResumeRecord source)
            throws IoException, MismatchException {
        File file;
        try {
            file = folder.openFile(name, LEFT);
        } catch (IoException failed) {
            if (failed.reason() != Reason.FILE_NOT_FOUND) {
                removeClosed(folder, name, failed);
            }
            return null;
        }
        boolean used = false;
        try {
            requireLock(file);
            FileStat state = file.stat();
            if (!hasName(folder, name, state)) {
                return null;
            }
            if (source != null && state.kind() == FileKind.FILE && state.links() == 1) {
                long length = source.lengthLeftIn(file, state);
                if (length > 0) {
                    used = true;
                    return new Partial(folder, name, target, file, state.mode(), length);
                }
            }
            folder.deleteFile(name);
            return null;
        } finally {
            if (!used) {
                file.close();
            }
        }
    }

    /** A symbolic link was on its way, or a file whose owner and permissions were set already. */
    private static void removeClosed(Directory folder, String name, IoException failed) throws IoException {
        switch (failed.reason()) {
            case SYMLINK_LOOP, ACCESS_DENIED, NO_DEVICE, OPERATION_UNSUPPORTED -> folder.deleteFile(name);
            default -> throw failed;
        }
    }

    private static boolean hasName(Directory folder, String name, FileStat state) throws IoException {
        try {
            FileStat named = folder.lstat(name);
            return named.device() == state.device() && named.inode() == state.inode();
        } catch (IoException failed) {
            if (failed.reason() == Reason.FILE_NOT_FOUND) {
                return false;
            }
            throw failed;
        }
    }

    private static void requireLock(File file) throws IoException, MismatchException {
        boolean locked = false;
        try {
            locked = file.tryLock(Locking.EXCLUSIVE);
        } finally {
            if (!locked) {
                file.close();
            }
        }
        if (!locked) {
            throw new MismatchException("another gyre cp is writing it");
        }
    }

    /** The file, open for reading and writing. */
    File file() {
        return file;
    }

    /** Gives it its name, in the place of what has that. It must be whole. */
    void commit() throws IoException {
        if (!name.equals(target)) {
            folder.rename(name, target);
        }
        done = true;
    }

    /** Leaves it for another run to go on with. */
    void keep() {
        done = true;
    }

    /** Removes it, unless it has its name or is to be kept. */
    @Override
    public void close() throws IoException {
        try (File _ = file) {
            if (!done) {
                folder.deleteFile(name);
            }
        }
    }
}
