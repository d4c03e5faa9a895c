package dev.gyre.benchmarks.load;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Runs one {@link Workload}.
 *
 * <p><b>With a rate</b> the load is an open loop: request k of all is due k/rate after the start, on connection
 * k mod connections, whatever became of the requests before it. A connection carries one request at a time. One that is
 * due while its connection is busy is <em>late</em>: it waits its turn and is sent as soon as the answer is there, and
 * its latency counts from when it was due, so that a stall of the server shows in every request that it held up and not
 * in the one that met it. When a second's worth of requests waits on a connection, the oldest is <em>skipped</em>.
 *
 * <p>As a connection's requests are due at regular intervals, its queue is two numbers: how many were due and how many
 * were begun.
 *
 * <p><b>Without a rate</b> the loop is closed: each connection always has one request under way.
 *
 * <p>Not thread-safe; {@link #run} blocks, spinning, for as long as the workload says.
 */
final class Generator implements Transport.Receiver {
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    /** Without any answer for so long, the server is taken for dead. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Workload workload;
    private final Exchange exchange;
    private final Transport transport;
    private final Histogram latencies = Latencies.histogram();
    private final Histogram lags = Latencies.histogram();

    private final boolean[] busy;
    /** Of each connection's request under way: since when it counts. */
    private final long[] since;
    /** Of each connection: how many requests were due by now, and how many of them were begun or skipped. */
    private final long[] due;
    private final long[] begun;

    private final long queueMax;
    private long start;
    private long arrivals;
    private boolean draining;
    private int underWay;
    /** When the last answer came, or the first request after a silence was sent. */
    private long lastSign;

    private long requests;
    private long arrivalsBefore;
    private long late;
    private long skipped;
    private long idleNanos;

    /** The clocks as they stood when the window opened. */
    private static final class Meter {
        final ProcessorTime server;
        final ProcessorTime own = ProcessorTime.of(ProcessHandle.current().pid());
        final long machineNanos = ProcessorTime.machineNanos();
        final long openedAt = System.nanoTime();

        Meter(long serverPid) throws IOException {
            server = ProcessorTime.of(serverPid);
        }
    }

    private Generator(Workload workload, Exchange exchange, Transport transport) {
        this.workload = workload;
        this.exchange = exchange;
        this.transport = transport;
        int connections = workload.connections();
        busy = new boolean[connections];
        since = new long[connections];
        due = new long[connections];
        begun = new long[connections];
        queueMax = Math.max(1, workload.rate() / connections);
    }

    /**
     * Runs the workload from connecting to closing.
     *
     * @throws IOException if the server refuses or closes a connection, answers wrongly, or not at all for 10 s
     */
    static Measurement run(Workload workload) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            Exchange exchange = exchange(arena, workload);
            try (Transport transport = open(workload, exchange)) {
                return new Generator(workload, exchange, transport).run();
            }
        }
    }

    /** The connections of a workload, open and silent. */
    static Transport open(Workload workload, Exchange exchange) throws IOException {
        InetSocketAddress server = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), workload.port());
        return new RingTransport(server, workload.datagrams(), exchange.requests());
    }

    /** What a workload says on its connections. */
    static Exchange exchange(Arena arena, Workload workload) {
        return workload.path().isEmpty()
                ? new EchoExchange(arena, workload.connections(), workload.size())
                : new HttpExchange(arena, workload.connections(), workload.path(), workload.size());
    }

    @Override
    public void received(int connection, MemorySegment memory, long offset, int length) throws IOException {
        if (!exchange.take(connection, memory, offset, length)) {
            return;
        }
        long now = System.nanoTime();
        Latencies.record(latencies, now - since[connection]);
        requests++;
        lastSign = now;
        busy[connection] = false;
        underWay--;
        if (draining) {
            return;
        }
        exchange.renew(connection);
        if (workload.rate() == 0) {
            begin(connection, now);
        } else if (due[connection] > begun[connection]) {
            begin(connection, dueTime(connection));
        }
    }

    private Measurement run() throws IOException {
        start = System.nanoTime();
        lastSign = start;
        if (workload.rate() == 0) {
            for (int connection = 0; connection < workload.connections(); connection++) {
                begin(connection, start);
            }
        }
        turnUntil(start + workload.leadNanos());
        reset();
        Meter meter = new Meter(workload.serverPid());
        turnUntil(System.nanoTime() + workload.windowNanos());
        Measurement measurement = measurement(meter);
        drain();
        return measurement;
    }

    private Measurement measurement(Meter meter) throws IOException {
        long windowNanos = System.nanoTime() - meter.openedAt;
        ProcessorTime server = ProcessorTime.of(workload.serverPid()).since(meter.server);
        ProcessorTime own = ProcessorTime.of(ProcessHandle.current().pid()).since(meter.own);
        long others = ProcessorTime.machineNanos() - meter.machineNanos - server.totalNanos() - own.totalNanos();
        return new Measurement(
                requests,
                windowNanos,
                arrivals - arrivalsBefore,
                late,
                skipped,
                lags.getValueAtPercentile(99),
                (double) idleNanos / windowNanos,
                Math.max(0, (double) others / windowNanos),
                server,
                Latencies.encode(latencies));
    }

    private void reset() {
        latencies.reset();
        lags.reset();
        requests = 0;
        late = 0;
        skipped = 0;
        idleNanos = 0;
        arrivalsBefore = arrivals;
    }

    private void turnUntil(long end) throws IOException {
        for (long now = System.nanoTime(); now - end < 0; ) {
            long arrivedBefore = arrivals;
            if (workload.rate() > 0) {
                arrive(now);
            }
            boolean idle = !transport.poll(this) && arrivals == arrivedBefore;
            long next = System.nanoTime();
            if (idle) {
                idleNanos += next - now;
                checkPatience(next);
            }
            now = next;
        }
    }

    /** Waits for the answers still under way, so that no connection is closed with one in the pipe. */
    private void drain() throws IOException {
        draining = true;
        while (underWay > 0) {
            transport.poll(this);
            checkPatience(System.nanoTime());
        }
    }

    private void checkPatience(long now) throws IOException {
        if (underWay > 0 && now - lastSign > PATIENCE_NANOS) {
            throw new IOException(underWay + " requests without an answer, the last answer "
                    + TimeUnit.NANOSECONDS.toSeconds(now - lastSign) + " s ago");
        }
    }

    private void arrive(long now) throws IOException {
        for (long at = arrivalTime(arrivals); at - now <= 0; at = arrivalTime(arrivals)) {
            int connection = (int) (arrivals++ % workload.connections());
            due[connection]++;
            if (!busy[connection]) {
                Latencies.record(lags, now - at);
                begin(connection, at);
            } else {
                late++;
                if (due[connection] - begun[connection] > queueMax) {
                    begun[connection]++;
                    skipped++;
                }
            }
        }
    }

    private long arrivalTime(long arrival) {
        long seconds = arrival / workload.rate();
        return start + seconds * NANOS_PER_SECOND + arrival % workload.rate() * NANOS_PER_SECOND / workload.rate();
    }

    /** When the request that the connection begins next was due. */
    private long dueTime(int connection) {
        return arrivalTime(begun[connection] * workload.connections() + connection);
    }

    private void begin(int connection, long from) throws IOException {
        begun[connection]++;
        since[connection] = from;
        busy[connection] = true;
        if (underWay++ == 0) {
            lastSign = from;
        }
        transport.send(connection);
    }
}
