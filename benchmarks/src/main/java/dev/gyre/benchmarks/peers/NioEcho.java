package dev.gyre.benchmarks.peers;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * TCP echo on a bare {@link Selector}: one thread, one buffer, no framework.
 *
 * <p>What a socket does not take at once is kept beside its key, and the connection is not read again until it is out.
 */
final class NioEcho {
    private final Selector selector;
    private final ServerSocketChannel listener;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(Peer.BUFFER_SIZE);

    private NioEcho() throws IOException {
        selector = Selector.open();
        listener = ServerSocketChannel.open();
        listener.bind(Peer.address(), Peer.BACKLOG);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
    }

    /**
     * Serves until standard input ends.
     *
     * @param arguments none
     * @throws IOException if listening or the selector fails
     */
    public static void main(String[] arguments) throws IOException {
        NioEcho echo = new NioEcho();
        Peer.listening(echo.listener.socket().getLocalPort());
        while (true) {
            echo.selector.select(echo::ready);
        }
    }

    private void ready(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept();
            } else if (key.isWritable()) {
                write(key, (ByteBuffer) key.attachment());
            } else {
                read(key);
            }
        } catch (IOException _) {
            close(key);
        }
    }

    private void accept() throws IOException {
        for (SocketChannel socket = listener.accept(); socket != null; socket = listener.accept()) {
            socket.configureBlocking(false);
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            socket.register(selector, SelectionKey.OP_READ);
        }
    }

    private void read(SelectionKey key) throws IOException {
        buffer.clear();
        if (((SocketChannel) key.channel()).read(buffer) < 0) {
            close(key);
            return;
        }
        buffer.flip();
        write(key, buffer);
    }

    private void write(SelectionKey key, ByteBuffer bytes) throws IOException {
        ((SocketChannel) key.channel()).write(bytes);
        @Nullable ByteBuffer kept = (ByteBuffer) key.attachment();
        if (bytes.hasRemaining() && kept == null) {
            key.attach(ByteBuffer.allocateDirect(bytes.remaining()).put(bytes).flip());
            key.interestOps(SelectionKey.OP_WRITE);
        } else if (kept != null && !bytes.hasRemaining()) {
            key.attach(null);
            key.interestOps(SelectionKey.OP_READ);
        }
    }

    private static void close(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException e) {
            System.err.println("close: " + e.getMessage());
        }
    }
}
