package dev.gyre.io.conformance;

import dev.gyre.io.BackendUnavailable;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;

/** How tests get the backend that they are run against; a parameter of tests that open one with their own options. */
@FunctionalInterface
public interface Opener {
    Io open(IoOptions options) throws BackendUnavailable;

    /** How many tasks the tests may have waiting at the same time; for each the machine must have room. */
    default int tasksAtOnce() {
        return 10_000;
    }

    /** Whether each {@link Io} has files of its own, which begin empty, and not those of the machine. */
    default boolean hasOwnFiles() {
        return false;
    }
}
