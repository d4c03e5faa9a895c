package dev.gyre.posix;

import static dev.gyre.io.ErrorNumber.EOPNOTSUPP;

import dev.gyre.io.Address;
import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Passable;
import dev.gyre.io.Reason;
import dev.gyre.io.SocketType;
import dev.gyre.io.spi.Fiber;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Open things that are passed over a Unix socket: descriptors on the way out, objects on the way in. */
final class Passing implements AutoCloseable {
    /** So many does the kernel take in one message (SCM_MAX_FD). */
    static final int MAX = 253;

    private final Fiber fiber;
    private final Holdable[] all;
    private final Descriptor[] descriptors;
    private int held;

    private Passing(Fiber fiber, List<? extends Passable> passed) {
        this.fiber = fiber;
        this.all = passed.stream().map(Holdable.class::cast).toArray(Holdable[]::new);
        this.descriptors = new Descriptor[all.length];
    }

    /** Refuses what cannot be passed, whether or not it is open. */
    static void require(PosixIo io, List<? extends Passable> passed) {
        if (passed.size() > MAX) {
            throw new IllegalArgumentException(passed.size() + " open things are more than the " + MAX
                    + " that can be passed at once");
        }
        for (Passable each : passed) {
            if (!(each instanceof Holdable own) || own.io() != io) {
                throw new IllegalArgumentException(each + " is of another Io, and cannot be passed by this one");
            }
            if (each instanceof PosixDirectory folder && folder.isCurrent()) {
                throw new IllegalArgumentException("the current folder is not open, and cannot be passed");
            }
        }
    }

    /** Keeps all of it open until it is closed. */
    static Passing hold(Fiber fiber, List<? extends Passable> passed) throws IoException {
        Passing passing = new Passing(fiber, passed);
        boolean complete = false;
        try {
            passing.holdAll();
            complete = true;
            return passing;
        } finally {
            if (!complete) {
                passing.close();
            }
        }
    }

    /** Makes no object between one that is held and the note of it: there may be no memory. */
    private void holdAll() throws IoException {
        while (held < all.length) {
            Holdable next = all[held];
            Descriptor descriptor = next.descriptor();
            if (descriptor == null || !next.tryHold()) {
                throw Operation.WRITE.failure(Reason.CLOSED, next);
            }
            descriptors[held] = descriptor;
            held++;
        }
    }

    List<Descriptor> descriptors() {
        return List.of(descriptors);
    }

    /** Lets go of all of it, and makes no object for that. */
    @Override
    public void close() {
        OutOfMemoryError failure = null;
        for (int i = 0; i < held; i++) {
            try {
                all[i].release(fiber);
            } catch (OutOfMemoryError shortage) {
                failure = shortage;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Objects for what came in, of which nobody has heard yet. */
    static List<Passable> adopt(PosixIo io, PassedDescriptors passed) throws IoException {
        List<Passable> adopted = new ArrayList<>(passed.count());
        for (int i = 0; i < passed.count(); i++) {
            adopted.add(adopt(io, passed.number(i)));
        }
        return adopted;
    }

    private static Passable adopt(PosixIo io, int descriptor) throws IoException {
        SocketCalls.Kind kind = io.kernel().adopt(descriptor);
        return switch (kind) {
            case null -> throw Operation.READ.failure(EOPNOTSUPP.code(), "what was passed");
            case LISTENER -> listener(io, descriptor, SocketType.STREAM);
            case SEQPACKET_LISTENER -> listener(io, descriptor, SocketType.SEQPACKET);
            case STREAM -> connection(io, descriptor, SocketType.STREAM);
            case SEQPACKET -> connection(io, descriptor, SocketType.SEQPACKET);
            case DATAGRAM -> PosixDatagramSocket.passed(io, descriptor, address(io, descriptor));
            case DIRECTORY -> PosixDirectory.passed(io, descriptor);
            case FILE -> new PosixFile(io, descriptor, "a file that was passed");
        };
    }

    private static PosixConnection connection(PosixIo io, int socket, SocketType type) throws IoException {
        Address address = address(io, socket);
        return new PosixConnection(io, io.kernel().socketDescriptor(socket, address), address, type);
    }

    private static PosixListener listener(PosixIo io, int socket, SocketType type) throws IoException {
        Address address = address(io, socket);
        return new PosixListener(io, io.kernel().socketDescriptor(socket, address), address, type);
    }

    private static Address address(PosixIo io, int socket) throws IoException {
        return Results.check(Operation.LOCAL_ADDRESS, io.kernel().localAddress(socket), "what was passed");
    }
}
