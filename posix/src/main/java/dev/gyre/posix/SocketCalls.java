package dev.gyre.posix;

import dev.gyre.io.Credentials;
import dev.gyre.io.ErrorNumber;
import dev.gyre.io.SocketType;
import dev.gyre.io.UnixAddress;
import dev.gyre.io.spi.Fiber;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The thin calls for what only Unix sockets can do, and for network interfaces; as they are here, those of a backend
 * that passes no descriptors.
 */
public interface SocketCalls {
    /**
     * Two descriptors of sockets that are connected to each other.
     *
     * @param first one
     * @param second the other one
     */
    record Ends(int first, int second) {}

    /** What a descriptor that was passed stands for. */
    enum Kind {
        /** A listener for streams. */
        LISTENER,
        /** A listener for connections that carry messages. */
        SEQPACKET_LISTENER,
        /** Another stream socket. */
        STREAM,
        /** Another Unix socket of messages. */
        SEQPACKET,
        /** A socket of datagrams, of UDP or Unix. */
        DATAGRAM,
        /** A folder. */
        DIRECTORY,
        /** Anything else. */
        FILE
    }

    /**
     * Makes two Unix sockets that are connected: socketpair(2).
     *
     * @param type what they carry
     * @return their descriptors, closed on exec
     */
    Answer<Ends> socketPair(SocketType type);

    /**
     * Asks who is at the other end: {@code SO_PEERCRED}.
     *
     * @param socket the descriptor of a Unix socket
     * @return who
     */
    Answer<Credentials> peerCredentials(int socket);

    /**
     * Removes the file of a socket at which nobody listens.
     *
     * @param address with a path
     * @return 0; {@code EADDRINUSE} if somebody listens there, or it is no socket
     */
    int removeStale(UnixAddress address);

    /**
     * The number of an interface: netdevice(7).
     *
     * @param name without a final NUL
     * @return 1 or more; {@code ENODEV} for none
     */
    int interfaceIndex(byte[] name);

    /**
     * The name of an interface: netdevice(7).
     *
     * @param index 1 or more
     * @return its name; {@code ENODEV} for none
     */
    Answer<byte[]> interfaceName(int index);

    /**
     * Sends as much as there is room for, with descriptors, waiting until there is some: sendmsg(2).
     *
     * @param fiber the calling one
     * @param socket of a Unix socket, held
     * @param memory not empty
     * @param passed held; 1 to 253
     * @return the number of bytes
     */
    default int sendWith(Fiber fiber, Descriptor socket, MemorySegment memory, List<Descriptor> passed) {
        return -ErrorNumber.EOPNOTSUPP.code();
    }

    /**
     * Receives what is there, with descriptors, waiting until there is something: recvmsg(2).
     *
     * @param fiber the calling one
     * @param socket of a Unix socket, held
     * @param memory writable, not empty
     * @param passed empty; has what came along afterwards, in any case
     * @return the number of bytes, 0 at the end
     */
    default int receiveWith(Fiber fiber, Descriptor socket, MemorySegment memory, PassedDescriptors passed) {
        return -ErrorNumber.EOPNOTSUPP.code();
    }

    /**
     * What a descriptor stands for that was passed, and makes it wait as this backend has it. Does not wait: a remote
     * file system is not asked.
     *
     * @param descriptor nobody uses it yet
     * @return what it is; null if the descriptor cannot be asked
     */
    default @Nullable Kind adopt(int descriptor) {
        return null;
    }
}
