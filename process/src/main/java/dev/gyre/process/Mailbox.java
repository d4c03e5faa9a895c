package dev.gyre.process;

import dev.gyre.io.spi.Blocker;
import dev.gyre.io.spi.StackRoom;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A mailbox: what many send, and one takes.
 *
 * <p>Senders put their envelope in front of a chain whose head changes atomically, so none waits for another one. The
 * owner takes the whole chain at once, turns it round, and appends it to a list that is its own. There it looks for the
 * message that it wants, from the oldest on, and each only once while it waits.
 *
 * <p>The head also says what the owner does: if it waits, that is in place of an empty chain. So the sender that puts
 * the first envelope sees, by the same atomic change, that it has to wake the owner, and nobody else does. After the
 * end of the process the head says that, for good.
 */
abstract class Mailbox implements Blocker {
    /** For {@link #push}: the process has ended. */
    static final long GONE = 0;

    /** For {@link #push}: the owner waits. */
    static final long WAKE = -1;

    private static final Envelope WAITING = new Envelope("waiting");
    private static final Envelope ENDED = new Envelope("ended");
    private static final VarHandle HEAD;

    static {
        try {
            HEAD = MethodHandles.lookup()
                    .findVarHandle(Mailbox.class, "head", Envelope.class)
                    .withInvokeExactBehavior();
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** The latest that has come and was not taken in, or one of the two above, or null. */
    private volatile @Nullable Envelope head;

    // The owner's.
    private @Nullable Envelope first;
    private @Nullable Envelope last;

    /** How many are in the list. Others may see old news. */
    private int listed;

    /** How many there have been in the list. */
    private long received;

    /** The last that were taken, each in its turn; made for the first. */
    private Object @Nullable [] kept;

    private int keptCount;

    /**
     * Puts an envelope in. From any thread; takes no lock.
     *
     * @return how many there are now that were not taken in, or {@link #GONE}, or {@link #WAKE} if the caller has to
     *     wake the owner
     */
    final long push(Envelope envelope) {
        @Nullable Envelope seen = head;
        while (true) {
            if (seen == ENDED) {
                return GONE;
            }
            boolean waits = seen == WAITING;
            if (waits) {
                StackRoom.requireToPark(); // from there on the owner must be woken
            }
            @Nullable Envelope before = waits ? null : seen;
            long number = before == null ? 1 : before.number + 1;
            envelope.next = before;
            envelope.number = number;
            Envelope found = (Envelope) HEAD.compareAndExchange(this, seen, envelope);
            if (found == seen) {
                return waits ? WAKE : number;
            }
            seen = found;
        }
    }

    /** Takes in what has come. Returns how many. */
    final long takeIn() {
        if (head == null) {
            return 0;
        }
        Envelope latest = (Envelope) HEAD.getAndSet(this, (Envelope) null);
        if (latest == null || latest == WAITING) {
            return 0;
        }
        long count = latest.number;
        @Nullable Envelope after = null;
        Envelope envelope = latest;
        while (true) {
            @Nullable Envelope before = envelope.next;
            envelope.number += received;
            envelope.next = after;
            envelope.previous = before;
            if (before == null) {
                break;
            }
            after = envelope;
            envelope = before;
        }
        envelope.previous = last;
        if (last == null) {
            first = envelope;
        } else {
            last.next = envelope;
        }
        last = latest;
        received += count;
        listed += (int) count;
        return count;
    }

    /** The oldest in the list. */
    final @Nullable Envelope first() {
        return first;
    }

    /** The latest in the list whose number is not above {@code number}, or null if there is none. */
    final @Nullable Envelope latestUpTo(long number) {
        @Nullable Envelope envelope = last;
        while (envelope != null && envelope.number > number) {
            envelope = envelope.previous;
        }
        return envelope;
    }

    /** The one after {@code envelope}, or the first after null. */
    final @Nullable Envelope after(@Nullable Envelope envelope) {
        return envelope == null ? first : envelope.next;
    }

    /** Takes an envelope out of the list. */
    final void remove(Envelope envelope) {
        @Nullable Envelope before = envelope.previous;
        @Nullable Envelope after = envelope.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previous = before;
        }
        envelope.next = null;
        envelope.previous = null;
        listed--;
    }

    /** Keeps what was taken until some more were; for the report of a crash. */
    final void keep(Object message) {
        Object[] last = kept;
        if (last == null) {
            last = new Object[CrashReport.RECEIVED_MAX];
            kept = last;
        }
        last[keptCount++ & (CrashReport.RECEIVED_MAX - 1)] = message;
    }

    /** The last that were kept, the oldest first. */
    final List<Object> kept() {
        List<Object> all = new ArrayList<>();
        for (int i = Math.max(0, keptCount - CrashReport.RECEIVED_MAX); kept != null && i < keptCount; i++) {
            all.add(kept[i & (CrashReport.RECEIVED_MAX - 1)]);
        }
        return all;
    }

    /** The number of the latest message that has come, or of a later one. */
    final long latestNumber() {
        return received + incoming();
    }

    /** How many messages there are. From any thread, to which it is old news. */
    final long length() {
        return listed + incoming();
    }

    /** How many have been taken in so far. From any thread, to which it is old news. */
    final long received() {
        return received;
    }

    /** Whether something has come that was not taken in. */
    final boolean hasIncoming() {
        return incoming() > 0;
    }

    private long incoming() {
        @Nullable Envelope latest = head;
        return latest == null || latest == WAITING || latest == ENDED ? 0 : latest.number;
    }

    /** Says that the owner, who calls this, is to be woken by what comes. False if something has come. */
    final boolean beginWait() {
        return HEAD.compareAndSet(this, (Envelope) null, WAITING);
    }

    /** Says that the owner, who may not call this, waits no more. */
    final void endWait() {
        var _ = HEAD.compareAndSet(this, WAITING, (Envelope) null);
    }

    /** Whether the owner waits, or works on something that a message ends. From any thread. */
    final boolean isWaiting() {
        return head == WAITING;
    }

    /** Takes nothing any more, and forgets what there is. */
    final void end() {
        HEAD.setVolatile(this, ENDED);
        first = null;
        last = null;
    }

    @Override
    public final boolean isDone() {
        return head != WAITING;
    }

    @Override
    public final void cancel() {
        endWait();
    }

    @Override
    public final String operation() {
        return "receive";
    }

    @Override
    public final boolean needsOthers() {
        return true;
    }
}
