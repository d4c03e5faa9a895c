package dev.gyre.http;

import java.util.ArrayDeque;

/**
 * Workspaces that no connection uses now. Any thread may take and give.
 *
 * <p>What is given back beyond a few is left to the collector, so that a crowd of connections does not cost memory for
 * ever.
 */
final class WorkspacePool {
    private static final int KEPT_MAX = 256;

    private final ServerLimits limits;

    /** Guarded by this object's lock. The one used last is taken first: it may still be in the processor's cache. */
    private final ArrayDeque<Workspace> free = new ArrayDeque<>();

    WorkspacePool(ServerLimits limits) {
        this.limits = limits;
    }

    /** A workspace that is empty, and the caller's until it is given back. */
    Workspace take() {
        Workspace workspace;
        synchronized (this) {
            workspace = free.pollLast();
        }
        return workspace == null ? new Workspace(limits) : workspace;
    }

    /** Gives back what {@link #take} returned. The caller forgets it. */
    void give(Workspace workspace) {
        workspace.clear();
        synchronized (this) {
            if (free.size() < KEPT_MAX) {
                free.addLast(workspace);
            }
        }
    }

    /** How many nobody uses now. */
    synchronized int free() {
        return free.size();
    }
}
