package dev.gyre.simulated;

import dev.gyre.io.ErrorNumber;
import dev.gyre.io.UnixAddress;
import java.util.HashSet;
import java.util.Set;

/**
 * Which names Unix sockets have. There is no file system to look at: any path can be taken, and once taken stays so, as
 * the file of a socket does that nobody removes. Guarded by the kernel's lock.
 */
final class UnixNames {
    private final Set<UnixAddress> taken = new HashSet<>();
    private int turn;

    /** Gives a name to a listener, with an abstract one of its choice for one without (unix(7), "Autobind feature"). */
    UnixAddress bind(UnixAddress wanted) throws Refusal {
        UnixAddress bound = wanted;
        while (bound.path().isEmpty() || (wanted.path().isEmpty() && taken.contains(bound))) {
            bound = new UnixAddress(String.format("\0%05x", turn++));
        }
        if (!taken.add(bound)) {
            throw new Refusal(ErrorNumber.EADDRINUSE);
        }
        return bound;
    }

    void unbind(UnixAddress bound) {
        if (isAbstract(bound)) {
            taken.remove(bound);
        }
    }

    /** Removes the file of a socket. Whether there was one. */
    boolean remove(UnixAddress path) {
        return !isAbstract(path) && taken.remove(path);
    }

    /** Why nobody can connect to a name at which nobody listens. */
    ErrorNumber refusal(UnixAddress address) {
        return isAbstract(address) || taken.contains(address)
                ? ErrorNumber.ECONNREFUSED
                : ErrorNumber.ENOENT;
    }

    private static boolean isAbstract(UnixAddress address) {
        return address.path().startsWith("\0");
    }
}
