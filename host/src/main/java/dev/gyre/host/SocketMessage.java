package dev.gyre.host;

import dev.gyre.linux.Sockets;
import dev.gyre.linux.layout.Msghdr;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** What sendmsg(2) sends and recvmsg(2) fills: several pieces of memory, and control data. Closed after the call. */
public final class SocketMessage implements AutoCloseable {
    private final Scratch vectors = Scratch.borrow();
    private final Scratch rest = Scratch.borrow();
    private final MemorySegment header = rest.allocate(Msghdr.LAYOUT);
    private final MemorySegment control;

    /**
     * A message without control data.
     *
     * @param parts native, and not freed before this is closed; at most 1024
     */
    public SocketMessage(List<MemorySegment> parts) {
        this(parts, MemorySegment.NULL);
    }

    /**
     * A message.
     *
     * @param parts native, and not freed before this is closed; at most 1024
     * @param control native; to be sent, or room for what is received
     */
    public SocketMessage(List<MemorySegment> parts, MemorySegment control) {
        this.control = control;
        header.set(ValueLayout.JAVA_LONG, Msghdr.MSG_IOV, FileCalls.vectors(vectors, parts).address());
        header.set(ValueLayout.JAVA_LONG, Msghdr.MSG_IOVLEN, parts.size());
        header.set(ValueLayout.JAVA_LONG, Msghdr.MSG_CONTROL, control.address());
    }

    /**
     * Receives, without waiting; descriptors that come with it are closed on exec.
     *
     * @param socket a descriptor
     * @return the number of bytes, 0 at the end, or a negated error number
     */
    public int receiveNow(int socket) {
        header.set(ValueLayout.JAVA_LONG, Msghdr.MSG_CONTROLLEN, control.byteSize());
        return (int) Sockets.recvmsg(socket, header, Sockets.MSG_DONTWAIT | Sockets.MSG_CMSG_CLOEXEC);
    }

    /**
     * Sends, without waiting, and without {@code SIGPIPE}.
     *
     * @param socket a descriptor
     * @param more {@code MSG_MORE} or 0
     * @return the number of bytes, or a negated error number
     */
    public int sendNow(int socket, int more) {
        header.set(ValueLayout.JAVA_LONG, Msghdr.MSG_CONTROLLEN, control.byteSize());
        return (int) Sockets.sendmsg(socket, header, Sockets.MSG_DONTWAIT | Sockets.MSG_NOSIGNAL | more);
    }

    /**
     * What is to be known of what was received.
     *
     * @return {@code MSG_TRUNC}, {@code MSG_CTRUNC} …
     */
    public int flags() {
        return header.get(ValueLayout.JAVA_INT, Msghdr.MSG_FLAGS);
    }

    @Override
    public void close() {
        vectors.close();
        rest.close();
    }
}
