package dev.gyre.io.spi;

import dev.gyre.io.BackendUnavailable;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;

/** Makes one kind of {@link Io}; found by {@link java.util.ServiceLoader}. */
public interface IoProvider {
    /**
     * The name that {@link IoOptions#backend()} asks for.
     *
     * @return short, lower case
     */
    String name();

    /**
     * Who is asked first.
     *
     * @return greater is earlier
     */
    int priority();

    /**
     * Whether it may be chosen by a program that asks for no backend in particular.
     *
     * @return false for simulations
     */
    boolean automatic();

    /**
     * Opens one.
     *
     * @param options its limits
     * @return ready to use
     * @throws BackendUnavailable if it does not work here; the message names what was refused and why
     */
    Io open(IoOptions options) throws BackendUnavailable;
}
