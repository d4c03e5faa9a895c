package dev.gyre.uring;

import dev.gyre.io.Ip4Address;
import dev.gyre.linux.Files;
import dev.gyre.linux.Sockets;
import dev.gyre.ring.Undivided;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The sockets to which the fiber that runs has written more than once, with {@code MSG_MORE}: what does not fill a
 * segment waits in the kernel for what comes next. A loop pushes it out as soon as that fiber has left its thread.
 */
final class Corked {
    private final LoopThread home;
    private @Nullable UringSocket[] sockets = new UringSocket[4];
    private int size;

    Corked(LoopThread home) {
        this.home = home;
    }

    /** Uses once what a loop's thread may otherwise be the first to use, while a fiber of its own holds the lock. */
    void rehearse() {
        add(new UringSocket(Integer.MAX_VALUE, Ip4Address.loopback(0)));
        push();
    }

    /** Sees to it that a socket is pushed, unless it is closed before, which pushes, too. On the loop. */
    void add(UringSocket socket) {
        if (!remember(socket)) {
            push(socket);
        }
    }

    @Undivided
    private boolean remember(UringSocket socket) {
        if (socket.corkedBy == home) {
            return true;
        }
        if (size == sockets.length && !grow()) {
            return false;
        }
        socket.corkedBy = home;
        sockets[size++] = socket;
        return true;
    }

    private boolean grow() {
        try {
            sockets = Arrays.copyOf(sockets, 2 * size);
            return true;
        } catch (OutOfMemoryError exhausted) {
            return false;
        }
    }

    @Undivided
    boolean isEmpty() {
        return size == 0;
    }

    /** Pushes all. On the loop, and on no fiber. */
    void push() {
        while (size > 0) {
            UringSocket socket = sockets[--size];
            sockets[size] = null;
            if (socket == null) {
                throw new AssertionError("a corked socket is in its place");
            }
            if (socket.corkedBy == home) {
                socket.corkedBy = null;
            }
            push(socket);
        }
    }

    private static void push(UringSocket socket) {
        if (socket.acquire()) {
            // It is not set, unless by its user; to clear it pushes, as far as TCP_NODELAY has it (tcp(7)).
            if (!socket.corkedByUser) {
                Sockets.setsockopt(socket.number(), Sockets.IPPROTO_TCP, Sockets.TCP_CORK, 0);
            }
            if (socket.release()) {
                Files.close(socket.take());
            }
        }
    }
}
