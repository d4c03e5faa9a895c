package dev.gyre.process;

import java.util.Objects;

/**
 * Where the answer to a {@linkplain Processes#call call} goes. A part of the request; whoever has it can answer: the
 * process that was called, at once or later, or another one that it has handed the request to.
 *
 * @param <R> what the answer is
 */
public final class ReplyTo<R> {
    private final Call call;

    ReplyTo(Call call) {
        this.call = call;
    }

    /**
     * Answers. Any thread may call this; it does not wait.
     *
     * @param answer not null
     * @return false if nobody waits for it any more: the time is over, or it was answered before
     */
    public boolean reply(R answer) {
        return call.answer(Objects.requireNonNull(answer));
    }

    /**
     * Whether somebody still waits for the answer. From any thread.
     *
     * @return false for good, once it is
     */
    public boolean isWaiting() {
        return call.isOpen();
    }
}
