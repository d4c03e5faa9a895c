package dev.gyre.io;

/**
 * Where a new task should run. A hint: backends without a choice ignore it, and where a loop is busy while another one
 * is idle, tasks that read from connections move there.
 */
public enum Placement {
    /** On the caller's own loop: what the two share stays on one core. */
    NEAR,
    /** On the next loop in turn: what is independent uses all cores, for instance one task for each connection. */
    SPREAD,
    /**
     * On the caller's own loop, unless more tasks wait there to start than on another one: a few that help the caller
     * stay near it, and many use all cores. So it is where nothing is said.
     */
    BALANCED
}
