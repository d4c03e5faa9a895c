package dev.gyre.ring.socket;

import dev.gyre.linux.Errno;
import dev.gyre.linux.IoUring;
import dev.gyre.linux.IoUringOp;
import dev.gyre.linux.Sockets;
import dev.gyre.linux.layout.IoUringRecvmsgOut;
import dev.gyre.linux.layout.Msghdr;
import dev.gyre.ring.BufferRing;
import dev.gyre.ring.Callback;
import dev.gyre.ring.Operation;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.Submission;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Receives messages again and again, each with its sender's address and control data into one buffer of a
 * {@link BufferRing}. The result is how much of the buffer was used; the methods here find the parts in it.
 *
 * <p>The loop submits it again when the kernel has ended it without need, and when buffers are back; it is over with an
 * error or a cancellation. Descriptors that arrive are closed on exec.
 */
public final class RecvMsgMultishot extends Operation {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("recvmsg multishot", IoUringOp.IORING_OP_RECVMSG,
            "6.0", "io_uring_prep_recvmsg_multishot(3)", RecvMsg.KIND.errors());

    private final int socket;
    private final BufferRing buffers;
    private final int addressRoom;
    private final int controlRoom;
    private final MemorySegment header = Arena.ofAuto().allocate(Msghdr.LAYOUT);

    /**
     * A receive.
     *
     * @param socket a socket
     * @param buffers of the same ring
     * @param addressRoom bytes of each buffer that are kept for the address, 0 or more
     * @param controlRoom bytes of each buffer that are kept for control data, 0 or more
     * @param callback who is told of each
     */
    public RecvMsgMultishot(int socket, BufferRing buffers, int addressRoom, int controlRoom, Callback callback) {
        super(callback);
        this.socket = socket;
        this.buffers = buffers;
        this.addressRoom = addressRoom;
        this.controlRoom = controlRoom;
        if (addressRoom < 0 || controlRoom < 0 || payloadAt() > buffers.size()) {
            throw new IllegalArgumentException("address of " + addressRoom + " and control data of " + controlRoom
                    + " bytes do not fit into a buffer of " + buffers.size());
        }
        header.set(ValueLayout.JAVA_INT, Msghdr.MSG_NAMELEN, addressRoom);
        header.set(ValueLayout.JAVA_LONG, Msghdr.MSG_CONTROLLEN, controlRoom);
        persist();
    }

    /**
     * The sender's address.
     *
     * @param buffer that a completion filled
     * @return a {@code sockaddr}, cut off where there was too little room
     */
    public MemorySegment address(MemorySegment buffer) {
        int length = buffer.get(ValueLayout.JAVA_INT, IoUringRecvmsgOut.NAMELEN);
        return buffer.asSlice(IoUringRecvmsgOut.SIZE, Math.min(length, addressRoom));
    }

    /**
     * The control data.
     *
     * @param buffer that a completion filled
     * @return {@code cmsghdr}s
     */
    public MemorySegment control(MemorySegment buffer) {
        int length = buffer.get(ValueLayout.JAVA_INT, IoUringRecvmsgOut.CONTROLLEN);
        return buffer.asSlice(IoUringRecvmsgOut.SIZE + addressRoom, Math.min(length, controlRoom));
    }

    /**
     * The data.
     *
     * @param buffer that a completion filled
     * @return as much as there was room for
     */
    public MemorySegment payload(MemorySegment buffer) {
        return buffer.asSlice(payloadAt(), result() - payloadAt());
    }

    /**
     * What is to be known of the message.
     *
     * @param buffer that a completion filled
     * @return {@code MSG_TRUNC}, {@code MSG_CTRUNC} …
     */
    public int messageFlags(MemorySegment buffer) {
        return buffer.get(ValueLayout.JAVA_INT, IoUringRecvmsgOut.FLAGS);
    }

    private long payloadAt() {
        return IoUringRecvmsgOut.SIZE + addressRoom + controlRoom;
    }

    @Override
    protected Next next(int value) {
        if (value >= 0) {
            return Next.AGAIN;
        }
        if (value == -Errno.ENOBUFS.code()) {
            return fed() ? Next.AGAIN_SILENTLY : Next.STARVED;
        }
        return retries(value) ? Next.AGAIN_SILENTLY : Next.DONE;
    }

    @Override
    protected boolean fed() {
        return buffers.taken() < buffers.count();
    }

    @Override
    protected void prepare(Submission entry) {
        entry.operation(KIND.opcode(), socket)
                .flags(IoUring.IOSQE_BUFFER_SELECT)
                .ioprio(IoUringOp.IORING_RECV_MULTISHOT)
                .address(header.address())
                .length(1)
                .operationFlags(Sockets.MSG_CMSG_CLOEXEC)
                .bufferGroup(buffers.group());
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
