package dev.gyre.benchmarks.programs;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.Security;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.SynchronousQueue;

/** The JDK alone: virtual threads, {@link Socket}s, {@link FileChannel}s. */
final class JdkPlatform implements Platform {
    private static final int BACKLOG = 1024;

    @Override
    public void start(Work work) {
        Thread.startVirtualThread(Platform.vital(work));
    }

    @Override
    public void startNear(Work work) {
        start(work);
    }

    @Override
    public Door listen() throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        return new JdkDoor(socket);
    }

    @Override
    public Wire connect(Door door) throws IOException {
        return wire(new Socket(InetAddress.getLoopbackAddress(), ((JdkDoor) door).socket.getLocalPort()));
    }

    private static Wire wire(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        return new JdkWire(socket, socket.getInputStream(), socket.getOutputStream());
    }

    @Override
    public <T> Line<T> line(int capacity) {
        return new JdkLine<>(capacity == 0 ? new SynchronousQueue<>() : new ArrayBlockingQueue<>(capacity));
    }

    @Override
    public Blocks open(Path file, Mode mode) throws IOException {
        return new JdkBlocks(switch (mode) {
            case READ -> FileChannel.open(file, StandardOpenOption.READ);
            case READ_DIRECT -> FileChannel.open(file, StandardOpenOption.READ, direct());
            case WRITE ->
                FileChannel.open(
                        file,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING);
        });
    }

    /** By its name, because the compiler warns of it without a way to be told that it is meant. */
    private static OpenOption direct() throws IOException {
        try {
            Class<?> options = Class.forName("com.sun.nio.file.ExtendedOpenOption");
            return (OpenOption) options.getField("DIRECT").get(null);
        } catch (ReflectiveOperationException e) {
            throw new IOException("this JDK has no direct I/O", e);
        }
    }

    @Override
    public Names names(boolean kept) {
        if (!kept) {
            Security.setProperty("networkaddress.cache.ttl", "0");
        }
        return host -> InetAddress.getAllByName(host).length;
    }

    @Override
    public void sleep(long nanos) throws InterruptedException {
        Thread.sleep(Duration.ofNanos(nanos));
    }

    private record JdkDoor(ServerSocket socket) implements Door {
        @Override
        public Wire accept() throws IOException {
            return wire(socket.accept());
        }
    }

    private record JdkWire(Socket socket, InputStream input, OutputStream output) implements Wire {
        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return input.read(buffer, offset, length);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
            output.write(buffer, offset, length);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private record JdkLine<T>(BlockingQueue<T> queue) implements Line<T> {
        @Override
        public void put(T element) throws InterruptedException {
            queue.put(element);
        }

        @Override
        public T take() throws InterruptedException {
            return queue.take();
        }
    }

    private record JdkBlocks(FileChannel channel) implements Blocks {
        @Override
        public int read(ByteBuffer buffer, long offset) throws IOException {
            return channel.read(buffer, offset);
        }

        @Override
        public void write(ByteBuffer buffer, long offset) throws IOException {
            int count = channel.write(buffer, offset);
            if (buffer.hasRemaining()) {
                write(buffer, offset + count);
            }
        }

        @Override
        public void sync() throws IOException {
            channel.force(false);
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
