package dev.gyre.io.conformance;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** A socket as other programs have them, by the C library: with names and in states that Gyre gives none of its own. */
record RawSocket(int descriptor) implements AutoCloseable {
    static final int AF_UNIX = 1;
    static final int AF_INET = 2;
    static final int STREAM = 1;
    static final int DATAGRAM = 2;

    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    private static final int FAMILY_BYTES = 2;

    /** Of {@code struct msghdr} and {@code struct cmsghdr}. */
    private static final int MSG_IOV = 16;

    private static final int MSG_IOVLEN = 24;
    private static final int MSG_CONTROL = 32;
    private static final int MSG_CONTROLLEN = 40;
    private static final int MSG_SIZE = 56;
    private static final int CMSG_DATA = 16;

    private static final MethodHandle SOCKET =
            Native.function("socket", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    private static final MethodHandle BIND =
            Native.function("bind", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    private static final MethodHandle CONNECT =
            Native.function("connect", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    private static final MethodHandle SENDMSG =
            Native.function("sendmsg", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    private static final MethodHandle CLOSE = Native.function("close", ValueLayout.JAVA_INT);

    static RawSocket open(int family, int type) throws IOException {
        return new RawSocket(made("socket", SOCKET, family, type, 0));
    }

    /** A Unix socket with such a name, whatever bytes are in it. */
    static RawSocket named(int type, byte[] name) throws IOException {
        RawSocket socket = open(AF_UNIX, type);
        socket.call("bind", BIND, name);
        return socket;
    }

    void connect(byte[] name) throws IOException {
        call("connect", CONNECT, name);
    }

    private void call(String what, MethodHandle function, byte[] name) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(FAMILY_BYTES + name.length, Short.BYTES);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(name, 0, address, ValueLayout.JAVA_BYTE, FAMILY_BYTES, name.length);
            made(what, function, descriptor, address, (int) address.byteSize());
        }
    }

    /** Sends a byte, and passes sockets along. */
    void send(RawSocket... passed) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment message = arena.allocate(MSG_SIZE, Long.BYTES);
            MemorySegment vector = arena.allocate(2 * Long.BYTES, Long.BYTES);
            vector.set(ValueLayout.ADDRESS, 0, arena.allocate(1));
            vector.set(ValueLayout.JAVA_LONG, Long.BYTES, 1);
            message.set(ValueLayout.ADDRESS, MSG_IOV, vector);
            message.set(ValueLayout.JAVA_LONG, MSG_IOVLEN, 1);
            if (passed.length > 0) {
                MemorySegment control = arena.allocate(CMSG_DATA + (long) passed.length * Integer.BYTES, Long.BYTES);
                control.set(ValueLayout.JAVA_LONG, 0, control.byteSize());
                control.set(ValueLayout.JAVA_INT, Long.BYTES, SOL_SOCKET);
                control.set(ValueLayout.JAVA_INT, Long.BYTES + Integer.BYTES, SCM_RIGHTS);
                for (int i = 0; i < passed.length; i++) {
                    control.set(ValueLayout.JAVA_INT, CMSG_DATA + (long) i * Integer.BYTES, passed[i].descriptor);
                }
                message.set(ValueLayout.ADDRESS, MSG_CONTROL, control);
                message.set(ValueLayout.JAVA_LONG, MSG_CONTROLLEN, control.byteSize());
            }
            made("sendmsg", SENDMSG, descriptor, message, 0);
        }
    }

    private static int made(String what, MethodHandle function, Object... arguments) throws IOException {
        try {
            int result = (int) function.invokeWithArguments(arguments);
            if (result < 0) {
                throw new IOException(what + " failed");
            }
            return result;
        } catch (IOException | RuntimeException | Error thrown) {
            throw thrown;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Override
    public void close() throws IOException {
        made("close", CLOSE, descriptor);
    }
}
