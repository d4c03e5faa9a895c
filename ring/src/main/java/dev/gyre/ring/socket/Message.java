package dev.gyre.ring.socket;

import dev.gyre.linux.layout.Msghdr;
import dev.gyre.ring.Operation;
import dev.gyre.ring.Vector;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * What {@link SendMsg} sends and {@link RecvMsg} fills: an address, buffers, control data (sendmsg(2), cmsg(3)).
 *
 * <p>It belongs to one operation at a time. After a receive it tells the true lengths, until the next submission.
 */
public final class Message {
    private final MemorySegment address;
    private final Vector buffers;
    private final MemorySegment control;
    private final MemorySegment header = Arena.ofAuto().allocate(Msghdr.LAYOUT);

    /**
     * A message.
     *
     * @param address a {@code sockaddr} to send to, or room for one; native; {@link MemorySegment#NULL} for none
     * @param buffers the data
     * @param control {@code cmsghdr}s to send, or room for them; native; {@link MemorySegment#NULL} for none
     */
    public Message(MemorySegment address, Vector buffers, MemorySegment control) {
        this.address = Operation.requireNative(address);
        this.buffers = buffers;
        this.control = Operation.requireNative(control);
        header.set(ValueLayout.JAVA_LONG, Msghdr.MSG_NAME, address.address());
        header.set(ValueLayout.JAVA_LONG, Msghdr.MSG_IOV, buffers.elements().address());
        header.set(ValueLayout.JAVA_LONG, Msghdr.MSG_IOVLEN, buffers.count());
        header.set(ValueLayout.JAVA_LONG, Msghdr.MSG_CONTROL, control.address());
        reset();
    }

    /**
     * The true length of the sender's address, which may be more than there was room for.
     *
     * @return bytes; 0 for none
     */
    public int addressLength() {
        return header.get(ValueLayout.JAVA_INT, Msghdr.MSG_NAMELEN);
    }

    /**
     * The length of the received control data.
     *
     * @return bytes
     */
    public int controlLength() {
        return Math.toIntExact(header.get(ValueLayout.JAVA_LONG, Msghdr.MSG_CONTROLLEN));
    }

    /**
     * What is to be known of a received message.
     *
     * @return {@code MSG_TRUNC}, {@code MSG_CTRUNC}, {@code MSG_EOR} …
     */
    public int flags() {
        return header.get(ValueLayout.JAVA_INT, Msghdr.MSG_FLAGS);
    }

    /** Says again how much room there is. */
    void reset() {
        header.set(ValueLayout.JAVA_INT, Msghdr.MSG_NAMELEN, Math.toIntExact(address.byteSize()));
        header.set(ValueLayout.JAVA_LONG, Msghdr.MSG_CONTROLLEN, control.byteSize());
        header.set(ValueLayout.JAVA_INT, Msghdr.MSG_FLAGS, 0);
    }

    MemorySegment header() {
        return header;
    }

    /** All memory that the kernel may touch, besides the header. */
    MemorySegment[] memory() {
        MemorySegment[] data = buffers.memory();
        MemorySegment[] all = Arrays.copyOf(data, data.length + 2);
        all[data.length] = address;
        all[data.length + 1] = control;
        return all;
    }
}
