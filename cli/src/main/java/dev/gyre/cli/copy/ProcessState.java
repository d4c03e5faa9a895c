package dev.gyre.cli.copy;

/**
 * What the copying needs to know of its own process.
 *
 * @param user its effective user; -1 if unknown
 * @param mask the permission bits that new files do not get (umask(2)); -1 if unknown
 * @param boot a number that no other run of the machine has, from {@code /proc/sys/kernel/random/boot_id}; 0 if unknown
 */
public record ProcessState(int user, int mask, long boot) {
    /** Whether it may give files away. */
    boolean isPrivileged() {
        return user == 0;
    }

    /** The permission bits of a file made with {@code mode}; -1 if that cannot be said. */
    int modeOfNew(int mode) {
        return mask < 0 ? -1 : mode & ~mask;
    }
}
