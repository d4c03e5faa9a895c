package dev.gyre.linux;

/**
 * A limit of a process. Both numbers are unsigned; {@link Processes#RLIM_INFINITY} is the largest.
 *
 * @param current what applies
 * @param maximum up to where the process may raise that
 */
public record ResourceLimit(long current, long maximum) {
    /**
     * A limit raised as far as the process may.
     *
     * @return the same maximum, and that as the current limit
     */
    public ResourceLimit raised() {
        return new ResourceLimit(maximum, maximum);
    }
}
