package dev.gyre.simulated.disk;

import dev.gyre.io.FileKind;

/** A symbolic link. What it says never changes, and is where its inode is. */
final class SymbolicLink extends Leaf {
    private final String target;

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
}
