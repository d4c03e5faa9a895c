package dev.gyre.simulated;

import dev.gyre.io.FileKind;

/** A named pipe. What goes through it is the machine's on which it is open, and not the disk's: {@link Fifo}. */
final class NamedPipe extends Inode {
    private long links;

    NamedPipe(long number, int mode, long now) {
        super(number, mode, now);
    }

    @Override
    FileKind kind() {
        return FileKind.PIPE;
    }

    @Override
    long size() {
        return 0;
    }

    @Override
    long pages() {
        return 0;
    }

    @Override
    long links() {
        return links;
    }

    @Override
    void linked() {
        links++;
    }

    @Override
    void unlinked() {
        links--;
    }

    @Override
    int alignment() {
        return 0;
    }

    @Override
    void saveContent() {}

    @Override
    void revertContent() {
        links = 0;
    }
}
