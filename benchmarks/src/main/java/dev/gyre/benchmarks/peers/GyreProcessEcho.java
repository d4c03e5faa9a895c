package dev.gyre.benchmarks.peers;

import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Ip4Address;
import dev.gyre.process.ActiveMode;
import dev.gyre.process.Pid;
import dev.gyre.process.Processes;
import dev.gyre.process.Self;
import dev.gyre.process.SocketMessage;
import dev.gyre.process.TcpListenOptions;
import dev.gyre.process.TcpListener;
import dev.gyre.process.TcpSocket;

/** TCP echo on Gyre's processes: one for each connection, which owns its socket. {@code sockets.erl} is the same. */
final class GyreProcessEcho {
    private GyreProcessEcho() {}

    /**
     * Serves until standard input ends.
     *
     * @param arguments the name of the backend, and {@code once} or {@code passive}: how a process receives
     * @throws Exception if the backend is not to be had, or listening fails
     */
    public static void main(String[] arguments) throws Exception {
        boolean once = arguments[1].equals("once");
        try (Io io = Io.open(IoOptions.DEFAULT.withBackend(arguments[0]).withLoops(1));
                Processes node = Processes.open(io)) {
            node.await(node.spawn(self -> serve(self, once)));
        }
    }

    private static void serve(Self self, boolean once) throws IoException {
        TcpListener listener = self.sockets().listen(
                0, TcpListenOptions.DEFAULT.withIp(Ip4Address.loopback(0)).withBacklog(Peer.BACKLOG));
        Peer.listening(listener.port());
        while (true) {
            TcpSocket socket = self.sockets().accept(listener);
            Pid owner = self.spawn(once ? GyreProcessEcho::echo : one -> echoPassive((TcpSocket) one.receive()));
            socket.controllingProcess(owner);
            if (once) {
                socket.setActive(ActiveMode.ONCE);
            } else {
                owner.send(socket);
            }
        }
    }

    private static void echo(Self self) throws IoException {
        while (self.receive() instanceof SocketMessage.Data(TcpSocket from, byte[] bytes)) {
            from.send(bytes);
            from.setActive(ActiveMode.ONCE);
        }
    }

    private static void echoPassive(TcpSocket socket) throws IoException {
        while (true) {
            socket.send(socket.receive(0));
        }
    }
}
