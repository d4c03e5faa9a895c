package dev.gyre.ring;

/** Is told when an operation has a result. */
@FunctionalInterface
public interface Callback {
    /**
     * Called on the loop's thread, once for each submission, or, for a multishot operation, once for each completion
     * until {@link Operation#isInFlight()} is false. It may submit again, the same operation too. It must not block;
     * what it throws ends the loop's turn and reaches whoever runs the loop.
     *
     * @param operation with its {@link Operation#result()}
     */
    void completed(Operation operation);
}
