package dev.gyre.simulated;

import org.jspecify.annotations.Nullable;

/** The host of a program has lost its power while that ran ({@link Host#powerCut}). */
public final class PowerCutException extends Exception {
    private static final long serialVersionUID = 1;

    PowerCutException(Host host, @Nullable Throwable end) {
        super(host + " has lost its power", end);
    }
}
