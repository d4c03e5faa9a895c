package dev.gyre.cli.copy;

/**
 * What the copying needs to know of its own process.
 *
 * @param user its effective user; -1 if unknown
 * @param capabilities what it may do that others may not, a bit for each (capabilities(7)); 0 if unknown
 * @param mask the permission bits that new files do not get (umask(2)); -1 if unknown
 * @param boot a number that no other run of the machine has, from {@code /proc/sys/kernel/random/boot_id}; 0 if unknown
 * @param descriptors how many it may still open
 */
public record ProcessState(int user, long capabilities, int mask, long boot, long descriptors) {
    private static final int CAP_CHOWN = 0;
    private static final int CAP_DAC_OVERRIDE = 1;
    private static final int CAP_SYS_ADMIN = 21;

    /** A task that copies has its folder, that of another name of the same file, and two files. */
    private static final int DESCRIPTORS_OF_TASK = 6;

    private static final int IDLE_FOLDERS_MAX = 32;
    private static final int LISTINGS_MAX = 64;

    /** Whether it may give files away. */
    boolean mayChown() {
        return has(CAP_CHOWN);
    }

    /** Whether no permission bits keep it from anything. */
    boolean isUnrestricted() {
        return has(CAP_DAC_OVERRIDE);
    }

    /** Whether it sees extended attributes that others do not. */
    boolean isAdministrator() {
        return has(CAP_SYS_ADMIN);
    }

    private boolean has(int capability) {
        return (capabilities >> capability & 1) != 0;
    }

    /** The permission bits of a file made with {@code mode}; -1 if that cannot be said. */
    int modeOfNew(int mode) {
        return mask < 0 ? -1 : mode & ~mask;
    }

    /** How many tasks may copy at once: half of the descriptors are for them. */
    int tasksMax() {
        return share(descriptors / 2 / DESCRIPTORS_OF_TASK, 1, Integer.MAX_VALUE);
    }

    /** How many folders may be open that nobody uses, each with its target: a quarter of the descriptors. */
    int idleFoldersMax() {
        return share(descriptors / 8, 2, IDLE_FOLDERS_MAX);
    }

    /** How many folders on the way down may be read a piece at a time: an eighth of the descriptors. */
    int listingsMax() {
        return share(descriptors / 8, 1, LISTINGS_MAX);
    }

    private static int share(long count, int min, int max) {
        return Math.clamp(count, min, max);
    }
}
