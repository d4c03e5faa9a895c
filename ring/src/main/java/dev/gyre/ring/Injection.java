package dev.gyre.ring;

import java.util.List;

/**
 * Bends what a {@link Loop} gets from the kernel, for tests: other results, short counts, delays, another order, a
 * kernel that is busy.
 *
 * <p>It is given to {@link Loop#open(RingOptions, Injection)}; a loop without one pays for a comparison with null in
 * each turn. All methods are called on the loop's thread, and none may call the loop.
 */
public interface Injection {
    /**
     * A completion on its way to its operation.
     *
     * @param operation whose it is
     * @param result as the kernel gave it, or as it is to be seen
     * @param flags {@code IORING_CQE_F_*}; with {@code IORING_CQE_F_MORE} others of the same operation follow
     */
    record Arrival(Operation operation, int result, int flags) {
        /**
         * The same with another result.
         *
         * @param other an error as its negative number
         * @return a changed copy
         */
        public Arrival withResult(int other) {
            return new Arrival(operation, other, flags);
        }
    }

    /**
     * Sees a submission that is complete but for its user data, and may change it. A short count, for instance, is made
     * here, by a shorter length: the kernel then really moves no more.
     *
     * @param operation whose it is
     * @param entry as the operation prepared it
     */
    default void prepared(Operation operation, Submission entry) {}

    /**
     * Chooses what is delivered in this turn, in which order and with which results. The loop does not wait while
     * anything is left here, and delivers the rest when it is closed. Completions of one operation keep their order.
     *
     * @param arrived what has arrived and was not delivered, the oldest first; what is taken out is never delivered
     *     unless it goes into the other list
     * @param delivered empty; what is put here is delivered
     */
    default void deliver(List<Arrival> arrived, List<Arrival> delivered) {
        delivered.addAll(arrived);
        arrived.clear();
    }

    /**
     * Called before each entry into the kernel.
     *
     * @return 0 to enter it, or a negative error number to be taken for its answer, such as {@code -EBUSY}
     */
    default int enter() {
        return 0;
    }

    /**
     * Called before each entry into the kernel: how many submissions it takes, as it takes fewer where memory is short.
     *
     * @param pending how many there are; if 0, so is the answer
     * @return 1 to {@code pending}; a kernel that takes none says so by {@link #enter}
     */
    default int taken(int pending) {
        return pending;
    }
}
