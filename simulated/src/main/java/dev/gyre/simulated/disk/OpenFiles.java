package dev.gyre.simulated.disk;

import dev.gyre.io.Change;

/**
 * What a machine knows of the files that its processes use, besides what is on its {@link Disk}: locks, pipes that are
 * open, and who watches what. It is gone when the machine loses its power. Guarded by the kernel's lock.
 */
public final class OpenFiles {
    private final Disk disk;
    private final FileLocks locks = new FileLocks();
    private final Fifos fifos = new Fifos();
    private final ChangeMarks marks = new ChangeMarks();

    /** Nothing is open. */
    public OpenFiles(Disk disk) {
        this.disk = disk;
    }

    Disk disk() {
        return disk;
    }

    FileLocks locks() {
        return locks;
    }

    Fifos fifos() {
        return fifos;
    }

    ChangeMarks marks() {
        return marks;
    }

    /** Ends something to which nothing refers any more. Whether it is a file, or watches some. */
    public boolean end(Object target) {
        switch (target) {
            case OpenFile file -> close(file);
            case ChangeQueue queue -> marks.close(queue);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void close(OpenFile file) {
        boolean wasOpen = file.isOpen();
        locks.release(file);
        fifos.close(file);
        synchronized (disk) {
            Found closed = file.found();
            if (wasOpen && file.isWritable()) {
                marks.changed(closed, Change.CLOSED_AFTER_WRITE);
            }
            file.close();
            marks.goneIfUnused(closed.inode(), closed.place());
        }
    }
}
