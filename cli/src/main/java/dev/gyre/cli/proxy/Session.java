package dev.gyre.cli.proxy;

import dev.gyre.io.CanceledException;
import dev.gyre.io.Clock;
import dev.gyre.io.ConcurrencyUnavailable;
import dev.gyre.io.Connection;
import dev.gyre.io.Direction;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Task;
import dev.gyre.io.Timeout;
import java.net.ProtocolException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection, joined with one to a target.
 *
 * <p>The end of a direction is passed on as such, while the other direction goes on. Whatever else ends it, a reset, a
 * target that is not to be had, time that is over, ends both connections with a reset: an end of the stream would tell
 * the other side that it has everything.
 */
final class Session {
    private final ProxyServer proxy;
    private final Io io;
    private final Connection client;

    private volatile @Nullable Connection server;

    /** Whether it was ended from outside. A connection that is made later must not outlive that. */
    private volatile boolean aborted;

    /** Changes whenever something has moved. Two tasks change it, and it only matters that it is another one. */
    private final AtomicLong movements = new AtomicLong();

    /** Whether it had to wait for a descriptor. */
    private boolean starved;

    /** What the watch over idle connections saw last, and since when. */
    private long movementsSeen;

    private long seenNanos;

    Session(ProxyServer proxy, Io io, Connection client) {
        this.proxy = proxy;
        this.io = io;
        this.client = client;
    }

    /** Joins and relays up to the end, and closes. */
    void run() {
        boolean clean = false;
        try {
            clean = join();
        } catch (ProtocolException refused) {
            proxy.reportReset(refused.getMessage());
        } catch (TimeoutException late) {
            proxy.reportReset("its PROXY header took too long");
        } catch (IoException gone) {
            proxy.reportUnexpected(gone);
        } finally {
            if (clean) {
                close();
            } else {
                abort();
            }
        }
    }

    /** Ends both connections with a reset. From any task. */
    void abort() {
        aborted = true;
        client.abort();
        Connection other = server;
        if (other != null) {
            other.abort();
        }
    }

    /** Whether nothing has moved for so long. For one task, which asks again and again. */
    boolean isIdle(Duration limit, long nowNanos) {
        long now = movements.get();
        if (now != movementsSeen || seenNanos == 0) {
            movementsSeen = now;
            seenNanos = nowNanos;
            return false;
        }
        return nowNanos - seenNanos >= limit.toNanos();
    }

    private void close() {
        client.close();
        Connection other = server;
        if (other != null) {
            other.close();
        }
    }

    /** Whether both directions came to a regular end. */
    private boolean join() throws IoException, ProtocolException, TimeoutException {
        ProxyOptions options = proxy.options();
        ProxyHeader header = options.takesHeader()
                ? within(options.limits().connect(), () -> ProxyHeader.read(client))
                : options.sendsHeader() ? ProxyHeader.of(client) : null;
        Target target = connect();
        Connection other = server;
        if (target == null || other == null) {
            return false;
        }
        target.active.incrementAndGet();
        target.connections.increment();
        try {
            if (options.sendsHeader() && header != null) {
                other.writeAll(header.bytes());
            }
            return relay(other, target);
        } finally {
            target.active.decrementAndGet();
        }
    }

    private ProxyHeader within(Duration limit, HeaderReading reading)
            throws IoException, ProtocolException, TimeoutException {
        try {
            return io.<ProxyHeader, java.io.IOException>within(Timeout.after(limit), reading::read);
        } catch (IoException | ProtocolException named) {
            throw named;
        } catch (java.io.IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private interface HeaderReading {
        ProxyHeader read() throws IoException, ProtocolException;
    }

    /** The target that was connected to; null if there is none, which was reported. */
    private @Nullable Target connect() {
        List<Target> order = proxy.targets().order(now());
        for (Target target : order) {
            if (connect(target)) {
                return target;
            }
            if (aborted) {
                return null;
            }
        }
        proxy.noTarget();
        return null;
    }

    private boolean connect(Target target) {
        Duration limit = proxy.options().limits().connect();
        try {
            Connection made = io.within(Timeout.after(limit), () -> connectOnceThereIsRoom(target));
            server = made;
            if (aborted) {
                made.abort();
                return false;
            }
            target.succeeded();
            return true;
        } catch (IoException failed) {
            target.failed(failed.reason().text(), now());
        } catch (TimeoutException late) {
            if (!starved) {
                target.failed("no answer within " + limit.toSeconds() + " s", now());
            }
        }
        return false;
    }

    /** A lack of descriptors is no fault of the target's: some come back when other connections end. */
    private Connection connectOnceThereIsRoom(Target target) throws IoException {
        starved = false;
        while (true) {
            try {
                return target.destination().connect(io);
            } catch (IoException failed) {
                if (!Shortage.is(failed)) {
                    throw failed;
                }
            }
            starved = true;
            proxy.awaitDescriptor();
        }
    }

    private boolean relay(Connection other, Target target) {
        Task<Boolean, RuntimeException> back;
        try {
            back = io.concurrent(() -> pump(other, client, target.received));
        } catch (ConcurrencyUnavailable limit) {
            proxy.reportReset(limit.getMessage());
            return false;
        }
        boolean clean = false;
        boolean ended = false;
        try {
            clean = pump(client, other, target.sent);
            ended = true;
        } finally {
            if (!ended) {
                abort();
                back.cancel();
            }
        }
        boolean cleanBack = back.await();
        return clean && cleanBack;
    }

    /** One direction. Whether it came to a regular end, which was passed on. */
    private boolean pump(Connection from, Connection to, LongAdder bytes) {
        try {
            from.transferTo(to, Long.MAX_VALUE, count -> {
                bytes.add(count);
                movements.incrementAndGet();
            });
            to.shutdown(Direction.WRITE);
            return true;
        } catch (IoException failed) {
            proxy.reportUnexpected(failed);
            if (failed.operation() == Operation.READ) {
                abort();
            } else {
                discard(from);
            }
            return false;
        } catch (CanceledException asked) {
            abort();
            throw asked;
        }
    }

    /**
     * Nobody takes what comes from there any more. What goes there may have come before that, and is still to arrive:
     * so it is not reset before the other direction has ended.
     */
    private static void discard(Connection from) {
        try {
            from.shutdown(Direction.READ);
        } catch (IoException gone) {
            // The other direction will see it.
        }
    }

    private long now() {
        return io.now(Clock.AWAKE).nanoseconds();
    }
}
