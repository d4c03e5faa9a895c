package dev.gyre.io.spi.name;

import dev.gyre.io.Connection;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IpAddress;
import dev.gyre.io.IpFamily;
import dev.gyre.io.Lookup;
import dev.gyre.io.LookupOptions;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Host names as one {@link Io} knows them: literal addresses by itself, others by its {@link NameService}. */
public final class Names {
    private static final int PORT_MAX = 65_535;

    private final Io io;
    private final Supplier<NameService> opener;
    private volatile @Nullable NameService service;

    /**
     * For an {@code Io} to make one of its own.
     *
     * @param io which
     * @param opener makes its name service, when the first name is looked up
     */
    public Names(Io io, Supplier<NameService> opener) {
        this.io = io;
        this.opener = opener;
    }

    /**
     * {@link dev.gyre.io.Network#lookup}.
     *
     * @param host a name or a literal address
     * @param options which addresses, and where to look
     * @return the addresses
     * @throws IoException with a reason of {@link dev.gyre.io.Operation#LOOKUP}
     */
    public Lookup lookup(String host, LookupOptions options) throws IoException {
        io.checkCancel();
        IpAddress literal = literal(host);
        if (literal != null) {
            return FixedLookup.of(io, host, host, List.of(literal), options);
        }
        HostName.check(host);
        return service().lookup(host, options);
    }

    /**
     * {@link dev.gyre.io.Network#connect(String, int, LookupOptions)}.
     *
     * @param host a name or a literal address
     * @param port of the peer
     * @param options which addresses, and where to look
     * @return to the first address that answers
     * @throws IoException if none does
     * @throws IllegalArgumentException if the port is out of range
     */
    public Connection connect(String host, int port, LookupOptions options) throws IoException {
        if (port < 1 || port > PORT_MAX) {
            // Before anybody is asked for the name.
            throw new IllegalArgumentException("port " + port + " is not within 1.." + PORT_MAX);
        }
        IpAddress literal = literal(host);
        if (literal != null && options.wants(IpFamily.of(literal))) {
            return io.connect(literal.withPort(port));
        }
        return new AddressRace(io, host, port).run(lookup(host, options));
    }

    private NameService service() {
        NameService known = service;
        if (known == null) {
            known = opener.get();
            service = known;
        }
        return known;
    }

    /** What looks like an address is one, or wrong: no name has a colon, a percent sign or brackets. */
    private static @Nullable IpAddress literal(String host) throws IoException {
        boolean six = host.indexOf(':') >= 0;
        if (!six && !(isDigits(host) && host.chars().filter(c -> c == '.').count() == 3)) {
            return null;
        }
        try {
            return IpAddress.parse(host, 0);
        } catch (IllegalArgumentException wrong) {
            throw HostName.failure(host, new IllegalArgumentException("is no address: " + wrong.getMessage(), wrong));
        }
    }

    private static boolean isDigits(String host) {
        return host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }
}
