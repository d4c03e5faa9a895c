package dev.gyre.io.spi;

import dev.gyre.io.Address;
import dev.gyre.io.Batch;
import dev.gyre.io.Child;
import dev.gyre.io.Clock;
import dev.gyre.io.Command;
import dev.gyre.io.ConnectOptions;
import dev.gyre.io.Connection;
import dev.gyre.io.ConnectionPair;
import dev.gyre.io.DatagramOptions;
import dev.gyre.io.DatagramSocket;
import dev.gyre.io.Directory;
import dev.gyre.io.IoOptions;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Placement;
import dev.gyre.io.SocketType;
import dev.gyre.io.Timeout;
import dev.gyre.io.Timestamp;
import dev.gyre.io.Watcher;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** What tasks and synchronisation need of a backend: each actor's thread is a fiber that spins. */
public final class SpinIo extends BaseIo {
    private final ThreadLocal<Fiber> current = ThreadLocal.withInitial(SpinFiber::new);

    /** One of its own. */
    public SpinIo() {
        super(IoOptions.DEFAULT);
    }

    /** Lets {@code fiber} stand for the calling thread. */
    public void runsOn(Fiber fiber) {
        current.set(fiber);
    }

    @Override
    protected Fiber currentFiber() {
        return current.get();
    }

    @Override
    public String backend() {
        return "spin";
    }

    @Override
    public String description() {
        return "fibers that spin";
    }

    @Override
    protected Fiber newFiber(String name, Runnable body, Placement placement) {
        throw unused();
    }

    @Override
    protected void start(Fiber fiber) {
        throw unused();
    }

    @Override
    protected void shutdown() {
        throw unused();
    }

    @Override
    public Timestamp now(Clock clock) {
        throw unused();
    }

    @Override
    public void sleep(Duration duration) {
        throw unused();
    }

    @Override
    public void sleepUntil(Timestamp deadline) {
        throw unused();
    }

    @Override
    public Listener listen(Address address, ListenOptions options) {
        throw unused();
    }

    @Override
    public ConnectionPair connectPair(SocketType type) {
        throw unused();
    }

    @Override
    public int interfaceIndex(String name) {
        throw unused();
    }

    @Override
    public String interfaceName(int index) {
        throw unused();
    }

    @Override
    public Connection connect(Address address, ConnectOptions options) {
        throw unused();
    }

    @Override
    public DatagramSocket bind(Address address, DatagramOptions options) {
        throw unused();
    }

    @Override
    public Directory currentDirectory() {
        throw unused();
    }

    @Override
    public Batch batch(int capacity) {
        throw unused();
    }

    @Override
    public Watcher watcher() {
        throw unused();
    }

    @Override
    public void syncMapped(MemorySegment part) {
        throw unused();
    }

    @Override
    public Child spawn(Command command) {
        throw unused();
    }

    @Override
    public String executablePath() {
        throw unused();
    }

    @Override
    public RandomGenerator random() {
        throw unused();
    }

    @Override
    public RandomGenerator randomSecure() {
        throw unused();
    }

    @Override
    protected long nanoTime() {
        throw unused();
    }

    @Override
    protected long deadline(Timeout timeout) {
        if (timeout.equals(Timeout.NONE)) {
            return Long.MAX_VALUE;
        }
        throw unused();
    }

    @Override
    protected Runnable startTimer(Fiber fiber, long deadline, Runnable action) {
        throw unused();
    }

    private static AssertionError unused() {
        return new AssertionError("actors run what they test by themselves");
    }
}
