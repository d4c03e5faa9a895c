package dev.gyre.io;

/**
 * Where a new task should run. A hint: backends without a choice ignore it, and where a loop is busy while another one
 * is idle, tasks that read from connections move there.
 *
 * <p>A thread that runs no task of the {@link Io}, such as that of {@code main}, has no loop of its own: the tasks that
 * it starts are put on the loops in turn, whichever of these it says. Tasks that hand each other an element, a lock or
 * a message across loops pay several times what they pay on one, and most where other programs leave the loops a single
 * processor. So tasks that mostly work for each other are started by one task, with {@link #NEAR}.
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
