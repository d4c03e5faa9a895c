package dev.gyre.simulated.network;

import dev.gyre.io.ErrorNumber;
import dev.gyre.io.IpAddress;
import dev.gyre.simulated.network.Packet.Kind;
import dev.gyre.simulated.network.Packet.Segment;
import dev.gyre.simulated.kernel.Attempt;
import dev.gyre.simulated.kernel.Outgoing;
import dev.gyre.simulated.kernel.Pipe;
import dev.gyre.simulated.kernel.Refusal;
import dev.gyre.simulated.turns.Watchers;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One end of a TCP connection to another machine. What it has to say goes out as segments; what it reads has arrived.
 *
 * <p>It takes as much to be written as may be in flight: what the other end has read, it hears later. Segments arrive
 * in their order and are not lost, so that none but the first is ever repeated. That is where a lost one, or a machine
 * that is no more, has to be dealt with.
 *
 * <p>Guarded by the kernel's lock.
 */
final class TcpEnd implements Outgoing {
    /** So much travels in one segment, as Linux has it with segmentation left to the hardware. */
    private static final int CONTENT_MAX = 16 * 1024;

    final IpAddress local;
    final IpAddress remote;

    /** Tells the connection from others between the same addresses. */
    final long connection;

    private final boolean asks;
    private final int inFlightBytesMax;
    private final Consumer<Segment> sender;
    private final Pipe in = Pipe.ofArrivals(this::tellRead);
    private final Watchers watchers = new Watchers();

    /** How much was written of which the other end has not said that it was read. */
    private int inFlightBytes;

    private boolean ended;

    /** Who will hand it out, while the connection is granted and not taken. */
    private @Nullable SimulatedSocket grantedBy;

    /** Whether the one that asked for it has got it. */
    private boolean connected;

    private @Nullable ErrorNumber failure;

    /** What to do when it is known whether there is a connection. */
    private Runnable timer = () -> {};

    /**
     * One that has said nothing yet.
     *
     * @param local plain, with its port, as {@code remote} is
     * @param asks whether it asks for the connection
     * @param sender brings segments to the other machine
     */
    TcpEnd(IpAddress local, IpAddress remote, long connection, boolean asks, int inFlightBytesMax,
            Consumer<Segment> sender) {
        this.local = local;
        this.remote = remote;
        this.connection = connection;
        this.asks = asks;
        this.inFlightBytesMax = inFlightBytesMax;
        this.sender = sender;
    }

    /** Whether it has asked for the connection and was not answered. */
    boolean isAsking() {
        return asks && !connected;
    }

    /** What has arrived. */
    Pipe in() {
        return in;
    }

    void say(Kind kind) {
        sender.accept(new Segment(local, remote, connection, kind));
    }

    private void tellRead(long count) {
        if (count > 0) {
            sender.accept(new Segment(local, remote, connection, Kind.READ, new byte[0], count));
        }
    }

    /** A listener grants it. */
    void grant(SimulatedSocket listener) {
        grantedBy = listener;
        listener.reserve();
        say(Kind.SYN_ACK);
    }

    /** Takes the listener that granted it, once. */
    @Nullable SimulatedSocket takeGrant() {
        SimulatedSocket listener = grantedBy;
        grantedBy = null;
        if (listener != null) {
            listener.unreserve();
        }
        return listener;
    }

    /** It was asked for, and something happens if it is neither granted nor refused. */
    void setTimer(Runnable stop) {
        timer = stop;
    }

    /** That does not happen any more. */
    void stopTimer() {
        timer.run();
    }

    /**
     * Its machine knows nothing of it any more. Who has no room to send looks for some again and again (RFC 9293,
     * 3.8.6.1), and is told then.
     */
    void vanish() {
        stopTimer();
        if (in.size() >= inFlightBytesMax) {
            say(Kind.RST);
        }
    }

    /** What was asked for was granted. */
    void granted() {
        stopTimer();
        say(Kind.ACK);
        connected = true;
        watchers.signal();
    }

    /** What was asked for is refused. */
    void fail(ErrorNumber number) {
        stopTimer();
        failure = number;
        watchers.signal();
    }

    /** Whether it was asked for here, and granted. */
    boolean isConnected() {
        return connected;
    }

    /** 0 when it is connected; {@link Attempt#WAIT} before that. */
    int outcome() throws Refusal {
        if (failure != null) {
            throw new Refusal(failure);
        }
        return connected ? 0 : Attempt.WAIT;
    }

    /** The other end is gone. */
    void wasReset() {
        in.reset();
        ended = true;
        watchers.signal();
    }

    /** The other end has read some. */
    void wasRead(long count) {
        inFlightBytes -= (int) count;
        watchers.signal();
    }

    @Override
    public int write(List<MemorySegment> parts, List<Object> passed, int process) {
        long wanted = parts.stream().mapToLong(MemorySegment::byteSize).sum();
        int taken = (int) Math.min(wanted, inFlightBytesMax - inFlightBytes);
        byte[] content = Pipe.gather(parts, taken);
        for (int from = 0; from < taken; from += CONTENT_MAX) {
            byte[] some = Arrays.copyOfRange(content, from, Math.min(taken, from + CONTENT_MAX));
            sender.accept(new Segment(local, remote, connection, Kind.DATA, some, 0));
        }
        inFlightBytes += taken;
        return taken;
    }

    @Override
    public void end() {
        if (!ended) {
            ended = true;
            say(Kind.FIN);
            watchers.signal();
        }
    }

    @Override
    public boolean isEnded() {
        return ended;
    }

    @Override
    public void reset() {
        ended = true;
        say(Kind.RST);
        watchers.signal();
    }

    /** The other end says so itself. */
    @Override
    public boolean isAbandoned() {
        return false;
    }

    /** Those who wait for room, or before that, for the connection. */
    @Override
    public Watchers watchers() {
        return watchers;
    }
}
