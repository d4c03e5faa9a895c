package dev.gyre.io;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A datagram in memory: what is to be sent, or room for one to be received. It can be used again and again, so that a
 * program which keeps its datagrams makes no object for each.
 *
 * <p>It belongs to one thread at a time, and to the operation that it was given to for as long as that lasts. Memory is
 * of any kind, as for a {@link Source}; what is native and cannot be freed meanwhile is used without a copy.
 */
public final class Datagram {
    private final MemorySegment buffer;
    private int length;
    private int trueLength;
    private @Nullable Address address;
    private Set<Flag> flags = Set.of();
    private ControlData control = ControlData.NONE;
    private ControlData controlToSend = ControlData.NONE;

    /** What the kernel says of a datagram that was received (recvmsg(2)). */
    public enum Flag {
        /** There was too little room, and the rest is lost ({@code MSG_TRUNC}). */
        TRUNCATED,
        /** There was too little room for its control data ({@code MSG_CTRUNC}). */
        CONTROL_TRUNCATED,
        /** It came out of band ({@code MSG_OOB}). */
        OUT_OF_BAND,
        /** It ends a record ({@code MSG_EOR}). */
        END_OF_RECORD,
        /** It is one that was sent, and came back with an error ({@code MSG_ERRQUEUE}). */
        ERROR
    }

    /**
     * All of a buffer: to be sent as it is, or as room.
     *
     * @param buffer of at most 2 GiB; for receiving, writable
     * @throws IllegalArgumentException if the buffer is longer
     */
    public Datagram(MemorySegment buffer) {
        if (buffer.byteSize() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a datagram of " + buffer.byteSize() + " bytes cannot be");
        }
        this.buffer = buffer;
        length = (int) buffer.byteSize();
        trueLength = length;
    }

    /**
     * Divides a buffer into datagrams of the same room.
     *
     * @param buffer any
     * @param count how many, 1 or more
     * @return each with the same part of the buffer; what remains at its end is not used
     * @throws IllegalArgumentException if there is not a byte for each
     */
    public static List<Datagram> divide(MemorySegment buffer, int count) {
        if (count < 1 || buffer.byteSize() < count) {
            throw new IllegalArgumentException(
                    count + " datagrams cannot be made of " + buffer.byteSize() + " bytes");
        }
        long room = buffer.byteSize() / count;
        List<Datagram> datagrams = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            datagrams.add(new Datagram(buffer.asSlice(i * room, room)));
        }
        return List.copyOf(datagrams);
    }

    /**
     * The room.
     *
     * @return the buffer that it was made with
     */
    public MemorySegment buffer() {
        return buffer;
    }

    /**
     * How many bytes of the buffer, from its beginning on, are the datagram.
     *
     * @return 0 or more; at first, all
     */
    public int length() {
        return length;
    }

    /**
     * Says how many bytes of the buffer, from its beginning on, are to be sent.
     *
     * @param newLength 0 to the size of the buffer
     * @return this
     * @throws IllegalArgumentException if the buffer is shorter
     */
    public Datagram length(int newLength) {
        if (newLength < 0 || newLength > buffer.byteSize()) {
            throw new IllegalArgumentException(
                    "length " + newLength + " is not within 0.." + buffer.byteSize());
        }
        length = newLength;
        trueLength = newLength;
        return this;
    }

    /**
     * What of the buffer is the datagram.
     *
     * @return its first {@link #length()} bytes
     */
    public MemorySegment payload() {
        return buffer.asSlice(0, length);
    }

    /**
     * How long the datagram was when it arrived.
     *
     * @return more than {@link #length()} exactly if it is {@link Flag#TRUNCATED}
     */
    public int trueLength() {
        return trueLength;
    }

    /**
     * Who sent it, or who is to get it.
     *
     * @return null where a connected socket sends to its peer; a Unix socket without a name sends from
     *     {@code new UnixAddress("")}
     */
    public @Nullable Address address() {
        return address;
    }

    /**
     * Says who is to get it.
     *
     * @param newAddress null for the peer of a connected socket
     * @return this
     */
    public Datagram address(@Nullable Address newAddress) {
        address = newAddress;
        return this;
    }

    /**
     * What the kernel said of it when it was received.
     *
     * @return mostly nothing
     */
    public Set<Flag> flags() {
        return flags;
    }

    /**
     * Whether all of it was received.
     *
     * @return whether it is {@link Flag#TRUNCATED}
     */
    public boolean isTruncated() {
        return flags.contains(Flag.TRUNCATED);
    }

    /**
     * What came with it.
     *
     * @return {@link ControlData#NONE} where the socket was not made to be told
     */
    public ControlData control() {
        return control;
    }

    /**
     * What goes with it when it is sent. What came with it does not: a datagram that was received can be sent on, or
     * back.
     *
     * @return {@link ControlData#NONE} at first
     */
    public ControlData controlToSend() {
        return controlToSend;
    }

    /**
     * Says what is to go with it.
     *
     * @param newControl without a timestamp
     * @return this
     */
    public Datagram controlToSend(ControlData newControl) {
        controlToSend = newControl;
        return this;
    }

    /**
     * Notes what was received. For backends.
     *
     * @param newTrueLength how long it was, of which the buffer has as much as fits
     * @param from who sent it
     * @param newFlags what the kernel said
     * @param newControl what came with it
     */
    public void received(int newTrueLength, @Nullable Address from, Set<Flag> newFlags, ControlData newControl) {
        control = newControl;
        trueLength = newTrueLength;
        length = (int) Math.min(newTrueLength, buffer.byteSize());
        address = from;
        flags = newFlags;
    }

    @Override
    public String toString() {
        return "datagram of " + trueLength + " bytes, " + address + (flags.isEmpty() ? "" : " " + flags);
    }
}
