package dev.gyre.http;

import java.util.concurrent.atomic.LongAdder;

/** What was answered since the server opened. Any task counts. */
final class Counters {
    private static final int CLASSES = 6;

    /** By the first digit of the status. */
    private final LongAdder[] answers = new LongAdder[CLASSES];

    private final LongAdder bytes = new LongAdder();

    Counters() {
        for (int i = 0; i < CLASSES; i++) {
            answers[i] = new LongAdder();
        }
    }

    /** Counts an answer. */
    void count(int status, long bodyBytes) {
        answers[status / 100].increment();
        bytes.add(bodyBytes);
    }

    /** What was counted until now, about. */
    ServerStatistics statistics(int connections) {
        return new ServerStatistics(
                answers[2].sum(), answers[3].sum(), answers[4].sum(), answers[5].sum(), bytes.sum(), connections);
    }
}
