package dev.gyre.cli.proxy;

import dev.gyre.io.Address;
import dev.gyre.io.Connection;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.IoException;
import dev.gyre.io.UnixAddress;
import java.lang.foreign.MemorySegment;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What stands in front of a connection's bytes and says whose connection it is: version 2 of the PROXY protocol
 * (doc/proxy-protocol.txt of HAProxy, section 2.2).
 *
 * @param source the client's address
 * @param destination where the client connected to
 */
record ProxyHeader(Address source, Address destination) {
    private static final byte[] SIGNATURE = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};
    private static final int FIXED_SIZE = 16;

    /** With all that may follow the addresses; who sends more is not to be believed. */
    private static final int REST_SIZE_MAX = 4096;

    private static final int LOCAL_COMMAND = 0x20;
    private static final int PROXY_COMMAND = 0x21;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;
    private static final int UNIX = 0x31;
    private static final int UNIX_PATH_SIZE = 108;

    /** What is beyond AF_UNIX and DGRAM has no meaning, and has to be refused. */
    private static final int FAMILY_MAX = 3;

    private static final int TRANSPORT_MAX = 2;

    /** Who connects by itself, for a health check, says so: there is no client. */
    static final byte[] LOCAL = encode(LOCAL_COMMAND, 0, new byte[0]);

    /**
     * Takes a header off a connection, and not one byte more.
     *
     * @return what it says; the connection's own addresses where it says that there is no client, or where that is
     *     connected by something else than TCP and Unix sockets
     * @throws ProtocolException if there is none, saying what is there
     */
    static ProxyHeader read(Connection connection) throws IoException, ProtocolException {
        byte[] fixed = readExactly(connection, FIXED_SIZE);
        ByteBuffer head = ByteBuffer.wrap(fixed);
        if (!Arrays.equals(fixed, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length)) {
            throw new ProtocolException(new String(fixed, 0, 6, StandardCharsets.ISO_8859_1).equals("PROXY ")
                    ? "a PROXY header of version 1: only version 2 is understood"
                    : "no PROXY header");
        }
        int command = Byte.toUnsignedInt(head.get(12));
        int family = Byte.toUnsignedInt(head.get(13));
        int size = Short.toUnsignedInt(head.getShort(14));
        if (command != LOCAL_COMMAND && command != PROXY_COMMAND) {
            throw new ProtocolException("a PROXY header with the unknown version or command " + command);
        }
        if (size > REST_SIZE_MAX) {
            throw new ProtocolException("a PROXY header of " + size + " bytes, more than " + REST_SIZE_MAX);
        }
        ByteBuffer rest = ByteBuffer.wrap(readExactly(connection, size));
        if (command == LOCAL_COMMAND) {
            return of(connection);
        }
        if (family >>> 4 > FAMILY_MAX || (family & 0xf) > TRANSPORT_MAX) {
            throw new ProtocolException("a PROXY header with the unknown family or transport " + family);
        }
        return switch (family) {
            case TCP4 -> ip4(require(rest, 12));
            case TCP6 -> ip6(require(rest, 36));
            case UNIX -> unix(require(rest, 2 * UNIX_PATH_SIZE));
            default -> of(connection);
        };
    }

    /** As the connection itself says. */
    static ProxyHeader of(Connection connection) throws IoException {
        return new ProxyHeader(connection.remoteAddress(), connection.localAddress());
    }

    /** As it is sent. */
    byte[] bytes() {
        if (source instanceof Ip4Address from && destination instanceof Ip4Address to) {
            return encode(PROXY_COMMAND, TCP4, ByteBuffer.allocate(12)
                    .putInt(from.bits())
                    .putInt(to.bits())
                    .putShort((short) from.port())
                    .putShort((short) to.port())
                    .array());
        }
        if (source instanceof UnixAddress from && destination instanceof UnixAddress to) {
            byte[] paths = new byte[2 * UNIX_PATH_SIZE];
            put(from, paths, 0);
            put(to, paths, UNIX_PATH_SIZE);
            return encode(PROXY_COMMAND, UNIX, paths);
        }
        if (source instanceof UnixAddress || destination instanceof UnixAddress) {
            return LOCAL;
        }
        Ip6Address from = wide(source);
        Ip6Address to = wide(destination);
        return encode(PROXY_COMMAND, TCP6, ByteBuffer.allocate(36)
                .putLong(from.high())
                .putLong(from.low())
                .putLong(to.high())
                .putLong(to.low())
                .putShort((short) from.port())
                .putShort((short) to.port())
                .array());
    }

    private static Ip6Address wide(Address address) {
        return switch (address) {
            case Ip4Address narrow -> Ip6Address.mapped(narrow);
            case Ip6Address wide -> wide;
            case UnixAddress _ -> throw new AssertionError("an address of TCP");
        };
    }

    private static void put(UnixAddress address, byte[] paths, int at) {
        byte[] path = address.path().getBytes(StandardCharsets.UTF_8);
        System.arraycopy(path, 0, paths, at, path.length);
    }

    private static byte[] encode(int command, int family, byte[] addresses) {
        return ByteBuffer.allocate(FIXED_SIZE + addresses.length)
                .put(SIGNATURE)
                .put((byte) command)
                .put((byte) family)
                .putShort((short) addresses.length)
                .put(addresses)
                .array();
    }

    private static ByteBuffer require(ByteBuffer rest, int size) throws ProtocolException {
        if (rest.remaining() < size) {
            throw new ProtocolException(
                    "a PROXY header with " + rest.remaining() + " bytes of addresses instead of " + size);
        }
        return rest;
    }

    private static ProxyHeader ip4(ByteBuffer rest) {
        int from = rest.getInt();
        int to = rest.getInt();
        int fromPort = Short.toUnsignedInt(rest.getShort());
        return new ProxyHeader(
                new Ip4Address(from, fromPort), new Ip4Address(to, Short.toUnsignedInt(rest.getShort())));
    }

    private static ProxyHeader ip6(ByteBuffer rest) {
        long fromHigh = rest.getLong();
        long fromLow = rest.getLong();
        long toHigh = rest.getLong();
        long toLow = rest.getLong();
        int fromPort = Short.toUnsignedInt(rest.getShort());
        return new ProxyHeader(
                new Ip6Address(fromHigh, fromLow, fromPort),
                new Ip6Address(toHigh, toLow, Short.toUnsignedInt(rest.getShort())));
    }

    private static ProxyHeader unix(ByteBuffer rest) throws ProtocolException {
        return new ProxyHeader(path(rest, 0), path(rest, UNIX_PATH_SIZE));
    }

    /** An abstract name begins with a NUL, and ends before those that fill the field. */
    private static UnixAddress path(ByteBuffer rest, int at) throws ProtocolException {
        int end = at + UNIX_PATH_SIZE;
        while (end > at && rest.get(end - 1) == 0) {
            end--;
        }
        byte[] text = new byte[end - at];
        rest.get(at, text);
        try {
            return new UnixAddress(new String(text, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException bad) {
            throw (ProtocolException) new ProtocolException("a PROXY header with a bad path").initCause(bad);
        }
    }

    private static byte[] readExactly(Connection connection, int size) throws IoException, ProtocolException {
        byte[] bytes = new byte[size];
        for (int done = 0; done < size; ) {
            int count = connection.read(MemorySegment.ofArray(bytes).asSlice(done));
            if (count < 0) {
                throw new ProtocolException("the end of the stream instead of a PROXY header");
            }
            done += count;
        }
        return bytes;
    }
}
