package dev.gyre.io;

/** What a connected socket carries. */
public enum SocketType {
    /** Bytes, without boundaries: TCP, and Unix sockets. {@code SOCK_STREAM}. */
    STREAM,
    /**
     * Messages, each of which is read as it was written, in order: Unix sockets (unix(7), {@code SOCK_SEQPACKET}). One
     * write is one message, of however many buffers; one read takes one, and what of it does not fit into the buffers
     * is lost, in the buffer of a {@link BufferedSource}, too. {@link Source#transferTo(Sink)} copies each as a whole,
     * but not the last one, where its limit ends within that. A message of no bytes, which Gyre does not write, cannot
     * be told from the end. A message has as many bytes as the sender's {@link SocketOption#SEND_BUFFER} has room for,
     * and at most 1 MiB; longer ones are refused with {@link Reason#MESSAGE_TOO_BIG}.
     */
    SEQPACKET
}
