package dev.gyre.process;

import dev.gyre.io.Connection;
import dev.gyre.io.Ip4Address;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A connection of a process, and its peer, which has none of what is tested.
 *
 * @param socket of the process
 * @param peer a connection of the {@code Io}
 */
record SocketPair(TcpSocket socket, Connection peer) {
    /** A new one of the calling process's. */
    static SocketPair open(Self self, TcpOptions options) throws Exception {
        TcpListener listener = listen(self, options);
        Connection peer = self.own(self.io().connect(Ip4Address.loopback(listener.port())));
        TcpSocket socket = self.sockets().accept(listener, TestNode.LONG);
        listener.close();
        return new SocketPair(socket, peer);
    }

    static TcpListener listen(Self self, TcpOptions options) throws Exception {
        return self.sockets().listen(0, TcpListenOptions.DEFAULT
                .withIp(Ip4Address.loopback(0))
                .withConnections(options));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Bytes that differ from their neighbours. */
    static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + i / 251);
        }
        return bytes;
    }

    /** The peer sends. */
    void write(String text) throws Exception {
        peer.writeAll(bytes(text));
    }

    /** The peer receives so many bytes. */
    String read(int length) throws Exception {
        return text(readBytes(length));
    }

    byte[] readBytes(int length) throws Exception {
        MemorySegment buffer = MemorySegment.ofArray(new byte[length]);
        int read = 0;
        while (read < length) {
            int count = peer.read(buffer.asSlice(read));
            if (count < 0) {
                return Arrays.copyOf(buffer.toArray(ValueLayout.JAVA_BYTE), read);
            }
            read += count;
        }
        return buffer.toArray(ValueLayout.JAVA_BYTE);
    }
}
