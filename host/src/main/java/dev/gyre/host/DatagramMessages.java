package dev.gyre.host;

import dev.gyre.io.Address;
import dev.gyre.io.ControlData;
import dev.gyre.io.Datagram;
import dev.gyre.io.UnixAddress;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Sockets;
import dev.gyre.linux.layout.Iovec;
import dev.gyre.linux.layout.Mmsghdr;
import dev.gyre.linux.layout.Msghdr;
import dev.gyre.linux.layout.Timeval;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Datagrams as the kernel takes them: an array of {@code struct mmsghdr}, with what each points to. It is lent from a
 * pool. What never changes in it is written once.
 *
 * <p>Payloads are the caller's own memory where nobody can free it meanwhile ({@link StableMemory}), and copied
 * otherwise.
 */
public final class DatagramMessages implements AutoCloseable {
    /** So many go to the kernel at once: with more, what a system call costs does not show any more. */
    private static final int CAPACITY_MAX = 64;

    /** The address of a Unix socket that nobody gave one. */
    private static final UnixAddress UNNAMED = new UnixAddress("");

    /**
     * Between whom datagrams go.
     *
     * @param own the socket's address
     * @param peer where those go that have no address; null where the socket is not connected
     */
    public record Ends(Address own, @Nullable Address peer) {
        /** Where one goes; its family is that of the protocol, as a socket of IPv6 sends by IPv4, too. */
        Address destination(Datagram datagram) {
            Address address = datagram.address();
            return address != null ? address : peer != null ? peer : own;
        }
    }

    private static final Pool SINGLE = new Pool(1, 256);
    private static final Pool SEVERAL = new Pool(CAPACITY_MAX, 16);

    private final Pool pool;
    private final MemorySegment headers;
    private final MemorySegment vectors;
    private final MemorySegment addresses;
    private final MemorySegment controls;
    private final @Nullable BounceBuffer[] bounces;
    private int count;

    private DatagramMessages(Pool pool) {
        this.pool = pool;
        int capacity = pool.capacity;
        headers = Arena.ofAuto().allocate(Mmsghdr.LAYOUT, capacity);
        vectors = Arena.ofAuto().allocate(Iovec.LAYOUT, capacity);
        addresses = Arena.ofAuto().allocate((long) capacity * SocketAddresses.CAPACITY, Long.BYTES);
        controls = Arena.ofAuto().allocate((long) capacity * DatagramControl.CAPACITY, Long.BYTES);
        bounces = new BounceBuffer[capacity];
        for (int i = 0; i < capacity; i++) {
            setHeader(i, Msghdr.MSG_NAME, addresses.address() + (long) i * SocketAddresses.CAPACITY);
            setHeader(i, Msghdr.MSG_IOV, vectors.address() + i * Iovec.SIZE);
            setHeader(i, Msghdr.MSG_IOVLEN, 1);
            setHeader(i, Msghdr.MSG_CONTROL, controls.address() + (long) i * DatagramControl.CAPACITY);
        }
    }

    /**
     * Prepares to send.
     *
     * @param datagrams at least one after those that were sent
     * @param sent how many of them were sent already
     * @param ends of the socket
     * @return as many as go at once, to be closed when no operation uses them any more; none where the first is longer
     *     than any that there can be
     * @throws InternalError if the memory of the first is gone, as that of a file which became shorter
     */
    public static DatagramMessages toSend(List<Datagram> datagrams, int sent, Ends ends) {
        DatagramMessages messages = borrow(datagrams.size() - sent);
        boolean complete = false;
        try {
            for (int i = 0; i < messages.count; i++) {
                if (!messages.putToSend(i, datagrams.get(sent + i), ends)) {
                    messages.count = i;
                }
            }
            complete = true;
            return messages;
        } finally {
            if (!complete) {
                messages.close();
            }
        }
    }

    /**
     * Prepares to receive.
     *
     * @param datagrams one or more
     * @param controlRoom how many bytes of control data there is room for; 0 where the socket does not ask for any
     * @return as many as go at once, to be closed when no operation uses them any more
     */
    public static DatagramMessages toReceive(List<Datagram> datagrams, int controlRoom) {
        DatagramMessages messages = borrow(datagrams.size());
        boolean complete = false;
        try {
            for (int i = 0; i < messages.count; i++) {
                messages.putToReceive(i, datagrams.get(i), controlRoom);
            }
            complete = true;
            return messages;
        } finally {
            if (!complete) {
                messages.close();
            }
        }
    }

    private static DatagramMessages borrow(int wanted) {
        DatagramMessages messages = (wanted == 1 ? SINGLE : SEVERAL).borrow();
        messages.count = Math.min(wanted, messages.pool.capacity);
        return messages;
    }

    /** Answers false if it is not to go with those before it. */
    private boolean putToSend(int index, Datagram datagram, Ends ends) {
        MemorySegment payload = datagram.payload();
        if (StableMemory.isStable(payload)) {
            Iovec.set(vectors, index, payload);
        } else {
            BounceBuffer bounce = copy(index, payload);
            MemorySegment copy = bounce == null ? MemorySegment.NULL : bounce.memory(payload.byteSize());
            if (copy.byteSize() < payload.byteSize()) {
                return false;
            }
            Iovec.set(vectors, index, copy);
        }
        Address address = datagram.address();
        int length = address == null ? 0 : SocketAddresses.write(address, address(index));
        setHeader(index, Msghdr.MSG_NAME, length == 0 ? 0 : address(index).address());
        headers.set(ValueLayout.JAVA_INT, index * Mmsghdr.SIZE + Msghdr.MSG_NAMELEN, length);
        ControlData control = datagram.controlToSend();
        setHeader(index, Msghdr.MSG_CONTROLLEN,
                control == ControlData.NONE ? 0 : DatagramControl.write(control, ends, datagram, control(index)));
        return true;
    }

    /** A copy of it; null where its memory is gone, and there are others that can be sent before that is told. */
    private @Nullable BounceBuffer copy(int index, MemorySegment payload) {
        try {
            BounceBuffer bounce = BounceBuffer.of(payload);
            bounces[index] = bounce;
            return bounce;
        } catch (InternalError fault) {
            if (index == 0) {
                throw fault;
            }
            return null;
        }
    }

    private void putToReceive(int index, Datagram datagram, int controlRoom) {
        MemorySegment room = datagram.buffer();
        if (StableMemory.isStable(room)) {
            Iovec.set(vectors, index, room);
        } else {
            BounceBuffer bounce = BounceBuffer.borrow(room.byteSize());
            bounces[index] = bounce;
            Iovec.set(vectors, index, bounce.memory(room.byteSize()));
        }
        setHeader(index, Msghdr.MSG_NAME, address(index).address());
        headers.set(ValueLayout.JAVA_INT, index * Mmsghdr.SIZE + Msghdr.MSG_NAMELEN, SocketAddresses.CAPACITY);
        setHeader(index, Msghdr.MSG_CONTROLLEN, controlRoom);
    }

    /**
     * Sends, without waiting: sendmmsg(2).
     *
     * @param fd a socket
     * @return how many were sent, or a negated error number: that of the first
     */
    public int send(int fd) {
        int flags = Sockets.MSG_DONTWAIT | Sockets.MSG_NOSIGNAL;
        if (count > 1) {
            return Sockets.sendmmsg(fd, headers, count, flags);
        }
        return count == 0 ? -Errno.EMSGSIZE.code() : sendFirst(fd, flags);
    }

    /**
     * Sends the first, waiting until there is room, but not for long: sendmsg(2).
     *
     * @param fd a socket
     * @param nanoseconds how long
     * @return 1, or a negated error number; {@code EAGAIN} if there was no room all the time
     */
    public int sendFirst(int fd, long nanoseconds) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment limit = scratch.allocate(Timeval.LAYOUT);
            Timeval.set(limit, nanoseconds);
            Sockets.setsockopt(fd, Sockets.SOL_SOCKET, Sockets.SO_SNDTIMEO, limit, (int) Timeval.SIZE);
        }
        return sendFirst(fd, Sockets.MSG_NOSIGNAL);
    }

    private int sendFirst(int fd, int flags) {
        long result = Sockets.sendmsg(fd, headers, flags);
        return result < 0 ? (int) result : 1;
    }

    /**
     * Receives, without waiting: recvmmsg(2).
     *
     * @param fd a socket
     * @return how many were received, or a negated error number
     */
    public int receive(int fd) {
        int flags = Sockets.MSG_DONTWAIT | Sockets.MSG_TRUNC;
        if (count > 1) {
            return Sockets.recvmmsg(fd, headers, count, flags, MemorySegment.NULL);
        }
        long length = Sockets.recvmsg(fd, headers, flags);
        if (length < 0) {
            return (int) length;
        }
        headers.set(ValueLayout.JAVA_INT, Mmsghdr.MSG_LEN, (int) length);
        return 1;
    }

    /**
     * Says what was received.
     *
     * @param datagrams those that this was made for
     * @param received how many came
     */
    public void tell(List<Datagram> datagrams, int received) {
        for (int i = 0; i < received; i++) {
            tell(i, datagrams.get(i));
        }
    }

    private void tell(int index, Datagram datagram) {
        long header = index * Mmsghdr.SIZE;
        int trueLength = headers.get(ValueLayout.JAVA_INT, header + Mmsghdr.MSG_LEN);
        int addressLength = headers.get(ValueLayout.JAVA_INT, header + Msghdr.MSG_NAMELEN);
        int flags = headers.get(ValueLayout.JAVA_INT, header + Msghdr.MSG_FLAGS);
        BounceBuffer bounce = bounces[index];
        int length = (int) Math.min(trueLength, datagram.buffer().byteSize());
        if (bounce != null) {
            bounce.copyTo(datagram.buffer(), length);
        }
        Address from = addressLength == 0 ? UNNAMED : SocketAddresses.read(address(index), addressLength);
        long controlLength = headers.get(ValueLayout.JAVA_LONG, header + Msghdr.MSG_CONTROLLEN);
        ControlData control =
                controlLength == 0 ? ControlData.NONE : DatagramControl.read(control(index), controlLength);
        datagram.received(trueLength, from, flags(flags), control);
    }

    private static Set<Datagram.Flag> flags(int flags) {
        int known = Sockets.MSG_TRUNC | Sockets.MSG_CTRUNC | Sockets.MSG_OOB | Sockets.MSG_EOR | Sockets.MSG_ERRQUEUE;
        if ((flags & known) == 0) {
            return Set.of();
        }
        EnumSet<Datagram.Flag> all = EnumSet.noneOf(Datagram.Flag.class);
        add(all, flags, Sockets.MSG_TRUNC, Datagram.Flag.TRUNCATED);
        add(all, flags, Sockets.MSG_CTRUNC, Datagram.Flag.CONTROL_TRUNCATED);
        add(all, flags, Sockets.MSG_OOB, Datagram.Flag.OUT_OF_BAND);
        add(all, flags, Sockets.MSG_EOR, Datagram.Flag.END_OF_RECORD);
        add(all, flags, Sockets.MSG_ERRQUEUE, Datagram.Flag.ERROR);
        return all;
    }

    private static void add(Set<Datagram.Flag> all, int flags, int bit, Datagram.Flag flag) {
        if ((flags & bit) != 0) {
            all.add(flag);
        }
    }

    private MemorySegment address(int index) {
        return addresses.asSlice((long) index * SocketAddresses.CAPACITY, SocketAddresses.CAPACITY);
    }

    private MemorySegment control(int index) {
        return controls.asSlice((long) index * DatagramControl.CAPACITY, DatagramControl.CAPACITY);
    }

    private void setHeader(int index, long field, long value) {
        headers.set(ValueLayout.JAVA_LONG, index * Mmsghdr.SIZE + field, value);
    }

    /** Gives it back. */
    @Override
    public void close() {
        for (int i = 0; i < bounces.length; i++) {
            BounceBuffer bounce = bounces[i];
            if (bounce != null) {
                bounces[i] = null;
                bounce.close();
            }
        }
        pool.giveBack(this);
    }

    private static final class Pool {
        private final int capacity;
        private final int keptMax;
        private final ConcurrentLinkedQueue<DatagramMessages> messages = new ConcurrentLinkedQueue<>();
        private final AtomicInteger kept = new AtomicInteger();

        Pool(int capacity, int keptMax) {
            this.capacity = capacity;
            this.keptMax = keptMax;
        }

        DatagramMessages borrow() {
            DatagramMessages found = messages.poll();
            if (found == null) {
                return new DatagramMessages(this);
            }
            kept.decrementAndGet();
            return found;
        }

        /** Never fails: what was received must not get lost. */
        void giveBack(DatagramMessages spare) {
            if (kept.incrementAndGet() <= keptMax) {
                try {
                    messages.add(spare);
                    return;
                } catch (OutOfMemoryError exhausted) {
                    // Then it is the collector's.
                }
            }
            kept.decrementAndGet();
        }
    }
}
