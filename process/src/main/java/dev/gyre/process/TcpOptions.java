package dev.gyre.process;

import dev.gyre.io.Timeout;

/**
 * How a connection is used that a process owns.
 *
 * @param active how what arrives comes at first
 * @param framing what frames there are in it
 * @param frameMax how many bytes a frame may have with its surroundings, 1 or more; the peer that sends a longer one is
 *     hung up on, before memory is taken for it
 * @param receiveBuffer how many bytes are read at once, and come at once where there are no frames, 1 or more; a
 *     connection begins with less memory, which grows when the peer fills it
 * @param sendTimeout how long a {@link TcpSocket#send} may take
 * @param sendQueue how many bytes may wait in it, see {@link TcpSocket#enqueue}
 * @param receiveQueue how many bytes of messages, of 64 at least for each, that its owner has not taken may be in the
 *     mailbox before the socket stops reading, so that the peer has to wait
 */
public record TcpOptions(
        ActiveMode active,
        Framing framing,
        int frameMax,
        int receiveBuffer,
        Timeout sendTimeout,
        Watermarks sendQueue,
        Watermarks receiveQueue) {
    /**
     * Passive, no frames, or of 64 MiB at most; a receive buffer of 64 KiB; no send timeout; up to 8 KiB wait to be
     * sent, and go on at 4 KiB; up to 1 MiB waits to be taken, and goes on at half of that.
     */
    public static final TcpOptions DEFAULT = new TcpOptions(
            ActiveMode.PASSIVE,
            Framing.RAW,
            64 << 20,
            64 << 10,
            Timeout.NONE,
            new Watermarks(8 << 10, 4 << 10),
            new Watermarks(1 << 20, 1 << 19));

    /** The largest frame and receive buffer. */
    private static final int BYTES_MAX = 1 << 30;

    /** Refuses what is out of range. */
    public TcpOptions {
        requireWithin("frameMax", frameMax);
        requireWithin("receiveBuffer", receiveBuffer);
    }

    static void requireWithin(String option, int bytes) {
        if (bytes < 1 || bytes > BYTES_MAX) {
            throw new IllegalArgumentException(option + " " + bytes + " is not within 1.." + BYTES_MAX);
        }
    }

    /**
     * The same in another mode.
     *
     * @param mode how what arrives comes at first
     * @return the options
     */
    public TcpOptions withActive(ActiveMode mode) {
        return new TcpOptions(mode, framing, frameMax, receiveBuffer, sendTimeout, sendQueue, receiveQueue);
    }

    /**
     * The same with frames.
     *
     * @param frames what frames there are
     * @return the options
     */
    public TcpOptions withFraming(Framing frames) {
        return new TcpOptions(active, frames, frameMax, receiveBuffer, sendTimeout, sendQueue, receiveQueue);
    }

    /**
     * The same with another bound for frames.
     *
     * @param bytes 1 to 1 GiB, with what surrounds the frame
     * @return the options
     */
    public TcpOptions withFrameMax(int bytes) {
        return new TcpOptions(active, framing, bytes, receiveBuffer, sendTimeout, sendQueue, receiveQueue);
    }

    /**
     * The same with another receive buffer.
     *
     * @param bytes 1 to 1 GiB
     * @return the options
     */
    public TcpOptions withReceiveBuffer(int bytes) {
        return new TcpOptions(active, framing, frameMax, bytes, sendTimeout, sendQueue, receiveQueue);
    }

    /**
     * The same with a limit for sending.
     *
     * @param limit how long a send may take
     * @return the options
     */
    public TcpOptions withSendTimeout(Timeout limit) {
        return new TcpOptions(active, framing, frameMax, receiveBuffer, limit, sendQueue, receiveQueue);
    }

    /**
     * The same with other marks for what waits to be sent.
     *
     * @param high in bytes, 1 or more
     * @param low in bytes, 0 to {@code high}
     * @return the options
     */
    public TcpOptions withSendQueue(long high, long low) {
        return new TcpOptions(
                active, framing, frameMax, receiveBuffer, sendTimeout, new Watermarks(high, low), receiveQueue);
    }

    /**
     * The same with other marks for what waits to be taken.
     *
     * @param high in bytes, 1 or more
     * @param low in bytes, 0 to {@code high}
     * @return the options
     */
    public TcpOptions withReceiveQueue(long high, long low) {
        return new TcpOptions(
                active, framing, frameMax, receiveBuffer, sendTimeout, sendQueue, new Watermarks(high, low));
    }
}
