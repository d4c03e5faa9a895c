package dev.gyre.uring;

import dev.gyre.host.BounceBuffer;
import dev.gyre.host.DatagramMessages;
import dev.gyre.host.HostKernel;
import dev.gyre.host.Scratch;
import dev.gyre.host.SocketAddresses;
import dev.gyre.host.SocketMessage;
import dev.gyre.host.StableMemory;
import dev.gyre.host.UnixSockets;
import dev.gyre.io.Address;
import dev.gyre.io.Direction;
import dev.gyre.io.SocketOption;
import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Events;
import dev.gyre.linux.Sockets;
import dev.gyre.posix.Descriptor;
import dev.gyre.posix.PassedDescriptors;
import dev.gyre.ring.Operation;
import dev.gyre.ring.Vector;
import dev.gyre.ring.socket.Accept;
import dev.gyre.ring.socket.Connect;
import dev.gyre.ring.socket.Message;
import dev.gyre.ring.socket.RecvMsg;
import dev.gyre.ring.socket.SendMsg;
import dev.gyre.ring.wait.Poll;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The thin calls on sockets, by the ring, and past it where a receive or send finds what it wants at once. */
abstract class UringSockets extends HostKernel {
    /** So many calls of a virtual thread that is no fiber of a loop; the next goes by the ring, and lets others run. */
    static final int CALLS_AT_ONCE = 32;

    /** So many writes leave each for itself, before those that follow in the same run leave together. */
    private static final int WRITES_ALONE = 2;

    /** So often an operation is begun again that the kernel gives up. */
    private static final int ATTEMPTS_MAX = 3;

    /** The run of a loop, for writes that are made in none. */
    static final long FOREIGN_RUN = -1;

    /** No answer of a call's. */
    private static final int BY_RING = Integer.MIN_VALUE;

    final UringIo io;
    private final Passage passage;
    private final DatagramReceiving datagrams;

    UringSockets(UringIo io) {
        super(0);
        this.io = io;
        this.passage = new Passage(io);
        this.datagrams = new DatagramReceiving(this);
    }

    @Override
    public Descriptor socketDescriptor(int socket, Address address) {
        return new UringSocket(socket, address);
    }

    @Override
    public void interrupt(Descriptor descriptor) {
        UringSocket socket = (UringSocket) descriptor;
        Readiness watched = socket.readiness();
        if (watched != null) {
            watched.close();
        }
        super.interrupt(descriptor);
        if (watched != null) {
            // The poller has forgotten it, and would not tell those who wait.
            watched.arrived();
        }
        endReading(socket.receiver());
    }

    /** Ends what a receiver reads, on its loop, and those that have taken its place. */
    private static void endReading(@Nullable Receiver receiver) {
        if (receiver != null) {
            receiver.home().perform(() -> {
                receiver.endReading();
                endReading(receiver.successor());
            });
        }
    }

    /** A receive that has just reported bytes may not hear of it. */
    @Override
    public int shutdown(Descriptor descriptor, Direction direction) {
        int result = super.shutdown(descriptor, direction);
        if (result == 0 && direction != Direction.WRITE) {
            endReading(((UringSocket) descriptor).receiver());
        }
        return result;
    }

    /** What its user holds back, nobody else pushes. */
    @Override
    public int setOption(Descriptor socket, SocketOption.Setting<?> setting) {
        boolean corks = setting.option().equals(SocketOption.CORK) && setting.value().equals(true);
        if (corks) {
            ((UringSocket) socket).corkedByUser = true;
        }
        int result = super.setOption(socket, setting);
        if (!corks && setting.option().equals(SocketOption.CORK)) {
            ((UringSocket) socket).corkedByUser = false;
        }
        return result;
    }

    @Override
    public int accept(Fiber fiber, Descriptor listener) {
        return run(fiber, listener, call -> new Accept(listener.number(), 0, call));
    }

    @Override
    public int connect(Fiber fiber, int socket, Address address) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment sockaddr = scratch.allocate(SocketAddresses.CAPACITY, Long.BYTES);
            int length = SocketAddresses.write(address, sockaddr);
            return run(fiber, address, call -> new Connect(socket, sockaddr, length, call));
        }
    }

    @Override
    public int receive(Fiber fiber, Descriptor descriptor, MemorySegment memory) {
        UringSocket socket = (UringSocket) descriptor;
        socket.reads();
        if (fiber instanceof LoopFiber own) {
            LoopThread refuge = own.home().load().refugeFor(own);
            if (refuge != null) {
                own.moveTo(refuge);
            }
        }
        for (Receiver receiver = receiver(fiber, socket); receiver != null; receiver = receiver(fiber, socket)) {
            int result = receiver.read(fiber, memory);
            if (result != Receiver.MOVED) {
                return result;
            }
        }
        if (!(fiber instanceof LoopFiber)) {
            int direct = receiveDirectly(fiber, socket, memory);
            if (direct != BY_RING) {
                return direct;
            }
        }
        return receiveByRing(fiber, socket, memory);
    }

    /** The way in by the reading task's loop, which the first read decides on; null where there is none. */
    private static @Nullable Receiver receiver(Fiber fiber, UringSocket socket) {
        Receiver found = socket.receiver();
        if (found == null && fiber instanceof LoopFiber own && socket.takesMultishot()) {
            ReceiveBuffers buffers = own.home().receiveBuffers();
            if (buffers != null) {
                return socket.receiver(new Receiver(own.home(), socket, buffers));
            }
        }
        return found;
    }

    private int receiveDirectly(Fiber fiber, UringSocket socket, MemorySegment memory) {
        if (memory.isNative()) {
            return receiveDirectly(fiber, socket, memory, null);
        }
        try (BounceBuffer bounce = BounceBuffer.borrow(memory.byteSize())) {
            int count = receiveDirectly(fiber, socket, bounce.memory(memory.byteSize()), null);
            bounce.copyTo(memory, Math.max(count, 0));
            return count;
        }
    }

    /**
     * On the caller's own thread: the way to a loop and back costs more than an attempt that finds nothing. Only where
     * the kernel has no room to watch one more connection, that way is gone.
     *
     * @param message what is received instead into the memory, or null
     * @return {@link #BY_RING} where the ring is to do it
     */
    private int receiveDirectly(
            Fiber fiber, UringSocket socket, MemorySegment memory, @Nullable SocketMessage message) {
        Readiness readiness = readiness(socket);
        while (true) {
            int seen = readiness == null ? 0 : readiness.arrivals();
            int result = message == null
                    ? (int) Sockets.recv(socket.number(), memory, memory.byteSize(), Sockets.MSG_DONTWAIT)
                    : message.receiveNow(socket.number());
            if (result != -Errno.EAGAIN.code() || socket.receiver() != null || socket.isClosing()) {
                return result;
            }
            if (readiness == null || !readiness.watch()) {
                return BY_RING;
            }
            int outcome = readiness.await(fiber, seen);
            if (socket.isClosing()) {
                readiness.close();
            }
            if (outcome != 0) {
                return outcome;
            }
        }
    }

    /** Where there is a receiver, it has what comes first, and perhaps what comes next as well. */
    @Override
    public int receive(Fiber fiber, Descriptor descriptor, List<MemorySegment> parts) {
        UringSocket socket = (UringSocket) descriptor;
        if (socket.receiver() == null && !(fiber instanceof LoopFiber && socket.takesMultishot())) {
            return super.receive(fiber, descriptor, parts);
        }
        int total = receive(fiber, descriptor, parts.getFirst());
        int latest = total;
        for (int i = 1; i < parts.size() && latest == parts.get(i - 1).byteSize(); i++) {
            Receiver receiver = socket.receiver();
            latest = receiver == null ? 0 : receiver.readNow(parts.get(i));
            total += latest;
        }
        return total;
    }

    @Override
    protected int receiveParts(Fiber fiber, Descriptor descriptor, List<MemorySegment> parts) {
        UringSocket socket = (UringSocket) descriptor;
        if (!(fiber instanceof LoopFiber)) {
            try (SocketMessage message = new SocketMessage(parts)) {
                int direct = receiveDirectly(fiber, socket, MemorySegment.NULL, message);
                if (direct != BY_RING) {
                    return direct;
                }
            }
        }
        Message message = new Message(MemorySegment.NULL, new Vector(parts), MemorySegment.NULL);
        return run(fiber, socket, call -> new RecvMsg(socket.number(), message, 0, call));
    }

    @Override
    protected int awaitReadable(Fiber fiber, Descriptor descriptor) {
        return run(fiber, descriptor, call -> new Poll(descriptor.number(), Events.POLLIN, call));
    }

    @Override
    protected int receiveWhenReady(Fiber fiber, Descriptor socket, DatagramMessages messages) {
        return datagrams.receive(fiber, (UringSocket) socket, messages);
    }

    @Override
    protected int awaitRoom(Fiber fiber, Descriptor socket) {
        long look = nextLook(address(socket), NEVER);
        int room = new RoomCall().await(io.loopFor(fiber), fiber, socket, look);
        return room == -Errno.ETIME.code() ? 0 : room;
    }

    @Override
    protected Address address(Descriptor socket) {
        return ((UringSocket) socket).address();
    }

    @Override
    protected void giveWay(Fiber fiber, Descriptor socket) {
        datagrams.giveWay(fiber, (UringSocket) socket);
    }

    /** Null where there can be no poller. */
    @Nullable Readiness readiness(UringSocket socket) {
        Readiness found = socket.readiness();
        if (found != null) {
            return found;
        }
        Poller poller = io.nextLoop().poller();
        return poller == null ? null : socket.readiness(new Readiness(poller, socket));
    }

    private int receiveByRing(Fiber fiber, UringSocket socket, MemorySegment memory) {
        if (StableMemory.isStable(memory)) {
            return receiveInto(fiber, socket, memory);
        }
        try (BounceBuffer bounce = BounceBuffer.borrow(memory.byteSize())) {
            int count = receiveInto(fiber, socket, bounce.memory(memory.byteSize()));
            bounce.copyTo(memory, Math.max(count, 0));
            return count;
        }
    }

    private int receiveInto(Fiber fiber, UringSocket socket, MemorySegment stable) {
        TransferPool.Receiving mine = TransferPool.receiving(fiber);
        mine.recv.from(socket.number(), stable, !socket.expectsMore());
        int result = mine.call.run(io.loopFor(fiber), fiber, mine.recv, socket, NEVER);
        socket.expectMore(mine.recv.socketHasMore());
        TransferPool.giveBack(fiber, mine);
        return result;
    }

    @Override
    public int send(Fiber fiber, Descriptor descriptor, MemorySegment memory, long deadline, boolean whole) {
        UringSocket socket = (UringSocket) descriptor;
        if (memory.isNative()) {
            int direct = sendDirectly(fiber, socket, memory, null);
            if (direct != -Errno.EAGAIN.code()) {
                return direct;
            }
            if (StableMemory.isStable(memory)) {
                return sendByRing(fiber, socket, memory, deadline, whole);
            }
        }
        try (BounceBuffer bounce = BounceBuffer.of(memory)) {
            MemorySegment copy = bounce.memory(memory.byteSize());
            int direct = memory.isNative() ? -Errno.EAGAIN.code() : sendDirectly(fiber, socket, copy, null);
            return direct == -Errno.EAGAIN.code() ? sendByRing(fiber, socket, copy, deadline, whole) : direct;
        }
    }

    @Override
    protected int sendParts(
            Fiber fiber, Descriptor descriptor, List<MemorySegment> parts, long deadline, boolean whole) {
        UringSocket socket = (UringSocket) descriptor;
        try (SocketMessage message = new SocketMessage(parts)) {
            int direct = sendDirectly(fiber, socket, MemorySegment.NULL, message);
            if (direct != -Errno.EAGAIN.code()) {
                return direct;
            }
        }
        Message message = new Message(MemorySegment.NULL, new Vector(parts), MemorySegment.NULL);
        return run(fiber, socket, deadline,
                call -> new SendMsg(socket.number(), message, waitFlags(deadline, whole), call));
    }

    @Override
    protected int sendMessage(
            Fiber fiber, Descriptor descriptor, List<MemorySegment> parts, MemorySegment control) {
        UringSocket socket = (UringSocket) descriptor;
        try (SocketMessage message = new SocketMessage(parts, control)) {
            int direct = sendDirectly(fiber, socket, MemorySegment.NULL, message);
            if (direct != -Errno.EAGAIN.code()) {
                return direct;
            }
        }
        Message message = new Message(MemorySegment.NULL, new Vector(parts), control);
        return run(fiber, socket, call -> new SendMsg(socket.number(), message, 0, call));
    }

    @Override
    protected int receiveMessage(
            Fiber fiber, Descriptor descriptor, List<MemorySegment> parts, MemorySegment control,
            PassedDescriptors passed) {
        UringSocket socket = (UringSocket) descriptor;
        if (fiber instanceof LoopFiber) {
            Message message = new Message(MemorySegment.NULL, new Vector(parts), control);
            int count = run(fiber, socket, call -> new RecvMsg(socket.number(), message, 0, call));
            UnixSockets.say(message.flags(), passed);
            return count;
        }
        try (SocketMessage message = new SocketMessage(parts, control)) {
            int count = receiveDirectly(fiber, socket, MemorySegment.NULL, message);
            if (count == BY_RING) {
                int ready = awaitReadable(fiber, socket);
                count = ready < 0 ? ready : -Errno.EAGAIN.code();
            }
            UnixSockets.say(message.flags(), passed);
            return count;
        }
    }

    /**
     * Tries without the ring, which saves the way there and back: mostly there is room. Where other tasks are about to
     * run on the loop, their answers and this one go to the kernel together, by the ring. But who writes again and
     * again would park for each write; it goes on, for as long as others can wait, and what it writes leaves together.
     *
     * @param message what is sent instead of the memory, or null
     * @return {@code EAGAIN} where the ring is to do it
     */
    private static int sendDirectly(
            Fiber fiber, UringSocket socket, MemorySegment memory, @Nullable SocketMessage message) {
        if (fiber instanceof LoopFiber own) {
            LoopThread home = own.home();
            int writes = socket.writes(home.runs);
            if ((writes == 0 && home.hasRunnable()) || !home.mayStream()) {
                return -Errno.EAGAIN.code();
            }
            if (writes >= WRITES_ALONE && socket.isTcp() && !socket.corkedByUser) {
                int sent = sendNow(socket.number(), memory, message, Sockets.MSG_MORE);
                // Not before: a fiber that is switched out in between would find it pushed, and write more.
                home.corked().add(socket);
                return sent;
            }
        } else if (Thread.currentThread().isVirtual()
                && socket.writes(FOREIGN_RUN) % CALLS_AT_ONCE == CALLS_AT_ONCE - 1) {
            return -Errno.EAGAIN.code();
        }
        return sendNow(socket.number(), memory, message, 0);
    }

    private static int sendNow(int socket, MemorySegment memory, @Nullable SocketMessage message, int more) {
        return message != null
                ? message.sendNow(socket, more)
                : (int) Sockets.send(
                        socket, memory, memory.byteSize(), Sockets.MSG_DONTWAIT | Sockets.MSG_NOSIGNAL | more);
    }

    private int sendByRing(Fiber fiber, Descriptor socket, MemorySegment stable, long deadline, boolean whole) {
        TransferPool.Sending mine = TransferPool.sending(fiber);
        mine.send.to(socket.number(), stable, waitFlags(deadline, whole));
        int result = mine.call.run(io.loopFor(fiber), fiber, mine.send, socket, deadline);
        TransferPool.giveBack(fiber, mine);
        return result;
    }

    /** Who limits how long nothing may go out has to see what does. */
    private static int waitFlags(long deadline, boolean whole) {
        return whole && deadline == NEVER ? Sockets.MSG_WAITALL : 0;
    }

    @Override
    public long spliceIn(Fiber fiber, Descriptor descriptor, int pipe, long length) {
        UringSocket socket = (UringSocket) descriptor;
        return passage.in(fiber, socket, fiber instanceof LoopFiber ? null : readiness(socket), pipe, length);
    }

    @Override
    public long spliceOut(Fiber fiber, Descriptor descriptor, int pipe, long length) {
        return passage.out(fiber, (UringSocket) descriptor, pipe, length);
    }

    @Override
    public long sendFile(Fiber fiber, Descriptor socket, Descriptor file, long offset, long length, long deadline) {
        return passage.sendFile(fiber, (UringSocket) socket, file.number(), offset, length, deadline);
    }

    final int run(Fiber fiber, Object target, Function<Call, Operation> maker) {
        return run(fiber, target, NEVER, maker);
    }

    /**
     * The kernel gives an operation up that nobody has asked to end, where it can start no thread for it, as when the
     * user has as many as the limit allows.
     */
    final int run(Fiber fiber, Object target, long deadline, Function<Call, Operation> maker) {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            Call call = new Call();
            int result = call.run(io.loopFor(fiber), fiber, maker.apply(call), target, deadline);
            if (result != -Errno.ECANCELED.code() || call.wasAskedToEnd()) {
                return result;
            }
        }
        return -Errno.ENOMEM.code();
    }
}
