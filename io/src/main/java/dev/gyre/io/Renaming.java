package dev.gyre.io;

/** What happens to what has the new name already. */
public enum Renaming {
    /**
     * A file, or an empty folder that a folder is renamed to, is replaced, at once for every observer. Two names of the
     * same file stay both, as POSIX has it.
     */
    REPLACE,
    /** It stays, and renaming fails with {@link Reason#PATH_ALREADY_EXISTS}. */
    NO_REPLACE,
    /** The two swap their names, at once for every observer. Both must be there; they may be of different kinds. */
    EXCHANGE
}
