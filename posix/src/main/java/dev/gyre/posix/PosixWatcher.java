package dev.gyre.posix;

import dev.gyre.io.Change;
import dev.gyre.io.ChangeEvent;
import dev.gyre.io.Directory;
import dev.gyre.io.IoException;
import dev.gyre.io.Mutex;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Watch;
import dev.gyre.io.Watcher;
import dev.gyre.io.spi.Fiber;
import dev.gyre.io.spi.OpenWaits;
import dev.gyre.io.spi.StackRoom;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What happens to files, of which the kernel hands over a buffer full at a time. */
final class PosixWatcher implements Watcher {
    private final PosixIo io;
    private final Descriptor descriptor;
    private final OpenWaits waits = new OpenWaits();

    /** By the kernel's numbers, which it does not use again before it has used two billion others. */
    private final Map<Integer, PosixWatch> watches = new ConcurrentHashMap<>();

    /** Held while one is added: its events may be there before the kernel's answer with its number is. */
    private final Mutex adding;

    /** Held by who takes events from the kernel or from those taken before, so that they stay in order. */
    private final Mutex taking;

    /** What was taken from the kernel, and not told yet. Of who holds {@link #taking}. */
    private final Queue<KernelChange> taken = new ArrayDeque<>();

    private PosixWatcher(PosixIo io, Descriptor descriptor) {
        this.io = io;
        this.descriptor = descriptor;
        this.adding = io.mutex();
        this.taking = io.mutex();
    }

    static PosixWatcher open(PosixIo io) throws IoException {
        io.beginOpening();
        int opened = Results.check(Operation.OPEN_WATCHER, io.kernel().openWatcher(), "a watcher");
        boolean complete = false;
        try {
            PosixWatcher watcher = new PosixWatcher(io, io.kernel().fileDescriptor(opened));
            complete = true;
            return watcher;
        } finally {
            if (!complete) {
                io.kernel().closeNow(opened);
            }
        }
    }

    @Override
    public Watch watch(Directory folder, String path, Set<Change> changes, OpenOptions.Flag... flags)
            throws IoException {
        requireMeaning(changes);
        boolean follow = true;
        for (OpenOptions.Flag flag : flags) {
            if (flag != OpenOptions.Flag.NO_FOLLOW) {
                throw new IllegalArgumentException(flag + " has no meaning for a watch");
            }
            follow = false;
        }
        return add(io.own(folder), path, EnumSet.copyOf(changes), follow);
    }

    private static void requireMeaning(Set<Change> changes) {
        if (changes.isEmpty()) {
            throw new IllegalArgumentException("a watch needs a change to tell");
        }
        for (Change change : changes) {
            if (!change.isAskedFor()) {
                throw new IllegalArgumentException(change + " is told in any case, and cannot be asked for");
            }
        }
    }

    private Watch add(PosixDirectory folder, String path, Set<Change> changes, boolean follow) throws IoException {
        adding.lock();
        try {
            int number = folder.onPath(Operation.WATCH, path, (fiber, encoded) -> {
                hold(Operation.WATCH);
                try {
                    return io.kernel().watch(fiber, descriptor, folder.descriptor(), encoded, changes, follow);
                } finally {
                    release(fiber);
                }
            });
            PosixWatch watch = new PosixWatch(number, folder.resolve(path));
            watches.put(number, watch);
            return watch;
        } finally {
            adding.unlock();
        }
    }

    @Override
    public ChangeEvent next() throws IoException {
        taking.lock();
        try {
            while (true) {
                if (descriptor.isClosing()) {
                    throw Operation.NEXT_CHANGE.failure(Reason.CLOSED, this);
                }
                KernelChange change = taken.peek();
                if (change == null) {
                    taken.addAll(take());
                    continue;
                }
                ChangeEvent event = event(change);
                taken.remove();
                if (event != null) {
                    return event;
                }
            }
        } finally {
            taking.unlock();
        }
    }

    /** Some, waiting until there are. */
    private List<KernelChange> take() throws IoException {
        Fiber fiber = io.begin();
        while (true) {
            Answer<List<KernelChange>> answer;
            OpenWaits.Wait wait = waits.begin(fiber);
            boolean held = descriptor.acquire();
            try {
                if (!held) {
                    throw Operation.NEXT_CHANGE.failure(Reason.CLOSED, this);
                }
                answer = io.kernel().changes(fiber, descriptor);
            } finally {
                wait.close();
                if (held) {
                    release(fiber);
                }
            }
            List<KernelChange> some = answer.value();
            if (some != null) {
                return some;
            }
            Results.requireAgain(Operation.NEXT_CHANGE, answer.result(), descriptor, this);
            fiber.checkCancel();
        }
    }

    /** As the caller is told; null if the watch was closed before. */
    private @Nullable ChangeEvent event(KernelChange change) {
        if (change.change() == Change.OVERFLOW) {
            return new ChangeEvent(null, Change.OVERFLOW, null, false, 0);
        }
        PosixWatch watch = watches.get(change.watch());
        if (watch == null) {
            adding.lock();
            adding.unlock();
            watch = watches.get(change.watch());
        }
        if (watch == null) {
            return null;
        }
        if (change.change() == Change.WATCH_ENDED) {
            watches.remove(change.watch(), watch);
        }
        String name = change.name().isEmpty() ? null : change.name();
        return new ChangeEvent(watch, change.change(), name, change.isDirectory(), change.moveNumber());
    }

    @Override
    public void close() {
        StackRoom.require();
        io.step();
        if (descriptor.beginClose()) {
            waits.end();
            release(io.caller());
        }
    }

    private void hold(Operation operation) throws IoException {
        if (!descriptor.acquire()) {
            throw operation.failure(Reason.CLOSED, this);
        }
    }

    private void release(Fiber fiber) {
        if (descriptor.release()) {
            io.kernel().close(fiber, descriptor.take());
        }
    }

    @Override
    public String toString() {
        return "a watcher of " + watches.size();
    }

    /** One of the watches. */
    private final class PosixWatch implements Watch {
        private final int number;
        private final String path;

        PosixWatch(int number, String path) {
            this.number = number;
            this.path = path;
        }

        @Override
        public String path() {
            return path;
        }

        /** The kernel may have ended it before, and says so; nobody wants to know. */
        @Override
        public void close() {
            StackRoom.require();
            io.step();
            if (watches.remove(number, this) && descriptor.acquire()) {
                try {
                    io.kernel().unwatch(descriptor, number);
                } finally {
                    release(io.caller());
                }
            }
        }

        @Override
        public String toString() {
            return path;
        }
    }
}
