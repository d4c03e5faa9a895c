package dev.gyre.simulated.disk;

import dev.gyre.io.FileKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A folder. Names are text of one character for each byte. They come in the order of a hash that the seed salts, as
 * those of a real folder do: a listing sees what was there all the time, and of what comes and goes meanwhile some.
 */
final class Folder extends Inode {
    private static final int PAGES = 1;

    private final NavigableMap<String, Inode> names;

    /** Names that do not stand for the same on the device. */
    private final Set<String> dirty = new HashSet<>();

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
        dirty.add(newName);
        touch(now);
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
        dirty.add(oldName);
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

    @Override
    void saveContent() {
        dirty.forEach(this::save);
        dirty.clear();
    }

    private void save(String each) {
        Inode inode = names.get(each);
        if (inode == null) {
            deviceNames.remove(each);
        } else {
            inode.saveExistence();
            deviceNames.put(each, inode);
        }
    }

    /** Each name for itself. */
    @Override
    void saveSomeContent(Chance chance) {
        for (String each : new TreeSet<>(dirty)) {
            if (chance.keeps()) {
                save(each);
            }
        }
    }

    /** Names that the device has refused are tried again: they are in its journal. */
    @Override
    void giveUpContent() {}

    /** Only itself; {@link #revertNames} is for what is in it. */
    @Override
    void revertContent() {
        names.clear();
        dirty.clear();
        folders = 0;
    }

    /**
     * Gives names back to those that have them on the device.
     *
     * @param found what was found before; a folder that is among it stays there, since it can be in one place only
     * @return the folders that were not
     */
    List<Folder> revertNames(Set<Inode> found) {
        List<Folder> entered = new ArrayList<>();
        NavigableMap<String, Inode> sorted = new TreeMap<>(names.comparator());
        sorted.putAll(deviceNames);
        sorted.forEach((each, inode) -> {
            boolean fresh = found.add(inode);
            if (fresh) {
                inode.revert();
            } else if (inode instanceof Folder) {
                dirty.add(each);
                return;
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
