package dev.gyre.ring;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The operations that a loop has, each in a slot. A submission names its operation by the slot, in the low half of its
 * user data, and by how often the slot was used before, in the high half: a late completion meets nobody else's.
 *
 * <p>Fibers of the loop add to it, so it is fields and arrays only (see {@link Loop}).
 */
final class InFlight {
    private @Nullable Operation[] operations = new Operation[64];
    private int[] generations = new int[64];
    private int[] freeSlots = new int[64];
    private int freeCount;
    private int count;

    InFlight() {
        addFreeSlots(0);
    }

    int count() {
        return count;
    }

    /** Gives an operation its slot. */
    @Undivided
    void add(Operation operation) {
        if (freeCount == 0) {
            grow();
        }
        int slot = freeSlots[--freeCount];
        operation.slot = slot;
        operations[slot] = operation;
        count++;
    }

    /** Frees an operation's slot. */
    @Undivided
    void remove(Operation operation) {
        int slot = operation.slot;
        operations[slot] = null;
        generations[slot]++;
        freeSlots[freeCount++] = slot;
        count--;
        operation.landed();
    }

    boolean contains(Operation operation) {
        return operation.isInFlight() && operations[operation.slot] == operation;
    }

    /** What a submission of an operation that is here carries. */
    long userData(Operation operation) {
        return (long) generations[operation.slot] << 32 | operation.slot;
    }

    /** The operation whose submission carried this, or null. */
    @Nullable Operation find(long userData) {
        int slot = (int) userData;
        boolean known = slot >= 0 && slot < operations.length && (int) (userData >>> 32) == generations[slot];
        return known ? operations[slot] : null;
    }

    /** Those that are here now. */
    List<Operation> all() {
        return Stream.of(operations).filter(Objects::nonNull).toList();
    }

    private void grow() {
        int length = operations.length;
        int[] longerGenerations = Arrays.copyOf(generations, 2 * length);
        int[] longerFreeSlots = Arrays.copyOf(freeSlots, 2 * length);
        operations = Arrays.copyOf(operations, 2 * length); // last, so that a table that lacks memory tries again
        generations = longerGenerations;
        freeSlots = longerFreeSlots;
        addFreeSlots(length);
    }

    /** The slots from {@code first} on, so that the lowest is taken first. */
    private void addFreeSlots(int first) {
        for (int slot = operations.length - 1; slot >= first; slot--) {
            freeSlots[freeCount++] = slot;
        }
    }
}
