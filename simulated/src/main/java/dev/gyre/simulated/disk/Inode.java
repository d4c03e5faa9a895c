package dev.gyre.simulated.disk;

import dev.gyre.io.Clock;
import dev.gyre.io.FileKind;
import dev.gyre.io.FileStat;
import dev.gyre.io.Timestamp;
import dev.gyre.simulated.kernel.SimulatedCalls;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a name stands for. It exists twice, as programs see it and as it is on the device, and {@link #save} makes the
 * second like the first.
 *
 * <p>The one user of a simulation owns everything, so that of the permission bits only the owner's count. Guarded by
 * the disk's lock.
 */
abstract sealed class Inode permits Folder, Leaf {
    static final int READ = 4;
    static final int WRITE = 2;
    static final int EXECUTE = 1;

    static final int SET_USER = 04000;
    static final int SET_GROUP = 02000;
    private static final int GROUP_EXECUTE = 010;

    /** The device that holds it, as stat(2) calls the first partition of the first disk. */
    private static final long DEVICE = 8L << 32 | 1;

    private static final long DAY_NANOS = 86_400_000_000_000L;
    private static final int BLOCK = 512;

    final long number;
    private int mode;
    private long modified;
    private long changed;
    private long accessed;
    private ExtendedAttributes extended = new ExtendedAttributes();

    /** Those who have it open, and keep it also without a name. */
    private final List<OpenFile> holders = new ArrayList<>();

    /** Null until it has come to the device. */
    private @Nullable Attributes device;

    /** How many syncs have begun, and which was the last to begin of those that have saved attributes. */
    private long begun;

    private long saved;

    /** What the device knows of every kind. */
    private record Attributes(int mode, long modified, long changed, long accessed, ExtendedAttributes extended) {}

    Inode(long number, int mode, long now) {
        this.number = number;
        this.mode = mode;
        modified = now;
        changed = now;
        accessed = now;
    }

    abstract FileKind kind();

    abstract long size();

    /** How many pages it takes. */
    abstract long pages();

    abstract long links();

    /** One more name stands for it. */
    abstract void linked();

    /** One name less does. */
    abstract void unlinked();

    /** What offset and length must be a multiple of, to go past the page cache; 0 if nothing can. */
    abstract int alignment();

    /** Begins to bring its content to the device. */
    abstract Writeback beginContent();

    /** Brings some of its content to the device. */
    abstract void saveSomeContent(Chance chance);

    /** Makes its content what it is on the device. */
    abstract void revertContent();

    /** Somebody has it open. */
    void hold(OpenFile file) {
        holders.add(file);
    }

    /** Somebody has closed it. */
    void release(OpenFile file) {
        holders.remove(file);
    }

    /** It has another name. */
    void renamed(Place from, Place to) {
        holders.forEach(each -> each.renamed(from, to));
    }

    boolean isHeld() {
        return !holders.isEmpty();
    }

    /** Whether somebody has it open by this name. */
    boolean isHeldBy(@Nullable Place place) {
        return holders.stream().anyMatch(each -> each.isBy(place));
    }

    int mode() {
        return mode;
    }

    /** Whether the user may do all of this: {@link #READ}, {@link #WRITE}, {@link #EXECUTE}. */
    boolean permits(int wanted) {
        return (mode >> 6 & wanted) == wanted;
    }

    void setMode(int newMode, long now) {
        mode = newMode;
        changed = now;
    }

    void setTimes(@Nullable Timestamp newAccessed, @Nullable Timestamp newModified, long now) {
        accessed = newAccessed == null ? accessed : newAccessed.nanoseconds();
        modified = newModified == null ? modified : newModified.nanoseconds();
        changed = now;
    }

    /** Attributes or names of it change. */
    void touchAttributes(long now) {
        changed = now;
    }

    /** Its content changes. */
    void touch(long now) {
        modified = now;
        changed = now;
    }

    /** It is read. That is noted where it was not since it was changed, or for a day (mount(8), {@code relatime}). */
    void touchRead(long now) {
        if (accessed <= modified || accessed <= changed || now - accessed >= DAY_NANOS) {
            accessed = now;
        }
    }

    /** Takes the bits that let others act as its owner: its content, or its owner, may have changed. */
    void dropPrivileges() {
        mode &= ~SET_USER;
        if ((mode & GROUP_EXECUTE) != 0) {
            mode &= ~SET_GROUP;
        }
    }

    ExtendedAttributes extended() {
        return extended;
    }

    FileStat stat() {
        return new FileStat(kind(), size(), mode, SimulatedCalls.USER, SimulatedCalls.USER, time(modified),
                time(changed), time(accessed), DEVICE, number, links(), pages() * PageCache.PAGE / BLOCK, alignment(),
                0);
    }

    private static Timestamp time(long nanoseconds) {
        return new Timestamp(Clock.REAL, nanoseconds);
    }

    /**
     * Begins to bring it to the device, as it is now.
     *
     * @param dataOnly whether attributes may stay behind of what is there already
     */
    final Writeback begin(boolean dataOnly) {
        Writeback content = beginContent();
        Attributes then = attributes();
        long order = ++begun;
        return new Writeback() {
            @Override
            public void finish() {
                if (device == null || (!dataOnly && order > saved)) {
                    device = then;
                    saved = order;
                }
                content.finish();
            }

            @Override
            public void refuse() {
                content.refuse();
            }
        };
    }

    /** Brings it to the device at once. */
    final void save(boolean dataOnly) {
        begin(dataOnly).finish();
    }

    /** Brings some of it to the device. */
    final void saveSome(Chance chance) {
        if (device == null || chance.keeps()) {
            saveAttributes();
        }
        saveSomeContent(chance);
    }

    /** Sees to it that it is on the device, without the content that never was. */
    final void saveExistence() {
        if (device == null) {
            saveAttributes();
        }
    }

    private void saveAttributes() {
        device = attributes();
        saved = begun;
    }

    private Attributes attributes() {
        return new Attributes(mode, modified, changed, accessed, new ExtendedAttributes(extended));
    }

    /** Makes it what it is on the device. */
    final void revert() {
        Attributes left = device;
        if (left == null) {
            throw new AssertionError("inode " + number + " has a name on the device, and is not there");
        }
        mode = left.mode;
        modified = left.modified;
        changed = left.changed;
        accessed = left.accessed;
        extended = new ExtendedAttributes(left.extended);
        holders.clear();
        revertContent();
    }
}
