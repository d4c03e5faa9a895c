package dev.gyre.simulated.kernel;

import dev.gyre.simulated.turns.Watchers;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Where one end of a connection writes. Guarded by the kernel's lock. */
public interface Outgoing {
    /** The number of no process: that of another machine. */
    int NO_PROCESS = 0;

    /**
     * Takes as many bytes as there is room for, and returns how many these are.
     *
     * @param passed goes along
     * @param process that the reader is told of, {@link #NO_PROCESS} for none
     */
    int write(List<MemorySegment> parts, List<Object> passed, int process) throws Refusal;

    /** Nothing more is written. */
    void end();

    boolean isEnded();

    /** The writer is gone: the reader is to hear of it. Nothing more is written. */
    void reset();

    /** Whether the reader is known to be gone. */
    boolean isAbandoned();

    /** Those who wait for room. */
    Watchers watchers();
}
