package dev.gyre.io;

import org.jspecify.annotations.Nullable;

/**
 * An error that came back for a datagram that was sent ({@code IP_RECVERR}, ip(7)).
 *
 * @param reason what it means
 * @param errorNumber what the kernel calls it
 * @param origin who noticed
 * @param type of the ICMP message; 0 where it was none
 * @param code of the ICMP message; 0 where it was none
 * @param info more: for {@link Reason#MESSAGE_TOO_BIG}, the longest packet that fits, in bytes
 * @param offender who sent the ICMP message, with port 0; null where that is not known
 * @param datagram what was sent, as far as it came back, and where to; with {@link Datagram.Flag#ERROR}
 */
public record DatagramError(
        Reason reason,
        int errorNumber,
        Origin origin,
        int type,
        int code,
        int info,
        @Nullable Address offender,
        Datagram datagram) {
    /** Who notices errors. */
    public enum Origin {
        /** This machine. */
        LOCAL,
        /** A machine on the way, or the receiver, by ICMP or ICMPv6. */
        ICMP,
        /** Something else. */
        OTHER
    }
}
