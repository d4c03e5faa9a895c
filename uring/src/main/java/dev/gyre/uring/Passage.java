package dev.gyre.uring;

import static dev.gyre.posix.Kernel.NEVER;

import dev.gyre.host.FileCalls;
import dev.gyre.host.HostKernel;
import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Events;
import dev.gyre.linux.Files;
import dev.gyre.ring.wait.Poll;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that go through a socket without coming into the program, by calls of which the ring has none that it would not
 * give to a worker thread: sendfile(2) and splice(2). They are made on the spot, and the ring waits in between.
 *
 * <p>Neither has a flag that tells it not to wait: the kernel takes that from the socket, which is non-blocking for the
 * length of a call. An operation that another loop submits for the same socket in these microseconds may answer
 * {@code EAGAIN}.
 */
final class Passage {
    private final UringIo io;

    Passage(UringIo io) {
        this.io = io;
    }

    /**
     * Sends a part of a file that is in the page cache: the socket takes the cache's own pages, and nothing is copied.
     * What is not there would make the call wait for the disk, and the loop with it; that is for the caller to read
     * through the ring and to write ({@code EINVAL}), and the kernel's reading ahead sees to it that the next piece is
     * there in time. The same holds for what another task sends at the same time.
     */
    long sendFile(Fiber fiber, UringSocket socket, int file, long offset, long length, long deadline) {
        if (!FileCalls.isCached(file, offset, length)) {
            return -Errno.EINVAL.code();
        }
        if (fiber instanceof LoopFiber task && !task.home().mayStream()) {
            Thread.yield();
        }
        return whenRoom(fiber, socket, deadline, () -> {
            if (!socket.beginDirectSend()) {
                return -Errno.EINVAL.code();
            }
            try {
                return withoutWaiting(socket, () -> FileCalls.sendFile(socket.number(), file, offset, length));
            } finally {
                socket.endDirectSend();
            }
        });
    }

    /**
     * Moves what has arrived into a pipe, waiting until there is something; {@code EINVAL} where some has been received
     * already, or is about to be.
     *
     * @param readiness of a fiber that no loop carries; otherwise null
     */
    long in(Fiber fiber, UringSocket socket, @Nullable Readiness readiness, int pipe, long length) {
        boolean mayTry = !(fiber instanceof LoopFiber own) || own.home().mayStream();
        while (true) {
            Receiver receiver = socket.receiver();
            if (receiver != null && !receiver.isQuiet()) {
                return -Errno.EINVAL.code();
            }
            int seen = readiness == null ? 0 : readiness.arrivals();
            long result = mayTry ? splice(socket, socket.number(), pipe, length) : -Errno.EAGAIN.code();
            if (result != -Errno.EAGAIN.code() || socket.isClosing()) {
                return result;
            }
            int ready = readiness != null && readiness.watch()
                    ? readiness.await(fiber, seen)
                    : awaitArrival(fiber, socket);
            if (ready < 0) {
                return ready;
            }
            mayTry = true;
        }
    }

    /** By the ring: where others have waited for long enough, also if something is there. */
    private int awaitArrival(Fiber fiber, UringSocket socket) {
        Call call = new Call();
        Poll poll = new Poll(socket.number(), Events.POLLIN, call);
        return call.run(io.loopFor(fiber), fiber, poll, socket, NEVER);
    }

    /** Moves what is in a pipe to a socket as far as there is room, waiting until there is some. */
    long out(Fiber fiber, UringSocket socket, int pipe, long length) {
        return whenRoom(fiber, socket, NEVER, () -> splice(socket, pipe, socket.number(), length));
    }

    private static long splice(UringSocket socket, int in, int out, long length) {
        while (!socket.beginDirectSend()) {
            Thread.yield(); // the other direction is through in a moment
        }
        try {
            return withoutWaiting(socket, () -> HostKernel.splice(in, out, length));
        } finally {
            socket.endDirectSend();
        }
    }

    private long whenRoom(Fiber fiber, UringSocket socket, long deadline, LongSupplier attempt) {
        while (true) {
            long result = attempt.getAsLong();
            if (result != -Errno.EAGAIN.code()) {
                return result;
            }
            long look = HostKernel.nextLook(socket.address(), deadline);
            int room = new RoomCall().await(io.loopFor(fiber), fiber, socket, look);
            if (room < 0 && !(room == -Errno.ETIME.code() && look < deadline)) {
                return room;
            }
        }
    }

    private static long withoutWaiting(UringSocket socket, LongSupplier call) {
        Files.fcntl(socket.number(), Files.F_SETFL, Files.O_RDWR | Files.O_NONBLOCK);
        try {
            return call.getAsLong();
        } finally {
            Files.fcntl(socket.number(), Files.F_SETFL, Files.O_RDWR);
        }
    }
}
