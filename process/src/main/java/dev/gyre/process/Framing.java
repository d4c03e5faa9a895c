package dev.gyre.process;

/**
 * How a stream of bytes is divided into frames. Those of Erlang are here; a program may have its own.
 *
 * <p>All methods only look at bytes and make others: they do not wait, and are called by whatever thread receives or
 * sends. What they throw ends the connection.
 */
public interface Framing {
    /** No frames: whatever is there. */
    Framing RAW = new RawFraming();

    /** A byte with the length before each frame. */
    Framing LENGTH_1 = new LengthFraming(1);

    /** Two bytes with the length before each frame, the high one first. */
    Framing LENGTH_2 = new LengthFraming(2);

    /** Four bytes with the length before each frame, the highest first; below 2 GiB. */
    Framing LENGTH_4 = new LengthFraming(4);

    /** Lines, which end with LF. That is a part of the frame, and sending adds nothing. */
    Framing LINE = new LineFraming();

    /**
     * How long the first frame of some bytes is, with all that surrounds it.
     *
     * @param buffer the bytes, which belong to the caller
     * @param offset of the first
     * @param count how many there are, 1 or more
     * @param seen how many of these were there when it was asked before and could not tell, 0 or more
     * @return 1 or more, be it that not all of it is there; 0 if that cannot be told without more bytes
     */
    long length(byte[] buffer, int offset, int count, int seen);

    /**
     * What a frame carries.
     *
     * @param buffer the bytes, which belong to the caller
     * @param offset of the frame
     * @param length of the frame, as {@link #length} has told
     * @return a new array
     */
    byte[] decode(byte[] buffer, int offset, int length);

    /**
     * Makes a frame.
     *
     * @param payload what it is to carry, not to be changed
     * @return the frame, which may be the same array
     * @throws IllegalArgumentException if there is no such frame
     */
    byte[] encode(byte[] payload);
}
