package dev.gyre.ring;

import dev.gyre.linux.Assert;
import dev.gyre.linux.IoUring;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Operations that the kernel carries out one after the other, without the program in between.
 *
 * <p>After {@link #then} the next one begins only if the one before succeeded. Otherwise the chain is <i>broken</i>:
 * that one reports its error, and each later one up to the next {@link #always} ends with {@code ECANCELED} and
 * without having been tried. A read or write of fewer bytes than asked for breaks the chain too, though its own result
 * is not an error; for a send or receive that is so with {@code MSG_WAITALL}. After {@link #always} the next one
 * begins in any case.
 *
 * <p>Every member has its own callback. A member that was interrupted by a signal is not submitted again by the loop,
 * since those behind it have been canceled. To cancel one that has not begun breaks the chain there; a chain of which
 * the kernel has not heard yet, because the queue was full, is canceled as a whole.
 * So is one of which the kernel takes only a part, for lack of memory: what it has not taken is not tried.
 *
 * <p>A chain is submitted by {@link Loop#submit(Chain)}, as often as one likes, but only when none of its members is in
 * flight. Links have been in the kernel since 5.3.
 */
public final class Chain {
    private final List<Operation> members = new ArrayList<>();
    private final List<Integer> links = new ArrayList<>();

    /**
     * A chain of one.
     *
     * @param first which begins at once
     */
    public Chain(Operation first) {
        add(first);
    }

    /**
     * Adds what begins after success.
     *
     * @param next not yet in the chain
     * @return this
     */
    public Chain then(Operation next) {
        link(IoUring.IOSQE_IO_LINK);
        return add(next);
    }

    /**
     * Adds what begins after success and failure alike. Kernel 5.5.
     *
     * @param next not yet in the chain
     * @return this
     */
    public Chain always(Operation next) {
        link(IoUring.IOSQE_IO_HARDLINK);
        return add(next);
    }

    /**
     * Limits the time of the latest member. What is added after that waits for the member, not for the limit.
     *
     * @param limit not yet in the chain
     * @return this
     */
    public Chain within(LinkTimeout limit) {
        Assert.that(!(members.getLast() instanceof LinkTimeout), "an operation has one limit");
        link(IoUring.IOSQE_IO_LINK);
        return add(limit);
    }

    /**
     * The members in their order.
     *
     * @return at least one
     */
    public List<Operation> members() {
        return Collections.unmodifiableList(members);
    }

    /** Ties the members together, for the submission that follows. */
    void tie() {
        for (int i = 0; i < members.size(); i++) {
            Operation member = members.get(i);
            member.chain = this;
            member.linkFlags = links.get(i);
        }
    }

    /** A chain goes into the submission queue as a whole; so its first member asks for room for all. */
    boolean startsWith(Operation operation) {
        return members.getFirst() == operation;
    }

    int length() {
        return members.size();
    }

    void cancel() {
        members.forEach(member -> member.canceled = true);
    }

    private Chain add(Operation next) {
        Assert.that(members.stream().allMatch(member -> member != next), "an operation is in a chain once");
        members.add(next);
        links.add(0);
        return this;
    }

    private void link(int flags) {
        links.set(links.size() - 1, flags);
    }
}
