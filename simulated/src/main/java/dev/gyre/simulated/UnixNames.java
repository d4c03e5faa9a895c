package dev.gyre.simulated;

import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.UnixAddress;
import java.util.HashSet;
import java.util.Set;

/**
 * Which names Unix sockets have. There is no file system to look at: any path can be taken, and once taken stays so, as
 * the file of a socket does that nobody removes. Guarded by the network's lock.
 */
final class UnixNames {
    private final Set<UnixAddress> taken = new HashSet<>();
    private int turn;

    /** Gives a name to a listener, with an abstract one of its choice for one without (unix(7), "Autobind feature"). */
    UnixAddress bind(UnixAddress wanted) throws IoException {
        UnixAddress bound = wanted;
        while (bound.path().isEmpty() || (wanted.path().isEmpty() && taken.contains(bound))) {
            bound = new UnixAddress(String.format("\0%05x", turn++));
        }
        if (!taken.add(bound)) {
            throw Operation.LISTEN.failure(Reason.ADDRESS_IN_USE, wanted);
        }
        return bound;
    }

    void unbind(UnixAddress bound) {
        if (isAbstract(bound)) {
            taken.remove(bound);
        }
    }

    /** Why nobody can connect to a name at which nobody listens. */
    Reason refusal(UnixAddress address) {
        return isAbstract(address) || taken.contains(address)
                ? Reason.CONNECTION_REFUSED
                : Reason.FILE_NOT_FOUND;
    }

    private static boolean isAbstract(UnixAddress address) {
        return address.path().startsWith("\0");
    }
}
