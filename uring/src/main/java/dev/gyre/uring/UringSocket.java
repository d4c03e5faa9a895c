package dev.gyre.uring;

import dev.gyre.io.Address;
import dev.gyre.io.UnixAddress;
import dev.gyre.posix.Descriptor;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** A socket's descriptor, and how it is read. That depends on who reads it first, and there may be both ways. */
final class UringSocket extends Descriptor {
    private static final VarHandle RECEIVER;
    private static final VarHandle READINESS;
    private static final VarHandle DIRECT_SEND;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            RECEIVER = lookup.findVarHandle(UringSocket.class, "receiver", Receiver.class).withInvokeExactBehavior();
            READINESS = lookup.findVarHandle(UringSocket.class, "readiness", Readiness.class)
                    .withInvokeExactBehavior();
            DIRECT_SEND = lookup.findVarHandle(UringSocket.class, "directSend", boolean.class)
                    .withInvokeExactBehavior();
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final Address address;

    private volatile @Nullable Receiver receiver;
    private volatile @Nullable Readiness readiness;

    @SuppressWarnings("UnusedVariable") // read through DIRECT_SEND
    private volatile boolean directSend;

    /**
     * Whether the latest receive left data behind, so that the next one need not wait for a poll; of datagrams, whether
     * several came at once.
     */
    private boolean moreExpected = true;

    /**
     * The loop that is to push what was written ({@link Corked}); null for none. Where two loops write, each overwrites
     * the other's, and adds the socket once more than it must.
     */
    @Nullable LoopThread corkedBy;

    /** Whether its user holds back what does not fill a segment ({@code TCP_CORK}). */
    volatile boolean corkedByUser;

    /** How many writes there were since the latest read, and in which run of a loop the latest was. For speed alone. */
    private int writes;

    private long writingRun;

    UringSocket(int number, Address address) {
        super(number);
        this.address = address;
    }

    /** Where it leads, or where it was accepted. */
    Address address() {
        return address;
    }

    /**
     * Whether a multishot receive can read it. Where the end of the stream is there together with the last bytes, one
     * on a Unix socket reports those and then waits for ever (seen on Linux 6.18).
     */
    boolean takesMultishot() {
        return isTcp();
    }

    /** Whether it is one of TCP, and not a Unix socket. */
    boolean isTcp() {
        return !(address instanceof UnixAddress);
    }

    @Nullable Receiver receiver() {
        return receiver;
    }

    /** Sets the receiver, unless there is one. Answers the one that there is then. */
    Receiver receiver(Receiver made) {
        Receiver found = (Receiver) RECEIVER.compareAndExchange(this, (Receiver) null, made);
        return found == null ? made : found;
    }

    /** Sets the receiver that follows the present one. */
    void succeed(Receiver successor) {
        receiver = successor;
    }

    @Nullable Readiness readiness() {
        return readiness;
    }

    /** Sets the readiness, unless there is one. Answers the one that there is then. */
    Readiness readiness(Readiness made) {
        Readiness found = (Readiness) READINESS.compareAndExchange(this, (Readiness) null, made);
        return found == null ? made : found;
    }

    /** Whether the caller may set the socket to non-blocking for a moment, and nobody else does. */
    boolean beginDirectSend() {
        return DIRECT_SEND.compareAndSet(this, false, true);
    }

    /** The moment is over. */
    void endDirectSend() {
        directSend = false;
    }

    /**
     * Notes a write.
     *
     * @param run which run of the loop makes it
     * @return 0 if the transfer before it was a read; 1 if it was a write in another run, and 1 more for each in this
     */
    int writes(long run) {
        int before = writes;
        if (before > 0 && writingRun != run) {
            before = 1;
        }
        writingRun = run;
        writes = before + 1;
        return before;
    }

    /** Notes a read. */
    void reads() {
        writes = 0;
    }

    boolean expectsMore() {
        return moreExpected;
    }

    void expectMore(boolean more) {
        moreExpected = more;
    }

    @Override
    public String toString() {
        return address + " (" + super.toString() + ")";
    }
}
