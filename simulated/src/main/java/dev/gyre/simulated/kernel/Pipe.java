package dev.gyre.simulated.kernel;

import dev.gyre.io.ErrorNumber;
import dev.gyre.io.SocketType;
import dev.gyre.simulated.turns.Watchers;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * One direction of a connection: what was written and not read yet. Of a connection to another machine, what has
 * arrived here. Guarded by the kernel's lock.
 */
public final class Pipe implements Outgoing {
    /** So many bytes at most wait for the reader. */
    public static final int WINDOW = 64 * 1024;

    private final SocketType type;
    private final Consumer<Object> dropped;
    private final LongConsumer taken;
    private final Deque<Piece> pieces = new ArrayDeque<>();
    private final Watchers watchers = new Watchers();
    private long size;
    private boolean ended;
    private boolean discarding;
    private boolean abandoned;
    private boolean reset;
    private boolean resetUnheard;

    /**
     * An empty one.
     *
     * @param dropped is told what was passed and never arrives
     */
    public Pipe(SocketType type, Consumer<Object> dropped) {
        this(type, dropped, count -> {});
    }

    private Pipe(SocketType type, Consumer<Object> dropped, LongConsumer taken) {
        this.type = type;
        this.dropped = dropped;
        this.taken = taken;
    }

    /**
     * An empty one for what comes from another machine.
     *
     * @param taken is told how many bytes were read or thrown away, each time
     */
    public static Pipe ofArrivals(LongConsumer taken) {
        return new Pipe(SocketType.STREAM, passed -> {}, taken);
    }

    /** Some bytes, what was passed with the first of them, and which process the reader is told of. */
    private record Piece(MemorySegment bytes, List<Object> passed, int sender) {
        long size() {
            return bytes.byteSize();
        }
    }

    /** What was read, with what was passed along, and who is known to have written it. */
    public record Read(int count, List<Object> passed, boolean cut, int sender) {}

    /** Those who wait for bytes or for room; never both, since there is always one of the two. */
    @Override
    public Watchers watchers() {
        return watchers;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** How many bytes wait for the reader. */
    public long size() {
        return size;
    }

    /** How many more bytes it takes. */
    public long room() {
        return WINDOW - size;
    }

    /** Whether nothing more is written. */
    @Override
    public boolean isEnded() {
        return ended;
    }

    /** Whether the reader finds nothing any more. */
    public boolean isExhausted() {
        return isEmpty() && (ended || discarding);
    }

    /** Whether the reader is gone. */
    @Override
    public boolean isAbandoned() {
        return abandoned;
    }

    /** Whether the reader was told that the writer is gone. */
    public boolean isReset() {
        return reset;
    }

    /** Whether the reader has yet to hear of it; true once. */
    public boolean hearReset() {
        boolean unheard = resetUnheard;
        resetUnheard = false;
        return unheard;
    }

    /** Takes a message as a whole. */
    @Override
    public int write(List<MemorySegment> parts, List<Object> passed, int process) throws Refusal {
        long length = parts.stream().mapToLong(MemorySegment::byteSize).sum();
        if (type == SocketType.SEQPACKET && length > WINDOW) {
            throw new Refusal(ErrorNumber.EMSGSIZE);
        }
        long taken = type == SocketType.SEQPACKET && length > room() ? 0 : Math.min(length, room());
        if (taken > 0) {
            add(new Piece(MemorySegment.ofArray(gather(parts, (int) taken)), passed, process));
        }
        return (int) taken;
    }

    /** A copy of the first bytes of several pieces of memory, which have so many. */
    public static byte[] gather(List<MemorySegment> parts, int count) {
        byte[] bytes = new byte[count];
        int copied = 0;
        for (MemorySegment part : parts) {
            int some = (int) Math.min(part.byteSize(), count - copied);
            MemorySegment.copy(part, ValueLayout.JAVA_BYTE, 0, bytes, copied, some);
            copied += some;
        }
        return bytes;
    }

    /** Takes what comes from another machine, which knows how much there is room for. */
    public void arrive(byte[] bytes) {
        add(new Piece(MemorySegment.ofArray(bytes), List.of(), NO_PROCESS));
    }

    private void add(Piece piece) {
        if (discarding) {
            piece.passed.forEach(dropped);
            taken.accept(piece.size());
        } else {
            pieces.add(piece);
            size += piece.size();
            watchers.signal();
        }
    }

    /**
     * Gives as many bytes as there are and fit, together with what was passed along with the first of them that had
     * something, but then not with bytes that were written after those, nor with those of another sender. One message
     * at most.
     */
    public Read read(List<MemorySegment> parts) {
        int sender = pieces.getFirst().sender;
        List<Object> passed = List.of();
        long filled = 0;
        boolean first = true;
        boolean cut = false;
        boolean complete = false;
        try {
            for (MemorySegment part : parts) {
                long into = 0;
                while (into < part.byteSize() && !pieces.isEmpty()
                        && (first || cut || isContinued(passed, sender))) {
                    Piece piece = pieces.getFirst();
                    long count = Math.min(piece.size(), part.byteSize() - into);
                    take(piece, count);
                    passed = piece.passed.isEmpty() ? passed : piece.passed;
                    filled += count;
                    first = false;
                    cut = count < piece.size();
                    MemorySegment.copy(piece.bytes, 0, part, into, count);
                    into += count;
                }
            }
            complete = true;
        } finally {
            if (cut && type == SocketType.SEQPACKET) {
                size -= pieces.removeFirst().size();
            }
            if (!complete) {
                drop(passed); // the memory is gone, and what was to go there is lost
            }
            watchers.signal();
            taken.accept(filled);
        }
        return new Read((int) filled, passed, cut && type == SocketType.SEQPACKET, sender);
    }

    /** Whether what comes next may be read together with what came before it, a piece that was not cut. */
    private boolean isContinued(List<Object> passed, int sender) {
        return type == SocketType.STREAM && passed.isEmpty() && pieces.getFirst().sender == sender;
    }

    /** Takes the first bytes of the first piece; what was passed with them is not passed with the rest. */
    private void take(Piece piece, long count) {
        pieces.removeFirst();
        if (count < piece.size()) {
            pieces.addFirst(new Piece(piece.bytes.asSlice(count), List.of(), piece.sender));
        }
        size -= count;
    }

    /** Lets go of what was passed along, where nobody takes it. */
    public void drop(List<Object> passed) {
        passed.forEach(dropped);
    }

    /** Nothing more is written. */
    @Override
    public void end() {
        ended = true;
        watchers.signal();
    }

    /** Nothing more is read: what there is and what comes is thrown away. */
    public void discard() {
        discarding = true;
        long thrownAway = size;
        pieces.forEach(piece -> piece.passed.forEach(dropped));
        pieces.clear();
        size = 0;
        watchers.signal();
        taken.accept(thrownAway);
    }

    /** The reader is gone. */
    public void abandon() {
        abandoned = true;
        discard();
    }

    /** The writer is gone, and the reader hears of it, unless it has seen the end before. */
    @Override
    public void reset() {
        reset = true;
        resetUnheard = !ended;
        end();
    }
}
