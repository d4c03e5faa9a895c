package dev.gyre.io;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * How to make a datagram socket.
 *
 * <p>Of its settings, {@link SocketOption#REUSE_ADDRESS} lets sockets that all have it have one address: a datagram to
 * many arrives at each of them, any other at the one that was bound last. {@link SocketOption#REUSE_PORT} does the same
 * for sockets of one user, and spreads datagrams over them by their sender. {@link SocketOption#IP6_ONLY} keeps IPv4
 * away from a socket at {@code ::}.
 *
 * @param flags what the socket may do, and what it is told
 * @param settings options that the socket has before it is bound
 */
public record DatagramOptions(Set<Flag> flags, List<SocketOption.Setting<?>> settings) {
    /** Nothing special. */
    public static final DatagramOptions DEFAULT = new DatagramOptions(Set.of(), List.of());

    /**
     * What a socket may do, and what it is told of with each datagram. {@link #CREDENTIALS} is for Unix sockets, all
     * others are for UDP.
     */
    public enum Flag {
        /** Datagrams may be sent to broadcast addresses ({@code SO_BROADCAST}). */
        BROADCAST,
        /** Each datagram says where it was sent to, and by which interface it came ({@code IP_PKTINFO}). */
        DESTINATION,
        /** Each datagram says how many hops it had left ({@code IP_RECVTTL}). */
        TIME_TO_LIVE,
        /** Each datagram says its traffic class ({@code IP_RECVTOS}). */
        TRAFFIC_CLASS,
        /** Each datagram says when it came ({@code SO_TIMESTAMPNS}). */
        TIMESTAMP,
        /**
         * Datagrams of one sender and one length may be received as one ({@code UDP_GRO}, Linux 5.0), which says how
         * long each is; there must be room for 64 KiB. Otherwise {@link Reason#OPTION_UNSUPPORTED}.
         */
        COALESCE,
        /**
         * Errors that come back are kept for {@link DatagramSocket#takeError} ({@code IP_RECVERR}), those of datagrams
         * that were sent without a connection too; the next send or receive fails because of them.
         */
        ERRORS,
        /**
         * Each datagram says which process sent it, with its user and group ({@code SO_PASSCRED}). The socket asks for
         * that before it has an address, so that none comes without.
         */
        CREDENTIALS;

        /** Whether what is received comes with control data because of it. */
        boolean asksForControl() {
            return switch (this) {
                case DESTINATION, TIME_TO_LIVE, TRAFFIC_CLASS, TIMESTAMP, COALESCE, CREDENTIALS -> true;
                case BROADCAST, ERRORS -> false;
            };
        }
    }

    /** Refuses options that are for listeners, for connections, or for streams. */
    public DatagramOptions {
        settings = List.copyOf(settings);
        for (SocketOption.Setting<?> setting : settings) {
            boolean isForDatagrams = switch (setting.option().settable()) {
                case ALWAYS, BEFORE_BIND -> setting.option().protocol() != SocketOption.Protocol.TCP;
                case BEFORE_CONNECT, LISTENING, CONNECTED -> false;
                case NEVER -> throw new AssertionError("a setting is of an option that can be set");
            };
            if (!isForDatagrams) {
                throw new IllegalArgumentException(setting.option() + " is not for datagrams");
            }
        }
        EnumSet<Flag> copy = EnumSet.noneOf(Flag.class);
        copy.addAll(flags);
        flags = Collections.unmodifiableSet(copy);
    }

    /**
     * Whether datagrams come with {@link ControlData}.
     *
     * @return whether one of the flags asks for it
     */
    public boolean askForControl() {
        return flags.stream().anyMatch(Flag::asksForControl);
    }

    /**
     * The same and more.
     *
     * @param more what to add
     * @return the options
     */
    public DatagramOptions with(Flag... more) {
        EnumSet<Flag> all = EnumSet.noneOf(Flag.class);
        all.addAll(flags);
        Collections.addAll(all, more);
        return new DatagramOptions(all, settings);
    }

    /**
     * The same with an option of the socket.
     *
     * @param <T> the type of its values
     * @param option which one
     * @param value within its range
     * @return the options
     * @throws IllegalArgumentException if the value is out of range, or the option is not for datagrams
     */
    public <T> DatagramOptions withOption(SocketOption<T> option, T value) {
        return new DatagramOptions(flags, SocketOption.Setting.with(settings, option.of(value)));
    }
}
