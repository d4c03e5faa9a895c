package dev.gyre.examples.store;

import java.util.Locale;

/** When what was acknowledged is on the device. In the file it is in any case: the end of the process loses nothing. */
public enum FsyncPolicy {
    /** Before it is acknowledged. */
    ALWAYS,
    /** Within some two seconds; a power cut loses that much at most. */
    EVERYSEC,
    /** When the kernel sees fit. */
    NO;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
