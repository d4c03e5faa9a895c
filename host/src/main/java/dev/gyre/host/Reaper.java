package dev.gyre.host;

import dev.gyre.linux.Epoll;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Files;
import dev.gyre.linux.Signals;
import dev.gyre.linux.layout.EpollEvent;
import dev.gyre.linux.layout.Sigaction;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Takes notice of the end of every child, so that none stays a zombie, whoever awaits it, closes it or forgets it. One
 * thread of the process does that, and sleeps meanwhile. It ends when there have been no children for a moment, and
 * gives its descriptor back.
 *
 * <p>It waits for the children that it was told of, by their pidfds, and never for just any child of the process: those
 * of others, of the JDK's among them, are theirs.
 */
final class Reaper {
    private static final Reaper ONE = new Reaper();

    private static final int BATCH = 64;

    /** How long it stays when there are no children. */
    private static final int IDLE_MILLIS = 100;

    /** How long it waits where it cannot go on: a debugger has the child, or there is no memory. */
    private static final long PAUSE_NANOS = 1_000_000;

    private static final int NONE = -1;

    private final MemorySegment events = Arena.ofAuto().allocate(EpollEvent.LAYOUT, BATCH);

    // All guarded by this object's lock: the set of pidfds, NONE while there is no thread; what is added to it;
    // what the set calls each child; children that are on their way; the last name in the set.
    private int set = NONE;
    private final MemorySegment added = Arena.ofAuto().allocate(EpollEvent.LAYOUT);
    private final Map<Long, HostProcess> watched = new HashMap<>();
    private int expected;
    private long lastName;

    private Reaper() {}

    /**
     * Says that there will be a child, for which everything is then ready, until {@link #expectNoMore}.
     *
     * @return 0, or a negated error number
     */
    static int expect() {
        return ONE.begin();
    }

    /** Says that an expected child is watched, or will not come. */
    static void expectNoMore() {
        synchronized (ONE) {
            ONE.expected--;
        }
    }

    /**
     * Watches an expected child, and holds it until it has ended.
     *
     * @return 0, or a negated error number
     */
    static int watch(HostProcess process) {
        return ONE.add(process);
    }

    private synchronized int begin() {
        if (set == NONE) {
            int created = Epoll.create(Epoll.EPOLL_CLOEXEC);
            if (created < 0) {
                return created;
            }
            try {
                keepEnds();
                Thread.ofPlatform().daemon().name("gyre-reaper").inheritInheritableThreadLocals(false).start(this::run);
            } catch (OutOfMemoryError noThread) {
                FileCalls.close(created);
                return -Errno.EAGAIN.code();
            }
            set = created;
        }
        expected++;
        return 0;
    }

    /**
     * Where {@code SIGCHLD} is ignored, which a process inherits, the kernel keeps no child's end (wait(2)). The JDK
     * undoes that as well, when it starts its first child.
     */
    private static void keepEnds() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment action = arena.allocate(Sigaction.LAYOUT);
            Signals.sigaction(Signals.SIGCHLD, MemorySegment.NULL, action);
            boolean ignored = action.get(ValueLayout.JAVA_LONG, Sigaction.SA_HANDLER) == Signals.SIG_IGN;
            int flags = action.get(ValueLayout.JAVA_INT, Sigaction.SA_FLAGS);
            if (ignored || (flags & Signals.SA_NOCLDWAIT) != 0) {
                if (ignored) {
                    action.set(ValueLayout.JAVA_LONG, Sigaction.SA_HANDLER, Signals.SIG_DFL);
                }
                action.set(ValueLayout.JAVA_INT, Sigaction.SA_FLAGS, flags & ~Signals.SA_NOCLDWAIT);
                Signals.sigaction(Signals.SIGCHLD, action, MemorySegment.NULL);
            }
        }
    }

    private synchronized int add(HostProcess process) {
        Long name = ++lastName;
        process.acquire();
        boolean watches = false;
        try {
            watched.put(name, process);
            EpollEvent.set(added, Epoll.EPOLLIN, name);
            int result = Epoll.control(set, Epoll.EPOLL_CTL_ADD, process.number(), added);
            watches = result >= 0;
            return result;
        } finally {
            if (!watches) {
                watched.remove(name);
                process.release();
            }
        }
    }

    private void run() {
        boolean goesOn = true;
        while (goesOn) {
            try {
                goesOn = turn();
            } catch (VirtualMachineError | LinkageError shortage) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** False at the end. */
    private boolean turn() {
        int own;
        int timeout;
        synchronized (this) {
            own = set;
            timeout = watched.isEmpty() ? IDLE_MILLIS : -1;
        }
        int count = Epoll.await(own, events, BATCH, timeout);
        for (int i = 0; i < count; i++) {
            reap(EpollEvent.data(events, i));
        }
        return count != 0 || !endIfIdle();
    }

    private void reap(long name) {
        HostProcess process = find(name);
        if (process == null) {
            return;
        }
        if (process.reap().result() == -Errno.EAGAIN.code()) {
            LockSupport.parkNanos(PAUSE_NANOS);
            return;
        }
        synchronized (this) {
            // A poll that is under way may keep the descriptor's file beyond its closing, and the set would, too.
            Epoll.control(set, Epoll.EPOLL_CTL_DEL, process.number(), MemorySegment.NULL);
            watched.remove(name);
        }
        process.letGo();
    }

    private synchronized @Nullable HostProcess find(long name) {
        return watched.get(name);
    }

    private synchronized boolean endIfIdle() {
        boolean idle = watched.isEmpty() && expected == 0;
        if (idle) {
            FileCalls.close(set);
            set = NONE;
        }
        return idle;
    }
}
