package dev.gyre.io;

/** Where a new task should run. A hint: backends without a choice ignore it. */
public enum Placement {
    /** On the caller's own loop: what the two share stays on one core. */
    NEAR,
    /** On the next loop in turn: what is independent uses all cores, for instance one task for each connection. */
    SPREAD
}
