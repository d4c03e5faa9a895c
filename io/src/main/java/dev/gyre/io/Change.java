package dev.gyre.io;

/** What happens to a watched file or folder (inotify(7)). */
public enum Change {
    /** The folder has a new name: a file was made there, or linked. */
    CREATED,
    /** The folder has lost a name: a file was deleted there. */
    DELETED,
    /** The content was written, or made shorter or longer. Not told of what is written to mapped memory. */
    MODIFIED,
    /** Permissions, owner, times, the number of names, or extended attributes have changed. */
    ATTRIBUTES,
    /** The folder has lost a name to a rename; the other half has the same number. */
    MOVED_FROM,
    /** The folder has got a name by a rename; the other half has the same number. */
    MOVED_TO,
    /** Who had it open for writing has closed it: the moment to read a file that was written from beginning to end. */
    CLOSED_AFTER_WRITE,
    /** The watched file or folder has no name any more, and nobody has it open. Then the watch ends. */
    SELF_DELETED,
    /** The watched file or folder has got another name, perhaps in another folder. It is still watched. */
    SELF_MOVED,

    /** Told without being asked for: the file system was unmounted. Then the watch ends. */
    UNMOUNTED,
    /** Told without being asked for, and of no watch: changes were lost, as nobody has taken them for too long. */
    OVERFLOW,
    /** Told without being asked for: the file or the file system has gone, and the watch with it. */
    WATCH_ENDED;

    /**
     * Whether it can be asked for.
     *
     * @return false for what is told in any case
     */
    public boolean isAskedFor() {
        return compareTo(UNMOUNTED) < 0;
    }
}
