package dev.gyre.simulated.disk;

/** What is no folder: any number of names stands for it. It takes no room, unless it says otherwise. */
abstract sealed class Leaf extends Inode permits NamedPipe, RegularFile, SymbolicLink {
    private long links;

    Leaf(long number, int mode, long now) {
        super(number, mode, now);
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
    final long links() {
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
    void saveSomeContent(Chance chance) {}

    @Override
    void giveUpContent() {}

    /** It has no name before those that stand for it are found. */
    @Override
    void revertContent() {
        links = 0;
    }
}
