package dev.gyre.simulated.kernel;

/** An attempt at a call. With the kernel's lock. */
@FunctionalInterface
public interface Attempt {
    /** What an attempt answers that has to wait. */
    int WAIT = Integer.MIN_VALUE;

    int run() throws Refusal;
}
