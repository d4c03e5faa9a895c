package dev.gyre.uring;

import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.Events;
import dev.gyre.posix.Descriptor;
import dev.gyre.ring.Operation;
import dev.gyre.ring.wait.PollMultishot;

/**
 * A fiber's wait until a socket has room for something to be sent.
 *
 * <p>The kernel adds a peer's half-close to whatever is polled for, and a poll that looks once would end at once for
 * ever. So this one is multishot: it reports what there is when it begins, and then what changes, until there is room
 * or the connection is gone; then it is ended.
 */
final class RoomCall extends Call {
    private static final int ROOM = Events.POLLOUT | Events.POLLERR | Events.POLLHUP;

    private boolean found;

    /**
     * Waits.
     *
     * @param loop the loop to submit to
     * @param fiber the calling one
     * @param socket held
     * @param deadline when to give up
     * @return 0 or more if it is worth another attempt, otherwise a negated error number
     */
    int await(LoopThread loop, Fiber fiber, Descriptor socket, long deadline) {
        int result = run(loop, fiber, new PollMultishot(socket.number(), Events.POLLOUT, this), socket, deadline);
        return found ? 0 : result;
    }

    @Override
    public void completed(Operation poll) {
        found |= poll.result() > 0 && (poll.result() & ROOM) != 0;
        if (!poll.isInFlight()) {
            super.completed(poll);
        } else if (found) {
            loop().loop().cancel(poll);
        }
    }
}
