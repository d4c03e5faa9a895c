package dev.gyre.ring.socket;

import dev.gyre.ring.Callback;
import dev.gyre.ring.Operation;
import dev.gyre.ring.Submission;
import java.lang.foreign.MemorySegment;

/** An operation that tells a socket an address. */
abstract sealed class Addressing extends Operation permits Bind, Connect {
    private final int socket;
    private final MemorySegment address;
    private final int addressLength;

    Addressing(int socket, MemorySegment address, int addressLength, Callback callback) {
        super(callback, address);
        this.socket = socket;
        this.address = address;
        this.addressLength = addressLength;
    }

    @Override
    protected final void prepare(Submission entry) {
        entry.operation(kind().opcode(), socket).address(address.address()).offset(addressLength);
    }
}
