package dev.gyre.uring;

import dev.gyre.host.DatagramMessages;
import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.Errno;
import org.jspecify.annotations.Nullable;

/**
 * How datagrams are received: by calls that do not wait, and by waiting for them to be worth another. So what is
 * canceled has taken nothing, and a call takes as many as are there.
 */
final class DatagramReceiving {
    private final UringSockets kernel;

    DatagramReceiving(UringSockets kernel) {
        this.kernel = kernel;
    }

    /** Receives; where nothing is there, waits, and tries once more. */
    int receive(Fiber fiber, UringSocket socket, DatagramMessages messages) {
        boolean loops = fiber instanceof LoopFiber;
        Readiness readiness = loops ? null : kernel.readiness(socket);
        int seen = readiness == null ? 0 : readiness.arrivals();
        // Where each comes alone, a first attempt would find nothing.
        if (!loops || socket.expectsMore()) {
            int result = messages.receive(socket.number());
            if (result != -Errno.EAGAIN.code()) {
                return result;
            }
        }
        int ready = awaitArrival(fiber, socket, readiness, seen);
        if (ready < 0) {
            return ready;
        }
        int result = messages.receive(socket.number());
        socket.expectMore(result > 1);
        return result;
    }

    private int awaitArrival(Fiber fiber, UringSocket socket, @Nullable Readiness readiness, int seen) {
        if (readiness == null || !readiness.watch()) {
            return kernel.awaitReadable(fiber, socket);
        }
        int outcome = readiness.await(fiber, seen);
        if (socket.isClosing()) {
            readiness.close();
        }
        return outcome;
    }

    /** Lets others run, where the calling fiber never waits, because what it asks for is always there. */
    void giveWay(Fiber fiber, UringSocket socket) {
        boolean othersWait = fiber instanceof LoopFiber own
                ? !own.home().mayStream()
                : Thread.currentThread().isVirtual()
                        && socket.writes(UringSockets.FOREIGN_RUN) % UringSockets.CALLS_AT_ONCE
                                == UringSockets.CALLS_AT_ONCE - 1;
        if (othersWait) {
            Thread.yield();
        }
    }
}
