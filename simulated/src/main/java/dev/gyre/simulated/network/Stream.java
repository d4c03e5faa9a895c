package dev.gyre.simulated.network;

import dev.gyre.io.Address;
import dev.gyre.io.ErrorNumber;
import dev.gyre.io.UnixAddress;
import dev.gyre.simulated.kernel.Attempt;
import dev.gyre.simulated.kernel.Outgoing;
import dev.gyre.simulated.kernel.Pipe;
import dev.gyre.simulated.kernel.Refusal;
import dev.gyre.simulated.turns.Watchers;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection: a pipe to read from, and where it writes. Within a machine both ends have the same two
 * pipes. Guarded by the kernel's lock.
 *
 * <p>It ends as TCP does on Linux, for Unix sockets too. An end that closes writes nothing more, and if it has not read
 * everything, or is sent something afterwards, it resets the connection. The other end still reads what has arrived;
 * then it hears of the reset, once, unless its stream had ended before; and from then on it reads the end of the stream
 * and can write nothing.
 */
final class Stream {
    private final Address local;
    private final Address remote;
    private final Pipe in;
    private final Outgoing out;

    /** Whether this end was the first to write nothing more: the one whose address is kept for a while. */
    private boolean endedFirst;

    Stream(Address local, Address remote, Pipe in, Outgoing out) {
        this.local = local;
        this.remote = remote;
        this.in = in;
        this.out = out;
    }

    Address local() {
        return local;
    }

    Address remote() {
        return remote;
    }

    /** Its end of a connection to another machine; null for one within a machine. */
    @Nullable TcpEnd across() {
        return out instanceof TcpEnd end ? end : null;
    }

    /** Those who wait for something to read. */
    Watchers readers() {
        return in.watchers();
    }

    /** Those who wait for room to write. */
    Watchers writers() {
        return out.watchers();
    }

    /** Reads. The number of bytes, 0 at the end, {@link Attempt#WAIT} if there is nothing yet. */
    int read(List<MemorySegment> parts) throws Refusal {
        Pipe.Read read = readPassed(parts);
        if (read == null) {
            return Attempt.WAIT;
        }
        in.drop(read.passed());
        return read.count();
    }

    /** Reads, and takes what was passed along. Null if there is nothing yet. */
    Pipe.@Nullable Read readPassed(List<MemorySegment> parts) throws Refusal {
        if (!in.isEmpty()) {
            return in.read(parts);
        }
        refuseIfReset();
        return in.isExhausted() ? new Pipe.Read(0, List.of(), false, Outgoing.NO_PROCESS) : null;
    }

    /**
     * Writes.
     *
     * @param passed goes along, if anything is written
     * @param process that the reader is told of, {@link Outgoing#NO_PROCESS} for none
     * @return the number of bytes, {@link Attempt#WAIT} if there is no room
     */
    int write(List<MemorySegment> parts, List<Object> passed, int process) throws Refusal {
        refuseIfReset();
        if (out.isEnded()) {
            throw new Refusal(ErrorNumber.EPIPE);
        }
        int count = out.write(parts, passed, process);
        if (out.isAbandoned()) {
            in.reset();
            out.end();
        }
        return count == 0 ? Attempt.WAIT : count;
    }

    /** Writes nothing more. */
    void end() {
        if (!out.isEnded()) {
            endedFirst = !in.isEnded();
            out.end();
        }
    }

    /** Reads nothing more. A Unix socket tells the other end, TCP does not. */
    void discard() {
        in.discard();
        if (local instanceof UnixAddress) {
            in.end();
        }
    }

    /** Whether this end was told that the other one is gone. */
    boolean isReset() {
        return in.isReset();
    }

    /** Closes this end. Whether its address is kept for a while. */
    boolean close() {
        if (!in.isEmpty()) {
            abort();
            return false;
        }
        end();
        in.abandon();
        return endedFirst && !in.isReset();
    }

    /** Closes this end so that the other one hears that something was lost. */
    void abort() {
        out.reset();
        in.end();
        in.abandon();
    }

    /** Hears of what went wrong, once. */
    int takeError() {
        return in.hearReset() ? ErrorNumber.ECONNRESET.code() : 0;
    }

    private void refuseIfReset() throws Refusal {
        if (in.hearReset()) {
            throw new Refusal(ErrorNumber.ECONNRESET);
        }
    }
}
