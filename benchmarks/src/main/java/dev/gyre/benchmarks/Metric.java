package dev.gyre.benchmarks;

/** A figure that a benchmark reports. */
enum Metric {
    REQUESTS("requests/s", 0, Use.PLOTTED),
    CPU("CPU µs/request", 2, Use.PLOTTED),
    CPU_USER("user", 2, Use.SHOWN),
    CPU_KERNEL("kernel", 2, Use.SHOWN),
    P50("p50 µs", 0, Use.COMPARED),
    P99("p99 µs", 0, Use.COMPARED),
    P999("p99.9 µs", 0, Use.COMPARED),
    RESIDENT("RSS MiB", 1, Use.PLOTTED),
    /** Requests per hundred that were due while their connection was busy. */
    LATE("late %", 1, Use.SHOWN),
    /** Requests per hundred that were never sent. */
    SKIPPED("skipped %", 1, Use.SHOWN),
    /** How late the load generator was with requests that nothing held up: 99th percentile. */
    LAG("lag p99 µs", 0, Use.SHOWN),
    /** How much of its time the load generator had nothing to do. */
    IDLE("load idle %", 0, Use.SHOWN),
    /** How much of one processor everything else on this machine used. */
    OTHERS("others %", 0, Use.SHOWN),

    LISTENING("listening ms", 0, Use.COMPARED),
    FIRST_ANSWER("first answer ms", 0, Use.PLOTTED),
    CPU_TO_ANSWER("CPU ms", 0, Use.PLOTTED),

    COLD_RATE("first second, /s", 0, Use.PLOTTED),
    COLD_CPU_EACH("first second, CPU µs each", 2, Use.COMPARED),
    RATE("warm, /s", 0, Use.PLOTTED),
    CPU_EACH("warm, CPU µs each", 2, Use.PLOTTED),
    TOOK_P50("took p50 µs", 0, Use.COMPARED),
    TOOK_P99("took p99 µs", 0, Use.PLOTTED),

    THROUGHPUT("MB/s", 0, Use.COMPARED),
    BYTES_PER_CPU("MB/CPU s", 0, Use.PLOTTED),
    /** How much of one processor the server used. */
    CPU_SHARE("CPU %", 0, Use.SHOWN),

    NANOS("ns/operation", 1, Use.PLOTTED),
    FIRST_NANOS("first round, ns/operation", 1, Use.PLOTTED),
    WARM_NANOS("warm, ns/operation", 1, Use.PLOTTED),
    ALLOCATED("B allocated/operation", 3, Use.SHOWN),
    READS("reads/s", 0, Use.PLOTTED),
    CPU_PER_READ("CPU µs/read", 2, Use.PLOTTED),

    MEMORY_PER_TASK("B/task", 0, Use.PLOTTED),
    MEMORY_PER_PROCESS("B/process", 0, Use.PLOTTED),
    LATENESS("late p50 ms", 3, Use.PLOTTED),
    LATENESS_P99("late p99 ms", 3, Use.SHOWN),
    CANCEL("cancel s", 2, Use.PLOTTED),

    MEMORY_PER_CONNECTION("KiB/connection", 2, Use.PLOTTED),
    PROPORTIONAL_BEFORE("PSS before MiB", 1, Use.SHOWN),
    PROPORTIONAL_AFTER("PSS after MiB", 1, Use.SHOWN);

    private final String title;
    private final int decimals;
    private final Use use;

    Metric(String title, int decimals, Use use) {
        this.title = title;
        this.decimals = decimals;
        this.use = use;
    }

    /** Name and unit. */
    String title() {
        return title;
    }

    /** Digits after the point that mean something. */
    int decimals() {
        return decimals;
    }

    /** Whether the ratio of subject and peer is worth reporting. */
    boolean compared() {
        return use != Use.SHOWN;
    }

    /** Whether a page shows it as bars: what decides, and no curve shows. */
    boolean plotted() {
        return use == Use.PLOTTED;
    }

    /** What is made of a figure besides a column in a table. */
    private enum Use {
        SHOWN,
        COMPARED,
        /** Compared too. */
        PLOTTED
    }
}
