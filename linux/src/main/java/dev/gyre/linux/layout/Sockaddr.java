package dev.gyre.linux.layout;

import dev.gyre.linux.Assert;
import dev.gyre.linux.Sockets;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Writes and reads socket addresses. Each {@code write} returns the length that goes with the address into a call. Each
 * reader may be used on memory of the family that {@link #family} tells, up to the length that the kernel returned.
 */
public final class Sockaddr {
    /** The most bytes in the path of a Unix socket; one more is for the 0 byte that ends it. */
    public static final int UNIX_PATH_MAX = 107;
    /** The most bytes in an abstract name of a Unix socket, counting the 0 byte that begins it. */
    public static final int UNIX_ABSTRACT_MAX = 108;

    private static final ValueLayout.OfShort NETWORK_SHORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt NETWORK_INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong NETWORK_LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int INET4_BYTES = 4;
    private static final int INET6_BYTES = 16;

    private Sockaddr() {}

    /**
     * Writes an IPv4 address.
     *
     * @param to where to; {@link SockaddrIn#SIZE} bytes or more
     * @param address 4 bytes in network order
     * @param port 0 to 65,535
     * @return its length, {@link SockaddrIn#SIZE}
     */
    public static int writeInet4(MemorySegment to, byte[] address, int port) {
        Assert.that(address.length == INET4_BYTES, "an IPv4 address has 4 bytes", address.length);
        checkPort(port);
        to.asSlice(0, SockaddrIn.SIZE).fill((byte) 0);
        to.set(ValueLayout.JAVA_SHORT, SockaddrIn.SIN_FAMILY, (short) Sockets.AF_INET);
        to.set(NETWORK_SHORT, SockaddrIn.SIN_PORT, (short) port);
        MemorySegment.copy(address, 0, to, ValueLayout.JAVA_BYTE, SockaddrIn.SIN_ADDR, INET4_BYTES);
        return (int) SockaddrIn.SIZE;
    }

    /**
     * Writes an IPv4 address.
     *
     * @param to where to; {@link SockaddrIn#SIZE} bytes or more
     * @param address its four bytes, the first one highest
     * @param port 0 to 65,535
     * @return its length, {@link SockaddrIn#SIZE}
     */
    public static int writeInet4(MemorySegment to, int address, int port) {
        checkPort(port);
        to.set(ValueLayout.JAVA_SHORT, SockaddrIn.SIN_FAMILY, (short) Sockets.AF_INET);
        to.set(NETWORK_SHORT, SockaddrIn.SIN_PORT, (short) port);
        to.set(NETWORK_INT, SockaddrIn.SIN_ADDR, address);
        to.set(ValueLayout.JAVA_LONG, SockaddrIn.SIN_ZERO, 0);
        return (int) SockaddrIn.SIZE;
    }

    /**
     * Writes an IPv6 address.
     *
     * @param to where to; {@link SockaddrIn6#SIZE} bytes or more
     * @param address 16 bytes in network order
     * @param port 0 to 65,535
     * @param flow the traffic class and flow label, or 0
     * @param scope the index of the interface of a link-local address, or 0
     * @return its length, {@link SockaddrIn6#SIZE}
     */
    public static int writeInet6(MemorySegment to, byte[] address, int port, int flow, int scope) {
        Assert.that(address.length == INET6_BYTES, "an IPv6 address has 16 bytes", address.length);
        checkPort(port);
        to.set(ValueLayout.JAVA_SHORT, SockaddrIn6.SIN6_FAMILY, (short) Sockets.AF_INET6);
        to.set(NETWORK_SHORT, SockaddrIn6.SIN6_PORT, (short) port);
        to.set(NETWORK_INT, SockaddrIn6.SIN6_FLOWINFO, flow);
        MemorySegment.copy(address, 0, to, ValueLayout.JAVA_BYTE, SockaddrIn6.SIN6_ADDR, INET6_BYTES);
        to.set(ValueLayout.JAVA_INT, SockaddrIn6.SIN6_SCOPE_ID, scope);
        return (int) SockaddrIn6.SIZE;
    }

    /**
     * Writes an IPv6 address.
     *
     * @param to where to; {@link SockaddrIn6#SIZE} bytes or more
     * @param high its first eight bytes, the first one highest
     * @param low its last eight bytes
     * @param port 0 to 65,535
     * @param flow the traffic class and flow label, or 0
     * @param scope the index of the interface of a link-local address, or 0
     * @return its length, {@link SockaddrIn6#SIZE}
     */
    public static int writeInet6(MemorySegment to, long high, long low, int port, int flow, int scope) {
        checkPort(port);
        to.set(ValueLayout.JAVA_SHORT, SockaddrIn6.SIN6_FAMILY, (short) Sockets.AF_INET6);
        to.set(NETWORK_SHORT, SockaddrIn6.SIN6_PORT, (short) port);
        to.set(NETWORK_INT, SockaddrIn6.SIN6_FLOWINFO, flow);
        to.set(NETWORK_LONG, SockaddrIn6.SIN6_ADDR, high);
        to.set(NETWORK_LONG, SockaddrIn6.SIN6_ADDR + Long.BYTES, low);
        to.set(ValueLayout.JAVA_INT, SockaddrIn6.SIN6_SCOPE_ID, scope);
        return (int) SockaddrIn6.SIZE;
    }

    /**
     * Writes an address of a Unix socket: a path, an abstract name, which begins with a 0 byte, or nothing, with which
     * bind(2) chooses an abstract name.
     *
     * @param to where to; {@link SockaddrUn#SIZE} bytes or more
     * @param path up to {@link #UNIX_PATH_MAX} bytes without a 0, or up to {@link #UNIX_ABSTRACT_MAX} that begin with
     *     one
     * @return its length, at most {@link SockaddrUn#SIZE}
     * @throws IllegalArgumentException if a path is too long or has a 0 byte inside
     */
    public static int writeUnix(MemorySegment to, byte[] path) {
        boolean named = path.length > 0 && path[0] != 0;
        int longest = named ? UNIX_PATH_MAX : UNIX_ABSTRACT_MAX;
        if (path.length > longest) {
            throw new IllegalArgumentException("the address of a Unix socket has " + path.length
                    + " bytes, but at most " + longest + " fit; use a shorter path, or one relative to a directory");
        }
        if (named) {
            for (int i = 0; i < path.length; i++) {
                if (path[i] == 0) {
                    throw new IllegalArgumentException(
                            "the path of a Unix socket has a 0 byte at index " + i + "; only the first byte may be 0");
                }
            }
        }
        to.set(ValueLayout.JAVA_SHORT, SockaddrUn.SUN_FAMILY, (short) Sockets.AF_UNIX);
        MemorySegment.copy(path, 0, to, ValueLayout.JAVA_BYTE, SockaddrUn.SUN_PATH, path.length);
        int length = (int) SockaddrUn.SUN_PATH + path.length;
        if (named) {
            to.set(ValueLayout.JAVA_BYTE, length, (byte) 0);
            length++;
        }
        return length;
    }

    /**
     * The family of an address.
     *
     * @param from an address
     * @return {@code AF_*}
     */
    public static int family(MemorySegment from) {
        return Short.toUnsignedInt(from.get(ValueLayout.JAVA_SHORT, SockaddrStorage.SS_FAMILY));
    }

    /**
     * The port of an IPv4 or IPv6 address.
     *
     * @param from such an address
     * @return 0 to 65,535
     */
    public static int port(MemorySegment from) {
        checkFamily(from, family(from) == Sockets.AF_INET6 ? Sockets.AF_INET6 : Sockets.AF_INET);
        // Both structures have it at the same place.
        return Short.toUnsignedInt(from.get(NETWORK_SHORT, SockaddrIn.SIN_PORT));
    }

    /**
     * The bytes of an IPv4 address.
     *
     * @param from such an address
     * @return 4 bytes in network order
     */
    public static byte[] inet4Address(MemorySegment from) {
        checkFamily(from, Sockets.AF_INET);
        return from.asSlice(SockaddrIn.SIN_ADDR, INET4_BYTES).toArray(ValueLayout.JAVA_BYTE);
    }

    /**
     * The bytes of an IPv4 address as a number.
     *
     * @param from such an address
     * @return the first byte highest
     */
    public static int inet4Bits(MemorySegment from) {
        checkFamily(from, Sockets.AF_INET);
        return from.get(NETWORK_INT, SockaddrIn.SIN_ADDR);
    }

    /**
     * The first eight bytes of an IPv6 address as a number.
     *
     * @param from such an address
     * @return the first byte highest
     */
    public static long inet6High(MemorySegment from) {
        checkFamily(from, Sockets.AF_INET6);
        return from.get(NETWORK_LONG, SockaddrIn6.SIN6_ADDR);
    }

    /**
     * The last eight bytes of an IPv6 address as a number.
     *
     * @param from such an address
     * @return the first of them highest
     */
    public static long inet6Low(MemorySegment from) {
        checkFamily(from, Sockets.AF_INET6);
        return from.get(NETWORK_LONG, SockaddrIn6.SIN6_ADDR + Long.BYTES);
    }

    /**
     * The bytes of an IPv6 address.
     *
     * @param from such an address
     * @return 16 bytes in network order
     */
    public static byte[] inet6Address(MemorySegment from) {
        checkFamily(from, Sockets.AF_INET6);
        return from.asSlice(SockaddrIn6.SIN6_ADDR, INET6_BYTES).toArray(ValueLayout.JAVA_BYTE);
    }

    /**
     * The traffic class and flow label of an IPv6 address.
     *
     * @param from such an address
     * @return the number, or 0
     */
    public static int inet6Flow(MemorySegment from) {
        checkFamily(from, Sockets.AF_INET6);
        return from.get(NETWORK_INT, SockaddrIn6.SIN6_FLOWINFO);
    }

    /**
     * The interface of an IPv6 address.
     *
     * @param from such an address
     * @return its index, or 0
     */
    public static int inet6Scope(MemorySegment from) {
        checkFamily(from, Sockets.AF_INET6);
        return from.get(ValueLayout.JAVA_INT, SockaddrIn6.SIN6_SCOPE_ID);
    }

    /**
     * The path or abstract name of a Unix socket.
     *
     * @param from the address of a Unix socket
     * @param length its length as the kernel returned it; more than there is room for means that the end is missing
     * @return the bytes, without the 0 that ends a path; empty for a socket without a name
     */
    public static byte[] unixPath(MemorySegment from, int length) {
        checkFamily(from, Sockets.AF_UNIX);
        long end = Math.min(length, from.byteSize());
        Assert.that(end >= SockaddrUn.SUN_PATH, "the address of a Unix socket has a family", end);
        byte[] path = from.asSlice(SockaddrUn.SUN_PATH, end - SockaddrUn.SUN_PATH).toArray(ValueLayout.JAVA_BYTE);
        if (path.length == 0 || path[0] == 0) {
            return path;
        }
        int zero = 0;
        while (zero < path.length && path[zero] != 0) {
            zero++;
        }
        return Arrays.copyOf(path, zero);
    }

    private static void checkPort(int port) {
        Assert.that(port >= 0, "a port is not negative", port);
        Assert.that(port <= 0xffff, "a port has 16 bits", port);
    }

    private static void checkFamily(MemorySegment from, int family) {
        Assert.that(family(from) == family, "the address is of family " + family, family(from));
    }
}
