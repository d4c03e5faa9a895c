package dev.gyre.benchmarks.peers;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/** UDP echo on the JDK alone: a {@link DatagramChannel} that a virtual thread blocks on. */
final class JdkDatagramEcho {
    private JdkDatagramEcho() {}

    /**
     * Serves until standard input ends.
     *
     * @param arguments none
     * @throws IOException if the port cannot be bound
     * @throws InterruptedException never
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (DatagramChannel channel = DatagramChannel.open().bind(Peer.address())) {
            Peer.listening(((InetSocketAddress) channel.getLocalAddress()).getPort());
            Thread.ofVirtual().start(() -> serve(channel)).join();
        }
    }

    private static void serve(DatagramChannel channel) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(Peer.DATAGRAM_SIZE);
        try {
            while (true) {
                buffer.clear();
                SocketAddress from = channel.receive(buffer);
                buffer.flip();
                channel.send(buffer, from);
            }
        } catch (IOException e) {
            System.err.println("echo: " + e.getMessage());
        }
    }
}
