package dev.gyre.benchmarks;

/** A figure that a benchmark reports. */
enum Metric {
    REQUESTS("requests/s", 0, true),
    CPU("CPU µs/request", 2, true),
    CPU_USER("user", 2, false),
    CPU_KERNEL("kernel", 2, false),
    P50("p50 µs", 0, true),
    P99("p99 µs", 0, true),
    P999("p99.9 µs", 0, true),
    RESIDENT("RSS MiB", 1, true),
    /** Requests per hundred that were due while their connection was busy. */
    LATE("late %", 1, false),
    /** Requests per hundred that were never sent. */
    SKIPPED("skipped %", 1, false),
    /** How late the load generator was with requests that nothing held up: 99th percentile. */
    LAG("lag p99 µs", 0, false),
    /** How much of its time the load generator had nothing to do. */
    IDLE("load idle %", 0, false),
    /** How much of one processor everything else on this machine used. */
    OTHERS("others %", 0, false),

    LISTENING("listening ms", 0, true),
    FIRST_ANSWER("first answer ms", 0, true),
    CPU_TO_ANSWER("CPU ms", 0, true),

    COLD_RATE("first second, /s", 0, true),
    COLD_CPU_EACH("first second, CPU µs each", 2, true),
    RATE("warm, /s", 0, true),
    CPU_EACH("warm, CPU µs each", 2, true),
    TOOK_P50("took p50 µs", 0, true),
    TOOK_P99("took p99 µs", 0, true),

    THROUGHPUT("MB/s", 0, true),
    BYTES_PER_CPU("MB/CPU s", 0, true),
    /** How much of one processor the server used. */
    CPU_SHARE("CPU %", 0, false),

    NANOS("ns/operation", 1, true),
    FIRST_NANOS("first round, ns/operation", 1, true),
    WARM_NANOS("warm, ns/operation", 1, true),
    ALLOCATED("B allocated/operation", 3, false),
    READS("reads/s", 0, true),
    CPU_PER_READ("CPU µs/read", 2, true),

    MEMORY_PER_TASK("B/task", 0, true),
    MEMORY_PER_PROCESS("B/process", 0, true),
    LATENESS("late p50 ms", 3, true),
    LATENESS_P99("late p99 ms", 3, false),
    CANCEL("cancel s", 2, true),

    MEMORY_PER_CONNECTION("KiB/connection", 2, true),
    PROPORTIONAL_BEFORE("PSS before MiB", 1, false),
    PROPORTIONAL_AFTER("PSS after MiB", 1, false);

    private final String title;
    private final int decimals;
    private final boolean compared;

    Metric(String title, int decimals, boolean compared) {
        this.title = title;
        this.decimals = decimals;
        this.compared = compared;
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
        return compared;
    }
}
