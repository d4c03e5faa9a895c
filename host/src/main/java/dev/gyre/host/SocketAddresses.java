package dev.gyre.host;

import dev.gyre.io.Address;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.UnixAddress;
import dev.gyre.linux.Sockets;
import dev.gyre.linux.layout.Sockaddr;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Addresses as {@code sockaddr}s and back. */
public final class SocketAddresses {
    /** Bytes that hold any of them: {@code sizeof(struct sockaddr_storage)}. */
    public static final int CAPACITY = 128;

    /** What stands for bytes that are no text. */
    private static final char REPLACEMENT = '\ufffd';

    private static final int LATEST_BITS = 10;

    /**
     * What was read lately, so that a peer who sends datagrams again and again does not cost an object each time. Any
     * thread may read and write it: an address never changes, and which of two is here makes no difference.
     */
    private static final @Nullable Address[] LATEST = new Address[1 << LATEST_BITS];

    private SocketAddresses() {}

    /**
     * The family of an address.
     *
     * @param address any
     * @return {@code AF_*}
     */
    public static int family(Address address) {
        return switch (address) {
            case Ip4Address _ -> Sockets.AF_INET;
            case Ip6Address _ -> Sockets.AF_INET6;
            case UnixAddress _ -> Sockets.AF_UNIX;
        };
    }

    /**
     * Writes an address as the kernel wants it.
     *
     * @param address any
     * @param to at least {@link #CAPACITY} bytes, native
     * @return the length that was written
     */
    public static int write(Address address, MemorySegment to) {
        return switch (address) {
            case Ip4Address ip -> Sockaddr.writeInet4(to, ip.bits(), ip.port());
            case Ip6Address ip ->
                Sockaddr.writeInet6(to, ip.high(), ip.low(), ip.port(), ip.flow(), ip.scope());
            case UnixAddress unix -> Sockaddr.writeUnix(to, unix.path().getBytes(StandardCharsets.UTF_8));
        };
    }

    /**
     * Reads an address that the kernel wrote.
     *
     * @param from a {@code sockaddr}
     * @param length as the kernel gave it
     * @return the address
     */
    public static Address read(MemorySegment from, int length) {
        int family = Sockaddr.family(from);
        if (family == Sockets.AF_INET) {
            return address4(Sockaddr.inet4Bits(from), Sockaddr.port(from));
        }
        if (family == Sockets.AF_INET6) {
            return address6(Sockaddr.inet6High(from), Sockaddr.inet6Low(from), Sockaddr.port(from),
                    Sockaddr.inet6Flow(from), Sockaddr.inet6Scope(from));
        }
        if (family == Sockets.AF_UNIX) {
            return unix(Sockaddr.unixPath(from, length));
        }
        throw new AssertionError("the kernel gave an address of family " + family);
    }

    /** Others give their sockets names that are no text, or that have no room for a final NUL: those have none here. */
    private static UnixAddress unix(byte[] name) {
        String path = new String(name, StandardCharsets.UTF_8);
        boolean isText = path.indexOf(REPLACEMENT) < 0 || Arrays.equals(path.getBytes(StandardCharsets.UTF_8), name);
        try {
            return new UnixAddress(isText ? path : "");
        } catch (IllegalArgumentException tooLong) {
            return new UnixAddress("");
        }
    }

    private static Address address4(int bits, int port) {
        int place = place(bits, port);
        if (LATEST[place] instanceof Ip4Address found && found.bits() == bits && found.port() == port) {
            return found;
        }
        Ip4Address address = new Ip4Address(bits, port);
        LATEST[place] = address;
        return address;
    }

    private static Address address6(long high, long low, int port, int flow, int scope) {
        int place = place(Long.hashCode(high) * 31 + Long.hashCode(low), port);
        if (LATEST[place] instanceof Ip6Address found && found.low() == low && found.high() == high
                && found.port() == port && found.flow() == flow && found.scope() == scope) {
            return found;
        }
        Ip6Address address = new Ip6Address(high, low, port, flow, scope);
        LATEST[place] = address;
        return address;
    }

    private static int place(int host, int port) {
        int mixed = (host * 31 + port) * 0x9e3779b9;
        return mixed >>> (Integer.SIZE - LATEST_BITS);
    }
}
