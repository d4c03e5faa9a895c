package dev.gyre.simulated.disk;

import dev.gyre.io.FileSystemStat;
import dev.gyre.io.spi.SharedRandom;
import dev.gyre.simulated.Unsynced;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A file system in memory, and the device below it.
 *
 * <p>What programs do, they do to the page cache; {@code sync} brings it to the device as it was when that began: of a
 * file content and attributes, of a folder its names ({@link Writeback}). {@link #powerCut} leaves what is on the
 * device. That is as little as the contract promises: a file that has a name there but was never synced is empty. Of
 * what was not synced more may be left, by chance.
 *
 * <p>In one thing it is more, since all file systems with a journal are, and hardly a program does without it: what a
 * rename has changed comes to the device together ({@link Folder#together}). So no file is lost by it, whichever folder
 * was synced, and no folder has two places.
 *
 * <p>This object's lock guards all of it. Whoever makes a call of the kernel's has the kernel's lock already, so that
 * nothing happens between what is done here and what others hear of it.
 */
public final class Disk {
    /** As ext4 counts: the root, and the first that is not reserved. */
    private static final long ROOT_NUMBER = 2;

    private static final long NUMBER_FIRST = 11;

    /** Of no file system that Linux knows. */
    private static final long MAGIC = 0x6779_7265;

    private final Room room;
    private final DiskFaults faults;
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
    public Disk(long seed, long bytesMax, long now) {
        this.room = new Room(bytesMax / PageCache.PAGE);
        this.faults = new DiskFaults(new SharedRandom(~seed));
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

    /** What it does wrong. */
    public DiskFaults faults() {
        return faults;
    }

    /** Has room for so many pages. There may be less than none left then. */
    public synchronized void setBytesMax(long bytesMax) {
        room.setAll(bytesMax / PageCache.PAGE);
    }

    /**
     * Leaves what is on the device, and of the rest what is to be left. Descriptors are gone then: what they stand for
     * must not be used any more.
     */
    public synchronized void powerCut(Unsynced unsynced) {
        switch (unsynced) {
            case LOST -> {}
            case BY_CHANCE -> {
                Chance chance = new Chance(faults.random());
                everything().forEach(inode -> inode.saveSome(chance));
            }
            case KEPT -> everything().forEach(inode -> inode.save(false));
        }
        revert();
    }

    /** What has a name here or on the device, by number. */
    private Collection<Inode> everything() {
        Map<Long, Inode> found = new TreeMap<>();
        found.put(root.number, root);
        Deque<Folder> left = new ArrayDeque<>();
        left.add(root);
        for (Folder folder = left.poll(); folder != null; folder = left.poll()) {
            for (Inode inode : folder.all()) {
                if (found.putIfAbsent(inode.number, inode) == null && inode instanceof Folder other) {
                    left.add(other);
                }
            }
        }
        return found.values();
    }

    private void revert() {
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
