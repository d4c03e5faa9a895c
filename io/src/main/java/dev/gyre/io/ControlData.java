package dev.gyre.io;

import org.jspecify.annotations.Nullable;

/**
 * What goes with a datagram beside its bytes. Of one that was received: as far as its socket was made to be told of it
 * ({@link DatagramOptions.Flag}). Of one that is sent: as far as it is not to be as the socket has it.
 *
 * @param address where it was sent to, with port 0; or the address of this machine that it is to be sent from, whose
 *     port does not matter; null for unknown, or for the kernel's choice
 * @param interfaceIndex by which it came, or is to leave; 0 for unknown, or for the kernel's choice
 * @param timeToLive how many hops it had left, or may have, 0 to 255, and over IPv4 1 to 255;
 *     -1 for unknown, or for the socket's
 * @param trafficClass the eight bits of DSCP and ECN (RFC 2474, RFC 3168); -1 for unknown, or for the socket's
 * @param segmentSize where several datagrams came, or are to be sent, as one: how long each is, but for the last, which
 *     may be shorter; 0 where it is only one. For UDP: {@code UDP_GRO}, Linux 5.0, and {@code UDP_SEGMENT}, Linux 4.18
 * @param timestamp when the kernel got it, by {@link Clock#REAL}; null for unknown. Not for sending
 * @param credentials which process sent it, over a Unix socket ({@code SCM_CREDENTIALS} in unix(7)); null for unknown.
 *     Not for sending: the kernel fills in the sender's; to send those of others takes a privilege, and is not offered
 */
public record ControlData(
        @Nullable IpAddress address,
        int interfaceIndex,
        int timeToLive,
        int trafficClass,
        int segmentSize,
        @Nullable Timestamp timestamp,
        @Nullable Credentials credentials) {
    /** Nothing. */
    public static final ControlData NONE = new ControlData(null, 0, -1, -1, 0, null, null);

    private static final int SEGMENT_MAX = 0xffff;
    private static final int BYTE_MAX = 0xff;

    /** Refuses what is out of range. */
    public ControlData {
        requireWithin("interface", interfaceIndex, 0, Integer.MAX_VALUE);
        requireWithin("time to live", timeToLive, -1, BYTE_MAX);
        requireWithin("traffic class", trafficClass, -1, BYTE_MAX);
        requireWithin("segment size", segmentSize, 0, SEGMENT_MAX);
    }

    private static void requireWithin(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " " + value + " is not within " + least + ".." + most);
        }
    }

    /**
     * The same from another address.
     *
     * @param newAddress of this machine; null for the kernel's choice
     * @return the control data
     */
    public ControlData withAddress(@Nullable IpAddress newAddress) {
        return new ControlData(
                newAddress, interfaceIndex, timeToLive, trafficClass, segmentSize, timestamp, credentials);
    }

    /**
     * The same by another interface.
     *
     * @param newIndex its index; 0 for the kernel's choice
     * @return the control data
     */
    public ControlData withInterface(int newIndex) {
        return new ControlData(
                address, newIndex, timeToLive, trafficClass, segmentSize, timestamp, credentials);
    }

    /**
     * The same with another time to live.
     *
     * @param newTimeToLive 0 to 255, and over IPv4 1 to 255; -1 for the socket's
     * @return the control data
     */
    public ControlData withTimeToLive(int newTimeToLive) {
        return new ControlData(
                address, interfaceIndex, newTimeToLive, trafficClass, segmentSize, timestamp, credentials);
    }

    /**
     * The same with another traffic class.
     *
     * @param newClass 0 to 255; -1 for the socket's
     * @return the control data
     */
    public ControlData withTrafficClass(int newClass) {
        return new ControlData(
                address, interfaceIndex, timeToLive, newClass, segmentSize, timestamp, credentials);
    }

    /**
     * The same for datagrams of another length.
     *
     * @param newSize 1 to 65535; 0 for one datagram
     * @return the control data
     */
    public ControlData withSegmentSize(int newSize) {
        return new ControlData(
                address, interfaceIndex, timeToLive, trafficClass, newSize, timestamp, credentials);
    }
}
