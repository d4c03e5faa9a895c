package dev.gyre.uring;

import dev.gyre.linux.Epoll;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Events;
import dev.gyre.linux.Files;
import dev.gyre.linux.layout.EpollEvent;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Tells fibers that no loop carries when something has arrived on their connections.
 *
 * <p>Such fibers run on the JDK's carriers, and to hand over each arrival from the thread of a loop would cost two
 * switches between threads. So a virtual thread among them, the scout, asks epoll(7) without waiting, lets those run to
 * whom something has arrived, and asks again. Only when there is nothing does it go to sleep; then a platform thread,
 * the guard, which waits in the kernel for anything to arrive at all, wakes it. The JDK polls its own sockets in the
 * same way, but registers them for each read; here a connection is registered once.
 */
final class Poller {
    private static final int BATCH = 256;

    /** How long the guard waits where there is no memory to wait with. */
    private static final long PAUSE_NANOS = 1_000_000;

    /** What both sets call the event that ends the threads. */
    private static final int STOP = -1;

    private final Map<Integer, Readiness> watched = new ConcurrentHashMap<>();

    /** The set of connections, and the set whose member that one is. */
    private final int connections;

    private final int sets;
    private final int stopEvent;

    private final MemorySegment events = Arena.ofAuto().allocate(EpollEvent.LAYOUT, BATCH);
    private final MemorySegment anyEvent = Arena.ofAuto().allocate(EpollEvent.LAYOUT);

    /** Asks the set of sets to tell once more that there is something. */
    private final MemorySegment oneMore = Arena.ofAuto().allocate(EpollEvent.LAYOUT);

    private final Thread scout;
    private final Thread guard;
    private volatile boolean awake;
    private volatile boolean stopped;

    private Poller(String name, int connections, int sets, int stopEvent) {
        this.connections = connections;
        this.sets = sets;
        this.stopEvent = stopEvent;
        EpollEvent.set(oneMore, Epoll.EPOLLIN | Epoll.EPOLLONESHOT, connections);
        scout = unscheduled(name + "-scout", this::scout);
        guard = Thread.ofPlatform().daemon().name(name + "-guard").unstarted(this::guard);
    }

    /**
     * Opens one and starts its threads.
     *
     * @param name for the threads' names
     * @return null if the kernel has no descriptors left for it
     */
    static @Nullable Poller open(String name) {
        int connections = Epoll.create(Epoll.EPOLL_CLOEXEC);
        int sets = Epoll.create(Epoll.EPOLL_CLOEXEC);
        int stopEvent = Events.eventfd(0, Events.EFD_CLOEXEC);
        boolean complete = connections >= 0
                && sets >= 0
                && stopEvent >= 0
                && add(connections, stopEvent, Epoll.EPOLLIN, STOP) == 0
                && add(sets, stopEvent, Epoll.EPOLLIN, STOP) == 0
                && add(sets, connections, Epoll.EPOLLONESHOT, connections) == 0;
        if (!complete) {
            closeAll(connections, sets, stopEvent);
            return null;
        }
        boolean started = false;
        try {
            Poller poller = new Poller(name, connections, sets, stopEvent);
            poller.start();
            started = true;
            return poller;
        } finally {
            if (!started) {
                closeAll(connections, sets, stopEvent);
            }
        }
    }

    private void start() {
        scout.start();
        boolean guarded = false;
        try {
            guard.start();
            guarded = true;
        } finally {
            if (!guarded) {
                endScout();
            }
        }
    }

    /**
     * Watches a connection until it is closed.
     *
     * @param fd open, and held by the caller
     * @param readiness who is told of each arrival
     * @return whether the kernel does so
     */
    synchronized boolean watch(int fd, Readiness readiness) {
        if (stopped) {
            return false; // the number of the set may be somebody else's by now
        }
        watched.put(fd, readiness);
        if (add(connections, fd, Epoll.EPOLLIN | Epoll.EPOLLRDHUP | Epoll.EPOLLET, fd) < 0) {
            forget(fd, readiness);
            return false;
        }
        return true;
    }

    /** Does not keep {@code readiness} any longer. The kernel stops watching when the descriptor is closed. */
    void forget(int fd, Readiness readiness) {
        watched.remove(fd, readiness);
    }

    /** Ends the threads, and waits for that. Nobody may be waiting any more. */
    void close() {
        synchronized (this) {
            stopped = true;
        }
        try (Arena scratch = Arena.ofConfined()) {
            Files.write(stopEvent, scratch.allocateFrom(ValueLayout.JAVA_LONG, 1), Long.BYTES);
        }
        LoopThread.joinUninterruptibly(guard);
        endScout();
        closeAll(connections, sets, stopEvent);
    }

    private void endScout() {
        stopped = true;
        LockSupport.unpark(scout);
        LoopThread.joinUninterruptibly(scout);
    }

    /**
     * A virtual thread of the JDK's own pool. Were it made by a virtual thread, that one's loop would have to carry it,
     * and the loop may be held up by just those who wait for it.
     */
    private static Thread unscheduled(String name, Runnable work) {
        Thread[] made = new Thread[1];
        Thread maker = Thread.ofPlatform().start(() -> made[0] = Thread.ofVirtual().name(name).unstarted(work));
        LoopThread.joinUninterruptibly(maker);
        return made[0];
    }

    private void scout() {
        boolean missed = false;
        while (!stopped) {
            try {
                if (missed) {
                    // Any of them may have been among the events that were not told of; one too many does no harm.
                    watched.values().forEach(Readiness::arrived);
                    missed = false;
                }
                look();
            } catch (OutOfMemoryError exhausted) {
                missed = true;
                // Without a timer: the JDK's own may have ended for lack of memory.
                Thread.onSpinWait();
            }
        }
    }

    private void look() {
        int count = await(connections, events, 0);
        for (int i = 0; i < count; i++) {
            Readiness readiness = watched.get((int) EpollEvent.data(events, i));
            if (readiness != null) {
                readiness.arrived();
            }
        }
        if (count > 0) {
            Thread.yield();
            return;
        }
        awake = false;
        Epoll.control(sets, Epoll.EPOLL_CTL_MOD, connections, oneMore);
        while (!awake && !stopped) {
            LockSupport.park(this);
        }
    }

    private void guard() {
        boolean arrived = false;
        while (!stopped) {
            try {
                arrived = arrived || await(sets, anyEvent, -1) > 0;
                if (arrived) {
                    awake = true;
                    LockSupport.unpark(scout);
                    arrived = false;
                }
            } catch (OutOfMemoryError exhausted) {
                arrived = true;
                LockSupport.parkNanos(this, PAUSE_NANOS);
            }
        }
    }

    /** The number of events; 0 after a signal. */
    private static int await(int set, MemorySegment events, int timeoutMillis) {
        int count = Epoll.await(set, events, (int) (events.byteSize() / EpollEvent.SIZE), timeoutMillis);
        if (count < 0 && count != -Errno.EINTR.code()) {
            throw new AssertionError("epoll_wait of our own set: " + Errno.describe(-count));
        }
        return Math.max(count, 0);
    }

    private static int add(int set, int fd, int events, int name) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment event = scratch.allocate(EpollEvent.LAYOUT);
            EpollEvent.set(event, events, name);
            return Epoll.control(set, Epoll.EPOLL_CTL_ADD, fd, event);
        }
    }

    private static void closeAll(int... fds) {
        for (int fd : fds) {
            if (fd >= 0) {
                Files.close(fd);
            }
        }
    }
}
