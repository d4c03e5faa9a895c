package dev.gyre.io.spi;

/** The work of a task that stands for other work, by whose class the task is named. */
public interface Wrapper {
    /**
     * The work that the program has written.
     *
     * @return always the same
     */
    Object wrapped();
}
