package dev.gyre.process;

import dev.gyre.io.Address;
import java.nio.charset.StandardCharsets;

/** What a socket in an {@link ActiveMode} tells the process that owns it. */
public sealed interface SocketMessage {
    /**
     * Which socket.
     *
     * @return one of the receiver's, unless that has handed it over or closed it since
     */
    ActiveSocket socket();

    /**
     * Bytes have come, or a frame.
     *
     * @param socket where
     * @param bytes 1 or more of them; a frame may be empty. They belong to the receiver
     */
    @SuppressWarnings("ArrayRecordComponent") // what has come is not compared
    record Data(TcpSocket socket, byte[] bytes) implements SocketMessage {
        /**
         * The bytes as UTF-8. What is malformed becomes U+FFFD.
         *
         * @return the text
         */
        public String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /**
     * A datagram has come.
     *
     * @param socket where
     * @param from who sent it
     * @param bytes what it carries, which belongs to the receiver
     */
    @SuppressWarnings("ArrayRecordComponent") // what has come is not compared
    record Packet(UdpSocket socket, Address from, byte[] bytes) implements SocketMessage {}

    /**
     * The last of so many messages came before this: the socket is passive now ({@link ActiveMode#times}).
     *
     * @param socket which one
     */
    record Passive(ActiveSocket socket) implements SocketMessage {}

    /**
     * Nothing comes any more: the peer has ended its direction, or the connection. The socket is passive now, and open:
     * a peer that still reads can be sent to. To be closed by its owner.
     *
     * @param socket which one
     */
    record Closed(TcpSocket socket) implements SocketMessage {}

    /**
     * Something went wrong, and the socket is passive now. For a connection, {@link Closed} follows. It is aborted
     * where the peer broke the rules of the {@link Framing}.
     *
     * @param socket where
     * @param cause a {@link dev.gyre.io.IoException}, or what a framing of the program's own threw
     */
    record Failed(ActiveSocket socket, Throwable cause) implements SocketMessage {}
}
