package dev.gyre.host;

import dev.gyre.io.Change;
import dev.gyre.linux.Inotify;
import dev.gyre.linux.layout.InotifyEvent;
import dev.gyre.posix.KernelChange;
import dev.gyre.posix.Paths;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What inotify(7) is asked for, and tells. */
final class InotifyEvents {
    private static final Change[] CHANGES = Change.values();

    private InotifyEvents() {}

    /** What inotify_add_watch(2) takes. */
    static int mask(Set<Change> changes) {
        int mask = 0;
        for (Change change : changes) {
            mask |= bit(change);
        }
        return mask;
    }

    private static int bit(Change change) {
        return switch (change) {
            case CREATED -> Inotify.IN_CREATE;
            case DELETED -> Inotify.IN_DELETE;
            case MODIFIED -> Inotify.IN_MODIFY;
            case ATTRIBUTES -> Inotify.IN_ATTRIB;
            case MOVED_FROM -> Inotify.IN_MOVED_FROM;
            case MOVED_TO -> Inotify.IN_MOVED_TO;
            case CLOSED_AFTER_WRITE -> Inotify.IN_CLOSE_WRITE;
            case SELF_DELETED -> Inotify.IN_DELETE_SELF;
            case SELF_MOVED -> Inotify.IN_MOVE_SELF;
            case UNMOUNTED -> Inotify.IN_UNMOUNT;
            case OVERFLOW -> Inotify.IN_Q_OVERFLOW;
            case WATCH_ENDED -> Inotify.IN_IGNORED;
        };
    }

    /** What the kernel has written. An event that nobody has asked for, of a kernel yet to come, is left out. */
    static List<KernelChange> read(MemorySegment memory, long length) {
        List<KernelChange> changes = new ArrayList<>();
        for (long at = 0; at < length; ) {
            int watch = memory.get(ValueLayout.JAVA_INT, at + InotifyEvent.WD);
            int mask = memory.get(ValueLayout.JAVA_INT, at + InotifyEvent.MASK);
            int cookie = memory.get(ValueLayout.JAVA_INT, at + InotifyEvent.COOKIE);
            int nameLength = memory.get(ValueLayout.JAVA_INT, at + InotifyEvent.LEN);
            String name = name(memory.asSlice(at + InotifyEvent.NAME, nameLength));
            boolean directory = (mask & Inotify.IN_ISDIR) != 0;
            for (Change change : CHANGES) {
                if ((mask & bit(change)) != 0) {
                    changes.add(new KernelChange(watch, change, name, directory, cookie));
                }
            }
            at += InotifyEvent.SIZE + nameLength;
        }
        return changes;
    }

    private static String name(MemorySegment padded) {
        long length = 0;
        while (length < padded.byteSize() && padded.get(ValueLayout.JAVA_BYTE, length) != 0) {
            length++;
        }
        return Paths.decode(padded.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
    }
}
