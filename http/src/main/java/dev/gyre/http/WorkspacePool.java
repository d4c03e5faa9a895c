package dev.gyre.http;

import java.util.ArrayDeque;

/**
 * Workspaces that no connection uses now. Any thread may take and give.
 *
 * <p>What is given back beyond a few is left to the collector, so that a crowd of connections does not cost memory for
 * ever. The memory outside of the heap is the collector's to free then, and that may not run for long; so a crowd is
 * kept from taking many: while they are {@linkplain #isScarce() scarce}, connections wait for less long with one.
 */
final class WorkspacePool {
    private static final int KEPT_MAX = 256;

    /** How many may be in use before they are scarce. */
    private static final int USED_FREELY_MAX = 128;

    private final ServerLimits limits;

    /** How many are in use. Written under this object's lock. */
    private volatile int used;

    /** Guarded by this object's lock. The one used last is taken first: it may still be in the processor's cache. */
    private final ArrayDeque<Workspace> free = new ArrayDeque<>();

    WorkspacePool(ServerLimits limits) {
        this.limits = limits;
    }

    /** A workspace that is empty, and the caller's until it is given back. */
    Workspace take() {
        Workspace workspace;
        synchronized (this) {
            used = used + 1;
            workspace = free.pollLast();
        }
        return workspace == null ? new Workspace(limits) : workspace;
    }

    /** Gives back what {@link #take} returned. The caller forgets it. */
    void give(Workspace workspace) {
        workspace.clear();
        synchronized (this) {
            used = used - 1;
            if (free.size() < KEPT_MAX) {
                free.addLast(workspace);
            }
        }
    }

    /** Whether so many are in use that one shall not be kept for what may come. */
    boolean isScarce() {
        return used > USED_FREELY_MAX;
    }

    /** How many are in use, for tests. */
    int used() {
        return used;
    }

    /** How many nobody uses now. */
    synchronized int free() {
        return free.size();
    }
}
