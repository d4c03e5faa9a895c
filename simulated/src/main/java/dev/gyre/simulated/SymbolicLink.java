package dev.gyre.simulated;

import dev.gyre.io.FileKind;

/** A symbolic link. What it says never changes, and is where its inode is. */
final class SymbolicLink extends Inode {
    private final String target;
    private long links;

    SymbolicLink(long number, String target, long now) {
        super(number, 0777, now);
        this.target = target;
    }

    /** What it says, a character for each byte. */
    String target() {
        return target;
    }

    @Override
    FileKind kind() {
        return FileKind.SYMLINK;
    }

    @Override
    long size() {
        return target.length();
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
