package dev.gyre.benchmarks.programs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/** What the programs use of a runtime. Everything blocks its task as it would block a thread. */
interface Platform {
    /** What a task does; one that throws ends the program. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    /** Where clients are accepted. */
    interface Door {
        Wire accept() throws IOException;
    }

    /** A connection. */
    interface Wire {
        /** Reads at least a byte; a negative number is the end of the stream. */
        int read(byte[] buffer, int offset, int length) throws IOException;

        void write(byte[] buffer, int offset, int length) throws IOException;

        void close() throws IOException;
    }

    /** A queue that stores so many and no more. */
    interface Line<T> {
        void put(T element) throws InterruptedException;

        T take() throws InterruptedException;
    }

    /** A file with positional reads and writes. The buffers are native; position to limit counts. */
    interface Blocks {
        int read(ByteBuffer buffer, long offset) throws IOException;

        void write(ByteBuffer buffer, long offset) throws IOException;

        /** Returns when what was written, and what is needed to find it, is on the device. */
        void sync() throws IOException;

        long size() throws IOException;

        void close() throws IOException;
    }

    /** Looks host names up. */
    interface Names {
        /** How many addresses a host has, of both families. */
        int countAddresses(String host) throws IOException;
    }

    /** How a file is opened. */
    enum Mode {
        READ,
        /** Past the page cache. */
        READ_DIRECT,
        WRITE
    }

    /** Starts a task that has nothing to do with its starter. */
    void start(Work work) throws IOException;

    /** Starts a task in the way that a program does which says nothing of where. */
    void startNear(Work work) throws IOException;

    /** Listens on the loopback interface. */
    Door listen() throws IOException;

    Wire connect(Door door) throws IOException;

    <T> Line<T> line(int capacity);

    Blocks open(Path file, Mode mode) throws IOException;

    /**
     * By the machine's name server. At most one of a program.
     *
     * @param kept whether answers are kept, where the runtime does that
     */
    Names names(boolean kept);

    void sleep(long nanos) throws InterruptedException;

    /**
     * Reads blocks for ever, from a thread that is no task, where the runtime has a way to read many at once.
     *
     * @param count how many at once
     * @param size of each, in bytes
     * @param offsets says where the next one is
     * @return false where it has none
     */
    default boolean readAtOnce(Blocks blocks, int count, int size, LongSupplier offsets, Gauge gauge) {
        return false;
    }

    /** What is done with a connection that was accepted. */
    @FunctionalInterface
    interface Service {
        void serve(Wire wire) throws Exception;
    }

    /** Accepts for ever, with a task for each connection. */
    static Door serve(Platform platform, Service service) throws IOException {
        Door door = platform.listen();
        platform.start(() -> {
            while (true) {
                Wire wire = door.accept();
                platform.start(() -> service.serve(wire));
            }
        });
        return door;
    }

    /** Ends the program if the work fails. */
    static Runnable vital(Work work) {
        return () -> {
            try {
                work.run();
            } catch (Exception | Error e) {
                e.printStackTrace();
                Runtime.getRuntime().halt(1);
            }
        };
    }

    /** Fills the buffer; false at the end of the stream. */
    static boolean readAll(Wire wire, byte[] buffer) throws IOException {
        int filled = 0;
        while (filled < buffer.length) {
            int count = wire.read(buffer, filled, buffer.length - filled);
            if (count < 0) {
                return false;
            }
            filled += count;
        }
        return true;
    }
}
