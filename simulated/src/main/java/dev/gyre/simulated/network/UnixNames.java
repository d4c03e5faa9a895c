package dev.gyre.simulated.network;

import dev.gyre.io.ErrorNumber;
import dev.gyre.io.SocketType;
import dev.gyre.io.UnixAddress;
import dev.gyre.simulated.kernel.Refusal;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which Unix socket has which name. There is no file system to look at: any path can be taken, and once taken stays so,
 * as the file of a socket does that nobody removes. Guarded by the kernel's lock.
 */
final class UnixNames {
    /** Kinds of sockets. Each has abstract names of its own; a path is a file, of which there is one. */
    enum Kind {
        STREAM,
        SEQPACKET,
        DATAGRAM;

        static Kind of(SocketType type) {
            return switch (type) {
                case STREAM -> STREAM;
                case SEQPACKET -> SEQPACKET;
            };
        }
    }

    /** Has the path of a socket that is no more. */
    private static final Object GONE = new Object();

    private final Map<Name, Object> holders = new HashMap<>();
    private int turn;

    /** A name that is there once; for paths without the kind. */
    private record Name(UnixAddress address, @Nullable Kind kind) {
        static Name of(UnixAddress address, Kind kind) {
            return new Name(address, isAbstract(address) ? kind : null);
        }
    }

    /** Gives a name to a socket, with an abstract one of its choice for one without (unix(7), "Autobind feature"). */
    UnixAddress bind(UnixAddress wanted, Kind kind, Object socket) throws Refusal {
        UnixAddress bound = wanted;
        while (bound.path().isEmpty()
                || (wanted.path().isEmpty() && holders.containsKey(Name.of(bound, kind)))) {
            bound = new UnixAddress(String.format("\0%05x", turn++));
        }
        if (holders.putIfAbsent(Name.of(bound, kind), socket) != null) {
            throw new Refusal(ErrorNumber.EADDRINUSE);
        }
        return bound;
    }

    void unbind(UnixAddress bound, Kind kind, Object socket) {
        Name name = Name.of(bound, kind);
        if (isAbstract(bound)) {
            holders.remove(name, socket);
        } else {
            holders.replace(name, socket, GONE);
        }
    }

    /** Removes the file of a socket to which nobody can connect. Whether there was one. */
    boolean removeStale(UnixAddress path) {
        Object holder = isAbstract(path) ? null : holders.get(new Name(path, null));
        boolean stale = holder == GONE || (holder instanceof SimulatedSocket socket && !socket.isListening());
        if (stale) {
            holders.remove(new Name(path, null));
        }
        return stale;
    }

    /** Nobody has a socket any more. Names that are files stay. */
    void powerCut() {
        holders.keySet().removeIf(name -> isAbstract(name.address));
        holders.replaceAll((name, holder) -> GONE);
    }

    /** The socket of a name. */
    Object find(UnixAddress address, Kind kind) throws Refusal {
        Object holder = holders.get(Name.of(address, kind));
        if (holder == null || holder == GONE) {
            throw new Refusal(isAbstract(address) || holder == GONE ? ErrorNumber.ECONNREFUSED : ErrorNumber.ENOENT);
        }
        return holder;
    }

    private static boolean isAbstract(UnixAddress address) {
        return address.path().startsWith("\0");
    }
}
