package dev.gyre.ring;

import dev.gyre.linux.Assert;
import org.jspecify.annotations.Nullable;

/** A first-in first-out list through the operations themselves, so that waiting for room allocates nothing. */
final class OperationQueue {
    private @Nullable Operation head;
    private @Nullable Operation tail;

    boolean isEmpty() {
        return head == null;
    }

    Operation first() {
        if (head == null) {
            throw new AssertionError("an empty queue has no first operation");
        }
        return head;
    }

    @Undivided
    void add(Operation operation) {
        Assert.that(!operation.queued && operation.next == null, "an operation waits once at a time");
        operation.queued = true;
        if (tail == null) {
            head = operation;
        } else {
            tail.next = operation;
        }
        tail = operation;
    }

    @Undivided
    void removeFirst() {
        Operation first = first();
        head = first.next;
        if (head == null) {
            tail = null;
        }
        first.next = null;
        first.queued = false;
    }
}
