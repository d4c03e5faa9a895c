package dev.gyre.process;

/**
 * What a socket tells its owner. It takes no room in a bounded mailbox, since sockets have bounds of their own, and
 * nothing of theirs may be lost.
 */
final class SocketEnvelope extends Envelope {
    final ActiveSocket socket;

    /** How many bytes of the socket's wait in the mailbox with it. */
    private final int bytes;

    SocketEnvelope(SocketMessage message, int bytes) {
        super(message);
        socket = message.socket();
        this.bytes = bytes;
    }

    @Override
    boolean takesRoom() {
        return false;
    }

    /** What has come with it is not kept: that may be much. */
    @Override
    void taken(ControlBlock process) {
        process.keepForReport(socket);
        if (bytes > 0) {
            socket.taken(bytes);
        }
    }
}
