package dev.gyre.host;

import dev.gyre.io.Address;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.UnixAddress;
import dev.gyre.linux.Sockets;
import dev.gyre.linux.layout.Sockaddr;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Addresses as {@code sockaddr}s and back. */
public final class SocketAddresses {
    /** Bytes that hold any of them: {@code sizeof(struct sockaddr_storage)}. */
    public static final int CAPACITY = 128;

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
            case Ip4Address ip -> Sockaddr.writeInet4(to, bytes4(ip.bits()), ip.port());
            case Ip6Address ip ->
                Sockaddr.writeInet6(to, bytes6(ip.high(), ip.low()), ip.port(), ip.flow(), ip.scope());
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
            return new Ip4Address(ByteBuffer.wrap(Sockaddr.inet4Address(from)).getInt(), Sockaddr.port(from));
        }
        if (family == Sockets.AF_INET6) {
            ByteBuffer address = ByteBuffer.wrap(Sockaddr.inet6Address(from));
            return new Ip6Address(address.getLong(), address.getLong(), Sockaddr.port(from), Sockaddr.inet6Flow(from),
                    Sockaddr.inet6Scope(from));
        }
        if (family == Sockets.AF_UNIX) {
            return new UnixAddress(new String(Sockaddr.unixPath(from, length), StandardCharsets.UTF_8));
        }
        throw new AssertionError("the kernel gave an address of family " + family);
    }

    private static byte[] bytes4(int bits) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(bits).array();
    }

    private static byte[] bytes6(long high, long low) {
        return ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low).array();
    }
}
