package dev.gyre.io;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of a host, as they become known.
 *
 * <pre>{@code
 * try (Lookup lookup = io.lookup("example.org", LookupOptions.DEFAULT)) {
 *     for (IpAddress address = lookup.next(); address != null; address = lookup.next()) {
 *         use(address.withPort(443));
 *     }
 * }
 * }</pre>
 *
 * <p>Addresses of the two families are asked for together, and those that are known first come first; those of one
 * reply keep its order. No address comes twice. The work is done by {@link #next()}, by the task that calls it: nothing
 * goes on in between, and one task at a time uses it.
 */
public interface Lookup extends AutoCloseable {

    /**
     * The next address. A cancellation point.
     *
     * @return with port 0; null after the last
     * @throws IoException with a reason of {@link Operation#LOOKUP}, only before the first address: what becomes of the
     *     other family does not matter then. The lookup is over, and later calls throw the same again
     * @throws CanceledException if the calling task was canceled; the next call asks anew for what is missing
     */
    @Nullable IpAddress next() throws IoException;

    /**
     * The name of the host itself, where the name that was asked for is an alias of it, or lacks a domain of the search
     * list.
     *
     * @return without a dot at its end; the name that was asked for, as long as nothing else is known
     */
    String canonicalName();

    /**
     * All addresses that {@link #next()} has still to give. A cancellation point.
     *
     * @return in the order in which they came
     * @throws IoException as {@link #next()}
     * @throws CanceledException if the calling task was canceled
     */
    default List<IpAddress> all() throws IoException {
        List<IpAddress> addresses = new ArrayList<>();
        for (IpAddress address = next(); address != null; address = next()) {
            addresses.add(address);
        }
        return addresses;
    }

    /** Asks no more. Closing again does nothing. Not a cancellation point. */
    @Override
    void close();
}
