package dev.gyre.host;

import dev.gyre.io.Address;
import dev.gyre.io.Datagram;
import dev.gyre.io.DatagramError;
import dev.gyre.io.DatagramOptions;
import dev.gyre.io.MulticastGroup;
import dev.gyre.io.MulticastOptions;
import dev.gyre.io.UnixAddress;
import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Files;
import dev.gyre.linux.Sockets;
import dev.gyre.posix.Answer;
import dev.gyre.posix.Descriptor;
import dev.gyre.posix.PassedDescriptors;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The thin calls on sockets, as far as it makes no difference who waits for them and how. */
abstract class HostSockets extends HostNames {
    private static final long LOOK_NANOS = 100_000_000;

    /** Made here: in a finally block it would be made anew for the first failure, which may be want of memory. */
    private static final UnixSockets.Closing CLOSING = FileCalls::close;

    /**
     * For backends.
     *
     * @param socketFlags {@code SOCK_NONBLOCK} or 0, for all sockets that are made
     */
    protected HostSockets(int socketFlags) {
        super(socketFlags);
    }

    /** Receives see the end of the stream then, sends a broken pipe, and accepts {@code EINVAL}. */
    @Override
    public void interrupt(Descriptor socket) {
        if (socket.isShared()) {
            Sockets.shutdown(socket.number(), Sockets.SHUT_RDWR);
        }
    }

    @Override
    public final int setOption(int socket, Address address, DatagramOptions.Flag flag) {
        return DatagramFlags.set(socket, address, flag);
    }

    @Override
    public final Set<DatagramOptions.Flag> datagramFlags(int socket, Address address) {
        return DatagramFlags.get(socket, address);
    }

    @Override
    public final Answer<DatagramError> takeError(Descriptor socket) {
        return DatagramErrors.take(socket.number());
    }

    @Override
    public final int setMember(Descriptor socket, MulticastGroup group, boolean joins) {
        return Multicast.setMember(socket.number(), group, joins);
    }

    @Override
    public final int setMulticast(Descriptor socket, Address family, MulticastOptions options) {
        return Multicast.set(socket.number(), family, options);
    }

    @Override
    public final int connectDatagrams(Descriptor socket, @Nullable Address peer) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment sockaddr = scratch.allocate(SocketAddresses.CAPACITY, Long.BYTES);
            // Of zeros, it is of no family.
            int length = peer == null ? SocketAddresses.CAPACITY : SocketAddresses.write(peer, sockaddr);
            return Sockets.connect(socket.number(), sockaddr, length);
        }
    }

    @Override
    public final int sendDatagrams(
            Fiber fiber, Descriptor socket, List<Datagram> datagrams, int sent, @Nullable Address peer) {
        giveWay(fiber, socket);
        DatagramMessages.Ends ends = new DatagramMessages.Ends(address(socket), peer);
        try (DatagramMessages messages = DatagramMessages.toSend(datagrams, sent, ends)) {
            int fd = socket.number();
            int result = messages.send(fd);
            if (result != -Errno.EAGAIN.code()) {
                return result;
            }
            if (datagrams.get(sent).address() instanceof UnixAddress) {
                // What is full is another socket, which nobody can poll. Only an attempt that waits hears of room.
                return (int) waitingForOthers(
                        fiber, "send", socket, () -> messages.sendFirst(fd, LOOK_NANOS));
            }
            return Math.min(awaitRoom(fiber, socket), result);
        } finally {
            Reference.reachabilityFence(datagrams);
        }
    }

    /**
     * The address of a socket.
     *
     * @param socket from {@link #socketDescriptor}
     * @return what that was told
     */
    protected abstract Address address(Descriptor socket);

    /**
     * Waits until a socket has room for something to be sent.
     *
     * @param fiber the calling one
     * @param socket held by the caller
     * @return 0 or more if it is worth another attempt, otherwise a negated error number
     */
    protected abstract int awaitRoom(Fiber fiber, Descriptor socket);

    /**
     * Lets others run, where the calling fiber has kept them from that for long.
     *
     * @param fiber the calling one
     * @param socket held by the caller
     */
    protected void giveWay(Fiber fiber, Descriptor socket) {}

    @Override
    public final int receiveDatagrams(
            Fiber fiber, Descriptor socket, List<Datagram> datagrams, Receiving receiving) {
        giveWay(fiber, socket);
        int controlRoom = receiving.control() ? DatagramControl.room(address(socket)) : 0;
        try (DatagramMessages messages = DatagramMessages.toReceive(datagrams, controlRoom)) {
            int result = receiving.waits()
                    ? receiveWhenReady(fiber, socket, messages)
                    : messages.receive(socket.number());
            messages.tell(datagrams, result);
            return result;
        } finally {
            Reference.reachabilityFence(datagrams);
        }
    }

    /**
     * Receives some datagrams; where there is none, waits until there may be one, and tries once more.
     *
     * @param fiber the calling one
     * @param socket held by the caller
     * @param messages the room
     * @return how many were received, or a negated error number; {@code EAGAIN} if there was none after all
     */
    protected abstract int receiveWhenReady(Fiber fiber, Descriptor socket, DatagramMessages messages);

    /**
     * When who waits for room in a socket has to try again. A Unix socket does not tell those who poll it that its
     * direction was ended, by its own side or by the peer's (unix_poll in net/unix/af_unix.c); only an attempt does.
     *
     * @param address the socket's
     * @param deadline when to give up
     * @return that, or sooner
     */
    public static long nextLook(Address address, long deadline) {
        return address instanceof UnixAddress ? Math.min(deadline, System.nanoTime() + LOOK_NANOS) : deadline;
    }

    /**
     * Moves bytes by way of a pipe, without waiting where both descriptors are non-blocking: splice(2).
     *
     * @param in where from
     * @param out where to
     * @param length how many at most
     * @return the number of bytes, or a negated error number
     */
    public static long splice(int in, int out, long length) {
        return Files.splice(
                in, MemorySegment.NULL, out, MemorySegment.NULL, length, Files.SPLICE_F_MOVE | Files.SPLICE_F_NONBLOCK);
    }

    @Override
    public int receive(Fiber fiber, Descriptor socket, List<MemorySegment> parts) {
        return MemoryParts.scattered(parts, usable -> receiveParts(fiber, socket, usable),
                memory -> receive(fiber, socket, memory));
    }

    @Override
    public final int send(Fiber fiber, Descriptor socket, List<MemorySegment> parts, long deadline, boolean whole) {
        return MemoryParts.gathered(parts, usable -> sendParts(fiber, socket, usable, deadline, whole),
                memory -> send(fiber, socket, memory, deadline, whole));
    }

    /**
     * Receives into several pieces of memory: recvmsg(2).
     *
     * @param fiber the calling one
     * @param socket held
     * @param parts native, not freed before this returns, and for any thread; 1 to 1024
     * @return the number of bytes, or a negated error number
     */
    protected abstract int receiveParts(Fiber fiber, Descriptor socket, List<MemorySegment> parts);

    /**
     * Sends from several pieces of memory: sendmsg(2).
     *
     * @param fiber the calling one
     * @param socket held
     * @param parts native, not freed before this returns, and for any thread; 1 to 1024
     * @param deadline when to give up
     * @param whole whether the call may go on until all is sent
     * @return the number of bytes, or a negated error number
     */
    protected abstract int sendParts(
            Fiber fiber, Descriptor socket, List<MemorySegment> parts, long deadline, boolean whole);

    @Override
    public final int sendWith(Fiber fiber, Descriptor socket, MemorySegment memory, List<Descriptor> passed) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment control = UnixSockets.rights(scratch, passed);
            return MemoryParts.gathered(List.of(memory), usable -> sendMessage(fiber, socket, usable, control),
                    copy -> sendMessage(fiber, socket, List.of(copy), control));
        }
    }

    @Override
    public final int receiveWith(Fiber fiber, Descriptor socket, MemorySegment memory, PassedDescriptors passed) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment control = UnixSockets.room(scratch, socket.number(), passed.max());
            try {
                return MemoryParts.scattered(List.of(memory),
                        usable -> receiveMessage(fiber, socket, usable, control, passed),
                        copy -> receiveMessage(fiber, socket, List.of(copy), control, passed));
            } finally {
                UnixSockets.take(control, passed, CLOSING); // they are here, whatever has failed since
            }
        }
    }

    /**
     * Sends with control data, waiting until there is room: sendmsg(2).
     *
     * @param fiber the calling one
     * @param socket of a Unix socket, held
     * @param parts native, not freed before this returns, and for any thread
     * @param control {@code cmsghdr}s, for any thread
     * @return the number of bytes, or a negated error number
     */
    protected abstract int sendMessage(
            Fiber fiber, Descriptor socket, List<MemorySegment> parts, MemorySegment control);

    /**
     * Receives with control data, waiting until there is something: recvmsg(2).
     *
     * @param fiber the calling one
     * @param socket of a Unix socket, held
     * @param parts native, not freed before this returns, and for any thread
     * @param control room for {@code cmsghdr}s, for any thread
     * @param passed is told what did not arrive
     * @return the number of bytes, or a negated error number
     */
    protected abstract int receiveMessage(
            Fiber fiber, Descriptor socket, List<MemorySegment> parts, MemorySegment control,
            PassedDescriptors passed);

    /**
     * Makes a call that may wait for ever, and that a signal ends.
     *
     * @param fiber the calling one
     * @param operation what it is, in a word, for reports
     * @param target what it is done to, for reports
     * @param call the call; whatever memory it uses, any thread may
     * @return what it answered
     */
    protected abstract long waitingForOthers(Fiber fiber, String operation, Object target, BlockingCalls.Call call);
}
