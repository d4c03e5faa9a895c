package dev.gyre.ring;

/**
 * Where a {@link Loop} receives what other loops send it with {@link Post}: a number each, without a system call of its
 * own for the receiver, and without a wake-up.
 *
 * <p>It lives as long as its loop. It may be handed to any thread; the callback runs on its own loop's.
 */
public final class Inbox {
    private final Letters letters;

    /** The ring, by a descriptor of the inbox's own: no post can meet a number that was given to somebody else. */
    private final SharedDescriptor ring;

    private final long userData;

    Inbox(int ringCopy, Letters letters, long userData) {
        this.letters = letters;
        this.userData = userData;
        ring = new SharedDescriptor(ringCopy);
    }

    /** Borrows the ring, or answers -1 after the end. */
    int borrow() {
        return ring.acquire() ? ring.number() : -1;
    }

    void giveBack() {
        ring.release();
    }

    void close() {
        giveBack();
    }

    long userData() {
        return userData;
    }

    Letters letters() {
        return letters;
    }

    /** Stands in the loop's table as an operation that never ends: each message is one more completion of it. */
    static final class Letters extends Operation {
        Letters(Callback callback) {
            super(callback);
        }

        @Override
        protected void prepare(Submission entry) {
            throw new AssertionError("an inbox is not submitted");
        }

        @Override
        public OperationKind kind() {
            return Post.KIND;
        }
    }
}
