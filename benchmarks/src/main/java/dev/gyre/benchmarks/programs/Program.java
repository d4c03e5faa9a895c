package dev.gyre.benchmarks.programs;

/** Something to measure. */
interface Program {
    /** Starts tasks that go on until the process ends, and returns. On a thread that is no task. */
    void start(Platform platform, Gauge gauge) throws Exception;
}
