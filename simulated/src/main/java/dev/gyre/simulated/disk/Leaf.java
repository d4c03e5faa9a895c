package dev.gyre.simulated.disk;

/** What is no folder: any number of names stands for it. It takes no room, unless it says otherwise. */
abstract sealed class Leaf extends Inode permits NamedPipe, RegularFile, SymbolicLink {
    private static final Writeback NOTHING = new Writeback() {
        @Override
        public void finish() {}

        @Override
        public void refuse() {}
    };

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
    Writeback beginContent() {
        return NOTHING;
    }

    @Override
    void saveSomeContent(Chance chance) {}

    /** It has no name before those that stand for it are found. */
    @Override
    void revertContent() {
        links = 0;
    }
}
