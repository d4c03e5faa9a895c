package dev.gyre.posix;

import dev.gyre.io.Exit;
import org.jspecify.annotations.Nullable;

/**
 * The descriptor of a child process (pidfd_open(2)), which remembers how it ended. The backend holds it as well, until
 * it has taken notice of the child's end: there is one that does, whatever becomes of everybody else.
 */
public abstract class ProcessDescriptor extends Descriptor {
    private final int process;

    /**
     * A descriptor that nobody holds yet.
     *
     * @param number an open file descriptor, which this object owns from now on
     * @param process the child's id
     */
    protected ProcessDescriptor(int number, int process) {
        super(number);
        this.process = process;
    }

    /**
     * The child's id.
     *
     * @return more than 0
     */
    public final int process() {
        return process;
    }

    /**
     * How the child ended, as far as anybody has asked the kernel. Any thread may call this.
     *
     * @return null while that is unknown; failed if the kernel does not tell
     */
    public abstract @Nullable Answer<Exit> end();

    /** For people. */
    @Override
    public final String toString() {
        return "child " + process;
    }
}
