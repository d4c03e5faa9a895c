package dev.gyre.io.spi.name;

import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IpAddress;
import dev.gyre.io.IpFamily;
import dev.gyre.io.Lookup;
import dev.gyre.io.LookupOptions;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Addresses that were known beforehand. */
public final class FixedLookup implements Lookup {
    private final Io io;
    private final String canonicalName;
    private final Iterator<IpAddress> addresses;

    private FixedLookup(Io io, String canonicalName, List<IpAddress> addresses) {
        this.io = io;
        this.canonicalName = canonicalName;
        this.addresses = addresses.iterator();
    }

    /**
     * Those of the addresses that are wanted.
     *
     * @param io whose lookup this is
     * @param host which was asked for
     * @param canonicalName of the host
     * @param addresses all of its addresses
     * @param options which are wanted
     * @return a lookup that waits for nothing
     * @throws IoException with {@link Reason#NO_ADDRESS} if none of them is wanted
     */
    public static Lookup of(
            Io io, String host, String canonicalName, List<? extends IpAddress> addresses, LookupOptions options)
            throws IoException {
        List<IpAddress> wanted = addresses.stream()
                .filter(address -> options.wants(IpFamily.of(address)))
                .map(address -> address.withPort(0))
                .distinct()
                .toList();
        if (wanted.isEmpty()) {
            throw Operation.LOOKUP.failure(Reason.NO_ADDRESS, host);
        }
        return new FixedLookup(io, canonicalName, wanted);
    }

    @Override
    public @Nullable IpAddress next() {
        io.checkCancel();
        return addresses.hasNext() ? addresses.next() : null;
    }

    @Override
    public String canonicalName() {
        return canonicalName;
    }

    @Override
    public void close() {}
}
