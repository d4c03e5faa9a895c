package dev.gyre.ring.socket;

import dev.gyre.linux.IoUringOp;
import dev.gyre.linux.Sockets;
import dev.gyre.ring.Callback;
import dev.gyre.ring.OperationKind;
import dev.gyre.ring.RegisteredBuffers;
import dev.gyre.ring.Submission;
import dev.gyre.ring.Transfer;
import java.lang.foreign.MemorySegment;

/** Sends on a TCP or UDP socket as {@link ZeroCopy} says. The result is the number of bytes. */
public final class SendZeroCopy extends ZeroCopy {
    /** What this is. */
    public static final OperationKind KIND = new OperationKind("send_zc", IoUringOp.IORING_OP_SEND_ZC, "6.0",
            "io_uring_prep_send_zc(3)", SendMsg.KIND.errors());

    private static final int NO_INDEX = -1;

    private final int socket;
    private final MemorySegment buffer;
    private final int registeredIndex;

    /**
     * A send.
     *
     * @param socket a connected socket
     * @param buffer native; at most 0x7ffff000 bytes of it are sent
     * @param callback who is told, twice
     */
    public SendZeroCopy(int socket, MemorySegment buffer, Callback callback) {
        this(socket, buffer, NO_INDEX, callback);
    }

    /**
     * A send from registered memory, whose pages the kernel need not look up.
     *
     * @param socket a connected socket
     * @param buffers registered with the same ring
     * @param index of the buffer
     * @param length how much of its beginning is sent
     * @param callback who is told, twice
     */
    public SendZeroCopy(int socket, RegisteredBuffers buffers, int index, long length, Callback callback) {
        this(socket, buffers.segment(index).asSlice(0, length), index, callback);
    }

    private SendZeroCopy(int socket, MemorySegment buffer, int registeredIndex, Callback callback) {
        super(callback, buffer);
        this.socket = socket;
        this.buffer = buffer;
        this.registeredIndex = registeredIndex;
    }

    @Override
    protected void prepare(Submission entry) {
        begin();
        boolean registered = registeredIndex != NO_INDEX;
        entry.operation(KIND.opcode(), socket)
                .address(buffer.address())
                .length((int) Math.min(buffer.byteSize(), Transfer.LENGTH_MAX))
                .ioprio(IoUringOp.IORING_SEND_ZC_REPORT_USAGE
                        | (registered ? IoUringOp.IORING_RECVSEND_FIXED_BUF : 0))
                .bufferGroup(registered ? registeredIndex : 0)
                .operationFlags(Sockets.MSG_NOSIGNAL);
    }

    @Override
    public OperationKind kind() {
        return KIND;
    }
}
