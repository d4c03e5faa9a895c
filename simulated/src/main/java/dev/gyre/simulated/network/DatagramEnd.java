package dev.gyre.simulated.network;

import dev.gyre.io.Address;
import dev.gyre.io.ControlData;
import dev.gyre.io.Credentials;
import dev.gyre.io.Datagram;
import dev.gyre.io.DatagramError;
import dev.gyre.io.DatagramOptions;
import dev.gyre.io.ErrorNumber;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.MulticastOptions;
import dev.gyre.io.Reason;
import dev.gyre.io.Timestamp;
import dev.gyre.simulated.kernel.Attempt;
import dev.gyre.simulated.kernel.Refusal;
import dev.gyre.simulated.turns.Watchers;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A socket of datagrams behind a descriptor. Guarded by the kernel's lock. */
final class DatagramEnd {
    /** What a queue of UDP holds: {@code net.core.rmem_default}, of which each datagram takes some for itself. */
    private static final int QUEUED_BYTES_MAX = 212_992;

    private static final int OVERHEAD = 768;

    /** What a queue of a Unix socket holds: one more than {@code net.unix.max_dgram_qlen}. */
    private static final int QUEUED_MAX = 11;

    private static final int ERRORS_MAX = 64;

    final SocketOptions options = new SocketOptions();
    final Set<DatagramOptions.Flag> flags = EnumSet.noneOf(DatagramOptions.Flag.class);
    final Memberships memberships = new Memberships();

    /** How it sends to groups. */
    MulticastOptions multicast = MulticastOptions.DEFAULT;

    /** Its address, as the kernel has it; a plain one for UDP. */
    @Nullable Address bound;

    /** Whom it is connected to; a plain address for UDP. */
    @Nullable Address peer;

    /** The address from which it is connected, where it is bound to all of the machine's. */
    @Nullable Address connectedFrom;

    private @Nullable DatagramEnd unixPeer;

    /** An error that came back, for the next operation. */
    private @Nullable ErrorNumber pending;

    private boolean shut;
    private int queuedBytes;
    private final Deque<Arrival> queue = new ArrayDeque<>();
    private final Deque<DatagramError> errors = new ArrayDeque<>();
    private final Watchers receivers = new Watchers();
    private final Watchers senders = new Watchers();
    private final Watchers closing = new Watchers();

    /** What it was made for: one of IPv6 sees addresses of IPv4 mapped. */
    private final Address family;

    DatagramEnd(Address family) {
        this.family = family;
    }

    /**
     * A datagram that arrived.
     *
     * @param from who sent it, as the owner of this socket sees that
     * @param control all that there is to say of it
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    private record Arrival(byte[] content, Address from, ControlData control) {
        int size() {
            return content.length + OVERHEAD;
        }
    }

    /** Those who wait for a datagram. */
    Watchers receivers() {
        return receivers;
    }

    /** Those who wait for room in the queue. */
    Watchers senders() {
        return senders;
    }

    /** Those who wait elsewhere and send from here: what ends that if this socket closes. */
    Watchers closing() {
        return closing;
    }

    /** Its address as its owner sees it. */
    Address local() {
        return Addresses.seenFrom(family, connectedFrom == null ? bound() : connectedFrom);
    }

    /** The peer's address as its owner sees it. */
    @Nullable Address remote() {
        return peer == null ? null : Addresses.seenFrom(family, peer);
    }

    /** Where what is for it is sent to, as the kernel has it. */
    Address place() {
        return connectedFrom == null ? bound() : connectedFrom;
    }

    /** Whether an address is a mapped one, and the socket one of IPv4, which knows none. */
    boolean isIp4Mapped(IpAddress address) {
        return family instanceof Ip4Address && address instanceof Ip6Address;
    }

    Address bound() {
        if (bound == null) {
            throw new AssertionError("a socket of datagrams is bound when it is made");
        }
        return bound;
    }

    /** Whether what comes from a plain address is for it. */
    boolean hears(Address from) {
        return peer == null || peer.equals(from);
    }

    /** Whether what another Unix socket sends is for it. */
    boolean hears(DatagramEnd sender) {
        return unixPeer == null || unixPeer == sender;
    }

    /** The Unix socket that it is connected to, which may be gone. */
    @Nullable DatagramEnd unixPeer() {
        return unixPeer;
    }

    /** Connects a Unix socket, or ends that. */
    void setUnixPeer(@Nullable DatagramEnd newPeer) {
        DatagramEnd old = unixPeer;
        unixPeer = newPeer;
        peer = newPeer == null ? null : newPeer.bound();
        if (old != null && old != newPeer && !queue.isEmpty()) {
            queue.clear();
            queuedBytes = 0;
            senders.signal();
            if (!old.shut && old.unixPeer == this) {
                old.pending = ErrorNumber.ECONNRESET;
                old.receivers.signal();
            }
        }
    }

    boolean isShut() {
        return shut;
    }

    /** Takes in what a Unix socket sends. Whether there was room. */
    boolean offer(MemorySegment payload, Address from, Credentials sender) {
        if (queue.size() >= QUEUED_MAX) {
            return false;
        }
        ControlData control = flags.contains(DatagramOptions.Flag.CREDENTIALS)
                ? new ControlData(null, 0, -1, -1, 0, null, sender)
                : ControlData.NONE;
        add(new Arrival(payload.toArray(ValueLayout.JAVA_BYTE), from, control));
        return true;
    }

    /** Takes in a datagram of UDP if there is room. */
    void offer(Packet.Udp udp, int interfaceIndex, Timestamp now) {
        boolean full = queuedBytes + udp.content().length + OVERHEAD > QUEUED_BYTES_MAX && !queue.isEmpty();
        if (!full) {
            add(new Arrival(udp.content(), Addresses.seenFrom(family, udp.source()),
                    control(udp, interfaceIndex, now)));
        }
    }

    private ControlData control(Packet.Udp udp, int interfaceIndex, Timestamp now) {
        boolean tellsDestination = flags.contains(DatagramOptions.Flag.DESTINATION);
        ControlData told = new ControlData(
                tellsDestination ? (IpAddress) Addresses.seenFrom(family, udp.destination().withPort(0)) : null,
                tellsDestination ? interfaceIndex : 0,
                flags.contains(DatagramOptions.Flag.TIME_TO_LIVE) ? udp.hops() : -1,
                flags.contains(DatagramOptions.Flag.TRAFFIC_CLASS) ? udp.trafficClass() : -1,
                0,
                flags.contains(DatagramOptions.Flag.TIMESTAMP) ? now : null,
                null);
        return told.equals(ControlData.NONE) ? ControlData.NONE : told;
    }

    private void add(Arrival arrival) {
        queue.add(arrival);
        queuedBytes += arrival.size();
        receivers.signal();
    }

    /** Hears that what it sent did not arrive. One that is not connected does so only if it wants to. */
    void failed(Packet.Unreachable unreachable) {
        if (flags.contains(DatagramOptions.Flag.ERRORS)) {
            if (errors.size() < ERRORS_MAX) {
                errors.add(error(unreachable));
            }
        } else if (peer == null || unreachable.error() != ErrorNumber.ECONNREFUSED) {
            return;
        }
        pending = unreachable.error();
        receivers.signal();
    }

    private DatagramError error(Packet.Unreachable unreachable) {
        Packet.Udp refused = unreachable.refused();
        Datagram datagram = new Datagram(MemorySegment.ofArray(refused.content()));
        datagram.received(refused.content().length, Addresses.seenFrom(family, refused.destination()),
                Set.of(Datagram.Flag.ERROR), ControlData.NONE);
        return unreachable.told(datagram, Addresses.seenFrom(family, unreachable.source()));
    }

    /** Takes an error that came back. The next operation is told of the next one, and not of this one any more. */
    @Nullable DatagramError takeError() {
        DatagramError error = errors.poll();
        if (error != null) {
            DatagramError next = errors.peek();
            pending = next == null
                    ? null
                    : next.reason() == Reason.CONNECTION_REFUSED ? ErrorNumber.ECONNREFUSED : ErrorNumber.EHOSTUNREACH;
        }
        return error;
    }

    void refuseIfShut() throws Refusal {
        if (shut) {
            throw new Refusal(ErrorNumber.EPIPE);
        }
    }

    /** Tells of an error that came back, once. */
    void refuseIfPending() throws Refusal {
        ErrorNumber error = pending;
        pending = null;
        if (error != null) {
            throw new Refusal(error);
        }
    }

    /** Takes what has arrived and what there is memory for. How many, or {@link Attempt#WAIT}. */
    int take(List<Datagram> rooms) throws Refusal {
        refuseIfShut();
        refuseIfPending();
        int count = 0;
        try {
            for (Arrival next = queue.peek(); next != null && count < rooms.size(); next = queue.peek()) {
                fill(rooms.get(count), next);
                queue.remove();
                queuedBytes -= next.size();
                count++;
            }
        } catch (InternalError gone) { // a mapped file has become shorter
            if (count == 0) {
                throw gone;
            }
        }
        if (count > 0) {
            senders.signal();
        }
        return count == 0 ? Attempt.WAIT : count;
    }

    private static void fill(Datagram room, Arrival arrival) {
        byte[] content = arrival.content;
        int fitting = (int) Math.min(content.length, room.buffer().byteSize());
        MemorySegment.copy(content, 0, room.buffer(), ValueLayout.JAVA_BYTE, 0, fitting);
        room.received(content.length, arrival.from,
                fitting < content.length ? Set.of(Datagram.Flag.TRUNCATED) : Set.of(), arrival.control);
    }

    /** Ends what anybody waits for on it. */
    void interrupt() {
        shut = true;
        receivers.signal();
        senders.signal();
        closing.signal();
    }

    @Override
    public String toString() {
        return "datagram socket " + bound;
    }
}
