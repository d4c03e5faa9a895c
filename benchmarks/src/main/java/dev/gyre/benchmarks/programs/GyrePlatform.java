package dev.gyre.benchmarks.programs;

import dev.gyre.io.BackendUnavailable;
import dev.gyre.io.Batch;
import dev.gyre.io.BoundedQueue;
import dev.gyre.io.ConcurrencyUnavailable;
import dev.gyre.io.Connection;
import dev.gyre.io.File;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Lookup;
import dev.gyre.io.LookupOptions;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Placement;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Gyre, with one of its backends. */
final class GyrePlatform implements Platform {
    private final Io io;
    private final Group<Exception> tasks;

    /**
     * Opens it.
     *
     * @param backend its name
     * @throws BackendUnavailable if it cannot run here
     */
    GyrePlatform(String backend) throws BackendUnavailable {
        io = Io.open(IoOptions.DEFAULT.withBackend(backend));
        tasks = io.group();
    }

    @Override
    public void start(Work work) throws IOException {
        start(Placement.SPREAD, work);
    }

    @Override
    public void startNear(Work work) throws IOException {
        start(Placement.NEAR, work);
    }

    private void start(Placement placement, Work work) throws IOException {
        Runnable vital = Platform.vital(work);
        try {
            tasks.concurrent(placement, vital::run);
        } catch (ConcurrencyUnavailable e) {
            throw new IOException(e);
        }
    }

    @Override
    public Door listen() throws IOException {
        return new GyreDoor(io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT));
    }

    @Override
    public Wire connect(Door door) throws IOException {
        return new GyreWire(io.connect(((GyreDoor) door).listener.localAddress()));
    }

    @Override
    public <T> Line<T> line(int capacity) {
        return new GyreLine<>(io.queue(capacity));
    }

    @Override
    public Blocks open(Path file, Mode mode) throws IOException {
        OpenOptions options = switch (mode) {
            case READ -> OpenOptions.READ;
            case READ_DIRECT -> OpenOptions.READ.with(OpenOptions.Flag.DIRECT);
            case WRITE -> OpenOptions.REPLACE;
        };
        return new GyreBlocks(io.currentDirectory().openFile(file.toString(), options));
    }

    /** It keeps none. */
    @Override
    public Names names(boolean kept) {
        return host -> {
            try (Lookup lookup = io.lookup(host, LookupOptions.DEFAULT)) {
                int count = 0;
                while (lookup.next() != null) {
                    count++;
                }
                return count;
            }
        };
    }

    @Override
    public void sleep(long nanos) {
        io.sleep(Duration.ofNanos(nanos));
    }

    @Override
    public boolean readAtOnce(Blocks blocks, int count, int size, LongSupplier offsets, Gauge gauge) {
        File file = ((GyreBlocks) blocks).file();
        Thread.ofPlatform().name("batches").daemon().start(Platform.vital(() -> {
            try (Batch batch = io.batch(count); Arena arena = io.arena()) {
                MemorySegment[] buffers = new MemorySegment[count];
                for (int i = 0; i < count; i++) {
                    buffers[i] = arena.allocate(size, size);
                }
                while (true) {
                    for (MemorySegment buffer : buffers) {
                        batch.read(file, buffer, offsets.getAsLong());
                    }
                    batch.await();
                    for (int i = 0; i < count; i++) {
                        if (batch.count(i) != size) {
                            throw new IOException("block " + i + " is cut off");
                        }
                        gauge.count();
                    }
                    batch.clear();
                }
            }
        }));
        return true;
    }

    private record GyreDoor(Listener listener) implements Door {
        @Override
        public Wire accept() throws IoException {
            return new GyreWire(listener.accept());
        }
    }

    private record GyreWire(Connection connection) implements Wire {
        @Override
        public int read(byte[] buffer, int offset, int length) throws IoException {
            return connection.read(buffer, offset, length);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IoException {
            connection.writeAll(buffer, offset, length);
        }

        @Override
        public void close() {
            connection.close();
        }
    }

    private record GyreLine<T>(BoundedQueue<T> queue) implements Line<T> {
        @Override
        public void put(T element) {
            queue.put(element);
        }

        @Override
        public T take() {
            return queue.get();
        }
    }

    private record GyreBlocks(File file) implements Blocks {
        @Override
        public int read(ByteBuffer buffer, long offset) throws IoException {
            return file.read(buffer, offset);
        }

        @Override
        public void write(ByteBuffer buffer, long offset) throws IoException {
            int count = file.write(buffer, offset);
            if (buffer.hasRemaining()) {
                write(buffer, offset + count);
            }
        }

        @Override
        public void sync() throws IoException {
            file.dataSync();
        }

        @Override
        public long size() throws IoException {
            return file.stat().size();
        }

        @Override
        public void close() throws IoException {
            file.close();
        }
    }
}
