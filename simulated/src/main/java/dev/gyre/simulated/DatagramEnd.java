package dev.gyre.simulated;

import dev.gyre.io.Address;
import dev.gyre.io.ControlData;
import dev.gyre.io.Datagram;
import dev.gyre.io.ErrorNumber;
import dev.gyre.io.IpAddress;
import dev.gyre.io.UnixAddress;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;
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

    final SocketOptions options = new SocketOptions();

    /** Whether it may send to all. */
    boolean broadcasts;

    /** Its address, as the kernel has it; a plain one for UDP. */
    @Nullable Address bound;

    /** Whom it is connected to; a plain address for UDP. */
    @Nullable Address peer;

    /** An error that came back, for the next operation. */
    private @Nullable ErrorNumber pending;

    /** Where one waits who sends from here. */
    private @Nullable Watchers waitingAt;

    private boolean shut;
    private int queuedBytes;
    private final Deque<Arrival> queue = new ArrayDeque<>();
    private final Watchers receivers = new Watchers();
    private final Watchers senders = new Watchers();

    /** What it was made for: one of IPv6 sees addresses of IPv4 mapped. */
    private final Address family;

    DatagramEnd(Address family) {
        this.family = family;
    }

    /** A datagram that arrived. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    private record Arrival(byte[] content, Address from) {}

    /** Those who wait for a datagram. */
    Watchers receivers() {
        return receivers;
    }

    /** Those who wait for room in the queue. */
    Watchers senders() {
        return senders;
    }

    /** Notes where who sends from here waits. */
    void waitsAt(Watchers watchers) {
        waitingAt = watchers;
    }

    boolean isShut() {
        return shut;
    }

    /** Its address as a plain one, with the one that leads to the peer where it is at all of them. */
    Address local(Address target) {
        return bound instanceof IpAddress ip && target instanceof IpAddress to && Loopback.isUnspecified(ip)
                ? Loopback.source(to).withPort(ip.port())
                : bound();
    }

    /** Its address as its owner sees it. */
    Address local() {
        return Loopback.seenFrom(family, peer == null ? bound() : local(peer));
    }

    /** The peer's address as its owner sees it. */
    @Nullable Address remote() {
        return peer == null ? null : Loopback.seenFrom(family, peer);
    }

    /** How its owner sees where something came from. */
    Address seen(Address from) {
        return Loopback.seenFrom(family, from);
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

    /** Takes a datagram in. Whether there was room. */
    boolean offer(MemorySegment payload, Address from) {
        int size = (int) payload.byteSize() + OVERHEAD;
        boolean full = bound instanceof UnixAddress
                ? queue.size() >= QUEUED_MAX
                : queuedBytes + size > QUEUED_BYTES_MAX && !queue.isEmpty();
        if (full) {
            return false;
        }
        queue.add(new Arrival(payload.toArray(ValueLayout.JAVA_BYTE), from));
        queuedBytes += size;
        receivers.signal();
        return true;
    }

    /** Hears that what it sent did not arrive. */
    void refused() {
        pending = ErrorNumber.ECONNREFUSED;
        receivers.signal();
    }

    void refuseIfPending() throws Refusal {
        ErrorNumber error = shut ? ErrorNumber.EPIPE : pending;
        pending = null;
        if (error != null) {
            throw new Refusal(error);
        }
    }

    /** Takes what has arrived. How many, or {@link SimulatedKernel#WAIT}. */
    int take(List<Datagram> rooms) throws Refusal {
        refuseIfPending();
        int count = 0;
        for (Arrival next = queue.peek(); next != null && count < rooms.size(); next = queue.peek()) {
            fill(rooms.get(count), next);
            queue.remove();
            queuedBytes -= next.content.length + OVERHEAD;
            count++;
        }
        if (count > 0) {
            senders.signal();
        }
        return count == 0 ? SimulatedKernel.WAIT : count;
    }

    private static void fill(Datagram room, Arrival arrival) {
        byte[] content = arrival.content;
        int fitting = (int) Math.min(content.length, room.buffer().byteSize());
        MemorySegment.copy(content, 0, room.buffer(), ValueLayout.JAVA_BYTE, 0, fitting);
        room.received(content.length, arrival.from,
                fitting < content.length ? Set.of(Datagram.Flag.TRUNCATED) : Set.of(), ControlData.NONE);
    }

    /** Ends what anybody waits for on it. */
    void interrupt() {
        shut = true;
        receivers.signal();
        senders.signal();
        if (waitingAt != null) {
            waitingAt.signal();
        }
    }

    @Override
    public String toString() {
        return "datagram socket " + bound;
    }
}
