package dev.gyre.benchmarks.peers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;

/** TCP echo in direct style on the JDK alone: a virtual thread per connection, {@link Socket}s. */
final class JdkEcho {
    private JdkEcho() {}

    /**
     * Serves until standard input ends.
     *
     * @param arguments none
     * @throws IOException if listening fails
     */
    public static void main(String[] arguments) throws IOException {
        try (ServerSocket listener = new ServerSocket()) {
            listener.bind(Peer.address(), Peer.BACKLOG);
            Peer.listening(listener.getLocalPort());
            while (true) {
                Socket socket = listener.accept();
                Thread.ofVirtual().start(() -> echo(socket));
            }
        }
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream input = socket.getInputStream();
            OutputStream output = socket.getOutputStream();
            byte[] buffer = new byte[Peer.BUFFER_SIZE];
            for (int read = input.read(buffer); read >= 0; read = input.read(buffer)) {
                output.write(buffer, 0, read);
            }
        } catch (IOException _) {
            // The client went away in the middle of a message.
        }
    }
}
