package dev.gyre.simulated;

import dev.gyre.io.FileSystemStat;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * A file system in memory, and the device below it.
 *
 * <p>What programs do, they do to the page cache; {@code sync} brings it to the device: of a file content and
 * attributes, of a folder its names. {@link #powerCut} leaves what is on the device. That is as little as the contract
 * promises: a name that has moved is in the folder that was synced, be that in both or in none, and a file that has a
 * name there but was never synced is empty.
 *
 * <p>This object's lock guards all of it. Whoever makes a call of the kernel's has the kernel's lock already, so that
 * nothing happens between what is done here and what others hear of it.
 */
final class Disk {
    /** As ext4 counts: the root, and the first that is not reserved. */
    private static final long ROOT_NUMBER = 2;

    private static final long NUMBER_FIRST = 11;

    /** Of no file system that Linux knows. */
    private static final long MAGIC = 0x6779_7265;

    private final Room room;
    private final long salt;
    private final Folder root;
    private long numbers = NUMBER_FIRST;
    private long now;

    /**
     * An empty one.
     *
     * @param seed what the order of names comes from
     * @param bytesMax how much there is room for
     * @param now what time it is
     */
    Disk(long seed, long bytesMax, long now) {
        this.room = new Room(bytesMax / PageCache.PAGE);
        this.salt = seed;
        this.now = now;
        this.root = Folder.root(ROOT_NUMBER, 0755, now, salt);
        root.save(false);
    }

    Folder root() {
        return root;
    }

    /** What time it is, in nanoseconds. */
    long now() {
        return now;
    }

    void setTime(long newNow) {
        now = newNow;
    }

    /** What it is, and how full. The number of files has no limit. */
    FileSystemStat stat() {
        long free = room.left() * PageCache.PAGE;
        return new FileSystemStat(MAGIC, PageCache.PAGE, room.all() * PageCache.PAGE, free, free, 0, 0,
                PathWalk.NAME_MAX, false);
    }

    Folder newFolder(Folder parent, String name, int mode) {
        return Folder.in(parent, name, numbers++, mode, now, salt);
    }

    RegularFile newFile(int mode) {
        return new RegularFile(numbers++, mode, now, room);
    }

    NamedPipe newPipe(int mode) {
        return new NamedPipe(numbers++, mode, now);
    }

    SymbolicLink newSymbolicLink(String target) {
        return new SymbolicLink(numbers++, target, now);
    }

    /**
     * Leaves what is on the device. Descriptors are gone then: what they stand for must not be used any more.
     */
    synchronized void powerCut() {
        room.clear();
        Set<Inode> found = new HashSet<>();
        found.add(root);
        root.revert();
        Deque<Folder> left = new ArrayDeque<>();
        left.add(root);
        for (Folder folder = left.poll(); folder != null; folder = left.poll()) {
            left.addAll(folder.revertNames(found));
        }
    }
}
