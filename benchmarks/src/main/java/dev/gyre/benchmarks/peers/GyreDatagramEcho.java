package dev.gyre.benchmarks.peers;

import dev.gyre.io.Datagram;
import dev.gyre.io.DatagramOptions;
import dev.gyre.io.DatagramSocket;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.IpAddress;
import java.lang.foreign.Arena;
import java.util.List;

/** UDP echo on Gyre: one task, which sends back what it has received at once. */
final class GyreDatagramEcho {
    private static final int BATCH = 64;

    private GyreDatagramEcho() {}

    /**
     * Serves until standard input ends.
     *
     * @param arguments the name of the backend
     * @throws Exception if it is not to be had
     */
    public static void main(String[] arguments) throws Exception {
        try (Io io = Io.open(IoOptions.DEFAULT.withBackend(arguments[0]))) {
            io.concurrent(() -> serve(io)).await();
        }
    }

    private static Void serve(Io io) throws IoException {
        try (DatagramSocket socket = io.bind(Ip4Address.loopback(0), DatagramOptions.DEFAULT)) {
            Peer.listening(((IpAddress) socket.localAddress()).port());
            List<Datagram> batch =
                    Datagram.divide(Arena.global().allocate((long) BATCH * Peer.DATAGRAM_SIZE), BATCH);
            while (true) {
                int count = socket.receive(batch);
                List<Datagram> answers = count == BATCH ? batch : batch.subList(0, count);
                for (int sent = 0; sent < count; ) {
                    sent += socket.send(answers.subList(sent, count));
                }
            }
        }
    }
}
