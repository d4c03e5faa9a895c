package dev.gyre.io.conformance;

import org.opentest4j.TestAbortedException;

/** Leaving a test out where the machine lacks something, and saying so. */
final class Skip {
    private Skip() {}

    /** Ends the test as skipped. */
    static TestAbortedException because(String probe, Object answer) {
        String message = "skipped: the probe '" + probe + "' answered: " + answer;
        System.out.println(message);
        return new TestAbortedException(message);
    }
}
