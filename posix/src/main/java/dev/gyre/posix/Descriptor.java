package dev.gyre.posix;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A file descriptor that is closed exactly once, and not before its last user is done with it.
 *
 * <p>The kernel gives the number of a closed file to whatever is opened next. Somebody who still uses the number then
 * reads from, writes to or closes somebody else's file. So whoever uses it holds it meanwhile:
 *
 * <pre>{@code
 * if (!descriptor.acquire()) {
 *     return closed();
 * }
 * try {
 *     result = kernel.receive(fiber, descriptor, memory);
 * } finally {
 *     if (descriptor.release()) {
 *         kernel.closeSocket(descriptor.take());
 *     }
 * }
 * }</pre>
 *
 * <p>Closing is no different. The one caller for whom {@link #beginClose} is true holds it from then on, may cancel
 * what others have in flight, and releases it like everybody else. After {@code beginClose} nobody can acquire it any
 * more, so the number of holders only falls, and <em>exactly one</em> {@link #release} is the last: that one returns
 * true, and its caller takes the number out and closes it. Which of them that is, the closer or the slowest user, does
 * not matter to anybody.
 *
 * <p>All of it is one number that changes atomically: how many hold it, and two flags. Any thread may call anything
 * here; nothing blocks. A backend keeps more with a descriptor, in a class of its own.
 */
public class Descriptor {
    private static final int CLOSING = 1 << 31;
    private static final int TAKEN = 1 << 30;
    private static final int HOLDERS = TAKEN - 1;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup()
                    .findVarHandle(Descriptor.class, "state", int.class)
                    .withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int number;

    @SuppressWarnings("unused") // through STATE
    private volatile int state;

    /**
     * An open descriptor that nobody holds yet.
     *
     * @param number an open file descriptor, which this object owns from now on
     */
    public Descriptor(int number) {
        if (number < 0) {
            throw new AssertionError("an open file descriptor is not negative: " + number);
        }
        this.number = number;
    }

    /**
     * Holds it, unless it is closing.
     *
     * @return whether it is held; then there must be one {@link #release}
     */
    public final boolean acquire() {
        int before;
        do {
            before = state;
            if ((before & CLOSING) != 0) {
                return false;
            }
        } while (!STATE.compareAndSet(this, before, before + 1));
        return true;
    }

    /**
     * Begins to close it: nobody can acquire it any more.
     *
     * @return true for one caller only, who then holds it and must {@link #release} it
     */
    public final boolean beginClose() {
        int before;
        do {
            before = state;
            if ((before & CLOSING) != 0) {
                return false;
            }
        } while (!STATE.compareAndSet(this, before, (before + 1) | CLOSING));
        return true;
    }

    /**
     * Lets go of it.
     *
     * @return whether this was the last to hold a closing descriptor; then the caller must {@link #take} the number and
     *     close it
     */
    public final boolean release() {
        int before;
        do {
            before = state;
            if ((before & HOLDERS) == 0) {
                throw new AssertionError("released more often than acquired: " + this);
            }
        } while (!STATE.compareAndSet(this, before, before - 1));
        return before == (CLOSING | 1);
    }

    /**
     * Takes the number out for closing it, once and for all.
     *
     * @return the file descriptor, which now belongs to the caller
     */
    public final int take() {
        if (!STATE.compareAndSet(this, CLOSING, CLOSING | TAKEN)) {
            throw new AssertionError("taken, although no release said so: " + this);
        }
        return number;
    }

    /**
     * The number, for a call. It stays valid for as long as the caller holds this object.
     *
     * @return the file descriptor
     */
    public final int number() {
        if ((state & HOLDERS) == 0) {
            throw new AssertionError("used without being held: " + this);
        }
        return number;
    }

    /**
     * Whether more than one holds it.
     *
     * @return true if somebody besides the caller, who holds it, does
     */
    public final boolean isShared() {
        return (state & HOLDERS) > 1;
    }

    /**
     * Whether {@link #beginClose} was called.
     *
     * @return whether it was
     */
    public final boolean isClosing() {
        return (state & CLOSING) != 0;
    }

    /**
     * What it is and who holds it, for people.
     *
     * @return for example {@code fd 7, held by 2, closing}
     */
    @Override
    public String toString() {
        int now = state;
        if ((now & TAKEN) != 0) {
            return "fd " + number + ", closed";
        }
        return "fd " + number + ", held by " + (now & HOLDERS) + ((now & CLOSING) != 0 ? ", closing" : "");
    }
}
