package dev.gyre.cli.copy;

/**
 * How to copy.
 *
 * @param dryRun whether only to tell what would be done
 * @param verify whether everything is read back and compared
 * @param sync whether everything is on the device before the end
 * @param strict whether owners and extended attributes that cannot be kept are problems
 * @param tasks how many files are copied at the same time, 1 or more
 */
public record CopyOptions(boolean dryRun, boolean verify, boolean sync, boolean strict, int tasks) {
    /** Refuses values out of range. */
    public CopyOptions {
        if (tasks < 1) {
            throw new IllegalArgumentException("tasks " + tasks + " is not positive");
        }
    }
}
