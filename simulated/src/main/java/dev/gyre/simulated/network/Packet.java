package dev.gyre.simulated.network;

import dev.gyre.io.Address;
import dev.gyre.io.Datagram;
import dev.gyre.io.DatagramError;
import dev.gyre.io.ErrorNumber;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.Reason;
import org.jspecify.annotations.Nullable;

/** What travels between machines. Its addresses are plain ones, with ports. */
sealed interface Packet {
    IpAddress source();

    IpAddress destination();

    /** How much content it has. */
    long bytes();

    /** Whether it is lost where there is no room for it: what belongs to a connection waits instead. */
    default boolean isDatagram() {
        return false;
    }

    /** What a router makes of it; null if it goes no further. */
    default @Nullable Packet onward() {
        return this;
    }

    /** What a segment of TCP says. */
    enum Kind {
        /** Asks for a connection. */
        SYN,
        /** Grants it. */
        SYN_ACK,
        /** Takes it. */
        ACK,
        /** Carries content. */
        DATA,
        /** Says how many bytes were read. */
        READ,
        /** Says that nothing more comes. */
        FIN,
        /** Says that there is no such connection, or no more. */
        RST
    }

    /**
     * A part of a TCP connection.
     *
     * @param connection tells it from others between the same addresses, as TCP's sequence numbers do
     * @param content of {@link Kind#DATA}; empty otherwise
     * @param count of {@link Kind#READ}; 0 otherwise
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    record Segment(IpAddress source, IpAddress destination, long connection, Kind kind, byte[] content, long count)
            implements Packet {
        private static final byte[] NOTHING = {};

        /** One without content. */
        Segment(IpAddress source, IpAddress destination, long connection, Kind kind) {
            this(source, destination, connection, kind, NOTHING, 0);
        }

        @Override
        public long bytes() {
            return content.length;
        }

        /** The answer that there is no such connection. */
        Segment refusal() {
            return new Segment(/* source= */ destination, /* destination= */ source, connection, Kind.RST);
        }
    }

    /**
     * A datagram of UDP.
     *
     * @param hops how many it may take
     * @param trafficClass the eight bits of DSCP and ECN
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    record Udp(IpAddress source, IpAddress destination, byte[] content, int hops, int trafficClass)
            implements Packet {
        @Override
        public long bytes() {
            return content.length;
        }

        @Override
        public boolean isDatagram() {
            return true;
        }

        @Override
        public @Nullable Packet onward() {
            return hops > 1 ? new Udp(source, destination, content, hops - 1, trafficClass) : null;
        }
    }

    /**
     * Nobody received a datagram: ICMP's "destination unreachable".
     *
     * @param source who says so, with port 0
     * @param refused the datagram
     * @param error why
     */
    record Unreachable(IpAddress source, Udp refused, ErrorNumber error) implements Packet {
        private static final int TYPE4 = 3;
        private static final int CODE4_HOST = 1;
        private static final int CODE4_PORT = 3;
        private static final int TYPE6 = 1;
        private static final int CODE6_ADDRESS = 3;
        private static final int CODE6_PORT = 4;

        /** How a socket is told of it (RFC 792, RFC 4443 §3.1). */
        DatagramError told(Datagram datagram, Address offender) {
            boolean ip4 = source instanceof Ip4Address;
            boolean port = error == ErrorNumber.ECONNREFUSED;
            int code = ip4 ? (port ? CODE4_PORT : CODE4_HOST) : (port ? CODE6_PORT : CODE6_ADDRESS);
            return new DatagramError(port ? Reason.CONNECTION_REFUSED : Reason.HOST_UNREACHABLE, error.code(),
                    DatagramError.Origin.ICMP, ip4 ? TYPE4 : TYPE6, code, 0, offender, datagram);
        }

        @Override
        public IpAddress destination() {
            return refused.source;
        }

        @Override
        public long bytes() {
            return 0;
        }

        @Override
        public boolean isDatagram() {
            return true;
        }
    }
}
