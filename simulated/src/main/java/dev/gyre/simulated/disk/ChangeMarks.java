package dev.gyre.simulated.disk;

import dev.gyre.io.Change;
import dev.gyre.io.ErrorNumber;
import dev.gyre.simulated.kernel.Refusal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which files and folders of a machine are watched, and by whom; whoever changes one tells it here (inotify(7)).
 *
 * <p>The order of what one change has told is that of Linux, which tells the folder before the file. Guarded by the
 * kernel's lock.
 */
final class ChangeMarks {
    /** So many queues has a user: the kernel's default of {@code fs.inotify.max_user_instances}. */
    private static final int QUEUES_MAX = 128;

    private final Map<Inode, List<Mark>> marks = new HashMap<>();
    private int queues;
    private int moves;

    /** That a queue hears of some changes. */
    private record Mark(ChangeQueue queue, int watch, Set<Change> changes) {}

    ChangeQueue open() throws Refusal {
        if (queues >= QUEUES_MAX) {
            throw new Refusal(ErrorNumber.EMFILE);
        }
        queues++;
        return new ChangeQueue();
    }

    void close(ChangeQueue queue) {
        queues--;
        marks.values().forEach(each -> each.removeIf(mark -> mark.queue == queue));
        marks.values().removeIf(List::isEmpty);
    }

    /** Lets a queue hear of a file. The number of the watch. */
    int watch(ChangeQueue queue, Inode inode, Set<Change> changes) throws Refusal {
        List<Mark> all = marks.computeIfAbsent(inode, _ -> new ArrayList<>());
        if (all.stream().anyMatch(each -> each.queue == queue)) {
            throw new Refusal(ErrorNumber.EEXIST);
        }
        Mark mark = new Mark(queue, queue.nextWatch(), EnumSet.copyOf(changes));
        all.add(mark);
        return mark.watch;
    }

    void unwatch(ChangeQueue queue, int watch) throws Refusal {
        for (List<Mark> all : marks.values()) {
            if (all.removeIf(each -> each.queue == queue && each.watch == watch)) {
                marks.values().removeIf(List::isEmpty);
                queue.add(watch, Change.WATCH_ENDED, "", false, 0);
                return;
            }
        }
        throw new Refusal(ErrorNumber.EINVAL);
    }

    /** A name is there that was not. */
    void created(Place place, Inode inode) {
        tell(place.folder(), Change.CREATED, place.name(), inode, 0);
    }

    /** A file has one more name. */
    void linked(Place place, Inode inode) {
        tell(inode, Change.ATTRIBUTES, "", inode, 0);
        created(place, inode);
    }

    /** A name is gone, and with it perhaps what it stood for. */
    void deleted(Place place, Inode inode) {
        if (!(inode instanceof Folder)) {
            tell(inode, Change.ATTRIBUTES, "", inode, 0);
        }
        goneIfUnused(inode, place);
        tell(place.folder(), Change.DELETED, place.name(), inode, 0);
    }

    /**
     * A file has another name.
     *
     * @param replaced what had that name before, and has lost it; or null
     */
    void moved(Place from, Place to, Inode inode, @Nullable Inode replaced) {
        moves++;
        tell(from.folder(), Change.MOVED_FROM, from.name(), inode, moves);
        tell(to.folder(), Change.MOVED_TO, to.name(), inode, moves);
        if (replaced != null) {
            tell(replaced, Change.ATTRIBUTES, "", replaced, 0);
        }
        tell(inode, Change.SELF_MOVED, "", inode, 0);
        if (replaced != null) {
            goneIfUnused(replaced, to);
        }
    }

    /** Something happens to a file, which its folder hears as well. */
    void changed(Found file, Change change) {
        Inode inode = file.inode();
        Place place = file.place();
        if (place != null) {
            tell(place.folder(), change, place.name(), inode, 0);
        }
        tell(inode, change, "", inode, 0);
    }

    /**
     * Tells that a file is gone, and ends the watch, if it has no name any more and nobody has it open by the one that
     * is not used any more. Who has it open by another name does not count: so it is on Linux, too.
     */
    void goneIfUnused(Inode inode, @Nullable Place place) {
        if (inode.links() > 0 || inode.isHeldBy(place)) {
            return;
        }
        tell(inode, Change.SELF_DELETED, "", inode, 0);
        List<Mark> ended = marks.remove(inode);
        if (ended != null) {
            ended.forEach(each -> each.queue.add(each.watch, Change.WATCH_ENDED, "", false, 0));
        }
    }

    private void tell(Inode watched, Change change, String name, Inode changed, int moveNumber) {
        for (Mark each : marks.getOrDefault(watched, List.of())) {
            if (each.changes.contains(change)) {
                boolean isDirectory = changed instanceof Folder
                        && change != Change.SELF_DELETED && change != Change.SELF_MOVED;
                each.queue.add(each.watch, change, name, isDirectory, moveNumber);
            }
        }
    }
}
