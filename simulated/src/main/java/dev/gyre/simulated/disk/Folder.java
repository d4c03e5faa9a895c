package dev.gyre.simulated.disk;

import dev.gyre.io.FileKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A folder. Names are text of one character for each byte. They come in the order of a hash that the seed salts, as
 * those of a real folder do: a listing sees what was there all the time, and of what comes and goes meanwhile some.
 */
final class Folder extends Inode {
    private static final int PAGES = 1;

    private final NavigableMap<String, Inode> names;

    /** Names that do not stand for the same on the device, each with those that were changed together with it. */
    private final TreeMap<String, Set<Place>> dirty = new TreeMap<>();

    /** Those of them that the device has refused: a sync does not try again. */
    private final Set<String> refused = new HashSet<>();

    private final Map<String, Inode> deviceNames = new HashMap<>();
    private long folders;
    private boolean removed;

    /** The folder that has it, itself for the root; and the name there, for people. */
    private Folder parent;

    private String name;

    private Folder(long number, int mode, long now, long salt, @Nullable Folder parent, String name) {
        super(number, mode, now);
        this.names = new TreeMap<>(Comparator.<String>comparingLong(each -> hash(each, salt))
                .thenComparing(Comparator.naturalOrder()));
        this.parent = parent == null ? this : parent;
        this.name = name;
    }

    static Folder root(long number, int mode, long now, long salt) {
        return new Folder(number, mode, now, salt, null, "");
    }

    /** One that is to be put into another by this name. */
    static Folder in(Folder parent, String name, long number, int mode, long now, long salt) {
        return new Folder(number, mode, now, salt, parent, name);
    }

    /** Steele's and others' mixing function of splittable generators. */
    private static long hash(String name, long salt) {
        long mixed = (name.hashCode() + salt) * 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ mixed >>> 30) * 0xbf58476d1ce4e5b9L;
        return mixed ^ mixed >>> 27;
    }

    Folder parent() {
        return parent;
    }

    /** What a name stands for here, or null. */
    @Nullable Inode get(String wanted) {
        return names.get(wanted);
    }

    /** The name after another one; after null, the first; null after the last. */
    Map.@Nullable Entry<String, Inode> after(@Nullable String last) {
        return last == null ? names.firstEntry() : names.higherEntry(last);
    }

    boolean isEmpty() {
        return names.isEmpty();
    }

    /** What has a name in it, here or on the device. */
    List<Inode> all() {
        List<Inode> all = new ArrayList<>(names.values());
        all.addAll(deviceNames.values());
        return all;
    }

    /** Whether it was removed, and is only there for those who have it open. */
    boolean isRemoved() {
        return removed;
    }

    /** Whether it is another one, or that is somewhere in it. */
    boolean contains(Folder other) {
        Folder each = other;
        while (each != this && each.parent != each) {
            each = each.parent;
        }
        return each == this;
    }

    /** Its name, also where it was removed; null for the root. */
    @Nullable Place place() {
        return parent == this ? null : new Place(parent, name, true);
    }

    /** Where it is, from the root on. */
    String path() {
        StringBuilder path = new StringBuilder();
        for (Folder each = this; each.parent != each; each = each.parent) {
            path.insert(0, "/" + each.name);
        }
        return path.isEmpty() ? "/" : path + (removed ? " (deleted)" : "");
    }

    /** Gives something one more name, which is free. */
    void put(String newName, Inode inode, long now) {
        give(newName, inode, now);
        inode.linked();
    }

    /** Takes a name away. What it stood for is gone if it has no other. */
    void remove(String oldName, long now) {
        take(oldName, now).unlinked();
    }

    /** Gives a name to what was taken elsewhere. */
    void give(String newName, Inode inode, long now) {
        settle(newName, inode);
        var _ = noteChanged(newName);
        touch(now);
    }

    /** Returns the names that were changed together with it. */
    private Set<Place> noteChanged(String changed) {
        refused.remove(changed);
        return dirty.computeIfAbsent(changed, _ -> new LinkedHashSet<>());
    }

    /** Two names were changed by one call: on the device they are so together, or not at all. */
    static void together(Place one, Place other) {
        one.folder().noteChanged(one.name()).add(other);
        other.folder().noteChanged(other.name()).add(one);
    }

    private void settle(String newName, Inode inode) {
        names.put(newName, inode);
        if (inode instanceof Folder folder) {
            folder.parent = this;
            folder.name = newName;
            folders++;
        }
    }

    /** Takes what has a name, which is to be given another one. */
    Inode take(String oldName, long now) {
        Inode inode = names.remove(oldName);
        if (inode == null) {
            throw new AssertionError("there is no name " + oldName);
        }
        if (inode instanceof Folder) {
            folders--;
        }
        var _ = noteChanged(oldName);
        touch(now);
        return inode;
    }

    @Override
    FileKind kind() {
        return FileKind.DIRECTORY;
    }

    @Override
    long size() {
        return (long) PAGES * PageCache.PAGE;
    }

    @Override
    long pages() {
        return PAGES;
    }

    /** Its name, its {@code .}, and the {@code ..} of each folder in it. */
    @Override
    long links() {
        return removed ? 0 : 2 + folders;
    }

    @Override
    void linked() {
        removed = false;
    }

    @Override
    void unlinked() {
        removed = true;
    }

    @Override
    int alignment() {
        return 0;
    }

    /** Of a name that is changed once more meanwhile, the latest comes to the device. */
    @Override
    Writeback beginContent() {
        List<String> changed = dirty.keySet().stream().filter(each -> !refused.contains(each)).toList();
        return new Writeback() {
            @Override
            public void finish() {
                changed.forEach(Folder.this::saveWhole);
            }

            @Override
            public void refuse() {
                changed.stream().filter(dirty::containsKey).forEach(refused::add);
            }
        };
    }

    /**
     * The names that were changed together with one that was, which is the first of them; in whatever folders.
     *
     * @param whole whether what has moved into a folder takes that one's name along, and those above it, so that it is
     *     not lost
     */
    private Set<Place> changedWith(String changed, boolean whole) {
        Set<Place> all = new LinkedHashSet<>();
        Deque<Place> left = new ArrayDeque<>(List.of(new Place(this, changed, false)));
        for (Place each = left.poll(); each != null; each = left.poll()) {
            Folder folder = each.folder();
            Set<Place> others = folder.dirty.get(each.name());
            if (others == null || !all.add(each)) {
                continue;
            }
            left.addAll(others);
            if (whole && !others.isEmpty() && folder.names.containsKey(each.name())) {
                for (Place above = folder.place(); above != null; above = above.folder().place()) {
                    left.add(above.plain());
                }
            }
        }
        return all;
    }

    /** Brings a name to the device that was changed, with all that belong to it. */
    private void saveWhole(String changed) {
        changedWith(changed, true).forEach(each -> each.folder().save(each.name()));
    }

    private void save(String each) {
        var _ = dirty.remove(each);
        refused.remove(each);
        Inode inode = names.get(each);
        if (inode == null) {
            deviceNames.remove(each);
        } else {
            inode.saveExistence();
            deviceNames.put(each, inode);
        }
    }

    /** Each name for itself, but for those that were changed together; also what the device has refused. */
    @Override
    void saveSomeContent(Chance chance) {
        for (String each : List.copyOf(dirty.keySet())) {
            Set<Place> changed = changedWith(each, false);
            if (!changed.isEmpty() && !chance.isLost(changed.iterator().next())) {
                if (chance.keeps()) {
                    saveWhole(each);
                } else {
                    chance.lose(changed);
                }
            }
        }
    }

    /** Only itself; {@link #revertNames} is for what is in it. */
    @Override
    void revertContent() {
        names.clear();
        dirty.clear();
        refused.clear();
        folders = 0;
    }

    /**
     * Gives names back to those that have them on the device.
     *
     * @param found what was found before
     * @return the folders in it
     */
    List<Folder> revertNames(Set<Inode> found) {
        List<Folder> entered = new ArrayList<>();
        NavigableMap<String, Inode> sorted = new TreeMap<>(names.comparator());
        sorted.putAll(deviceNames);
        sorted.forEach((each, inode) -> {
            if (found.add(inode)) {
                inode.revert();
            } else if (inode instanceof Folder) {
                throw new AssertionError("folder " + inode.number + " has two names on the device");
            }
            settle(each, inode);
            inode.linked();
            if (inode instanceof Folder folder) {
                entered.add(folder);
            }
        });
        return entered;
    }
}
