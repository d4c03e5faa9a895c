package dev.gyre.examples.store;

import dev.gyre.io.IoException;
import dev.gyre.process.ChildSpec;
import dev.gyre.process.ChildSpec.Restart;
import dev.gyre.process.ExitReason;
import dev.gyre.process.Pid;
import dev.gyre.process.Self;
import dev.gyre.process.Supervisor;
import dev.gyre.process.TcpListenOptions;
import dev.gyre.process.TcpListener;
import dev.gyre.process.TcpSocket;
import java.time.Duration;
import java.util.Objects;

/** The process that takes connections, and hands each over to a new process. */
final class AcceptorProcess {
    private static final int BACKLOG = 511;
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final byte[] TOO_MANY = RespWriter.ascii("-ERR max number of clients reached\r\n");

    private final Store store;
    private final Self self;
    private final Supervisor connections;

    private AcceptorProcess(Store store, Self self) {
        this.store = store;
        this.self = self;
        Pid supervisor = Objects.requireNonNull(self.node().whereIs(StoreServer.CONNECTIONS));
        connections = Supervisor.of(self.node(), supervisor);
    }

    static void run(Store store, Self self) throws IoException {
        new AcceptorProcess(store, self).run();
    }

    private void run() throws IoException {
        TcpListenOptions options =
                TcpListenOptions.DEFAULT.withIp(store.options().address()).withBacklog(BACKLOG);
        TcpListener listener = self.sockets().listen(store.port(), options);
        store.port(listener.port());
        self.ready();
        while (true) {
            try {
                handOver(self.sockets().accept(listener));
            } catch (IoException failure) {
                if (!failure.reason().isShortage()) {
                    throw failure;
                }
                // The client waits in the kernel's queue until others have gone.
                self.io().sleep(PAUSE);
            }
        }
    }

    private void handOver(TcpSocket socket) {
        if (store.clients() >= store.options().clientsMax()) {
            refuse(socket);
            return;
        }
        long number = store.nextClient();
        Pid process = connections.startChild(
                ChildSpec.of("client " + number, child -> ConnectionProcess.run(store, number, child))
                        .withRestart(Restart.TEMPORARY)
                        .awaitingReady());
        try {
            socket.controllingProcess(process);
            process.send(socket);
        } catch (IoException | IllegalArgumentException gone) {
            socket.close();
            self.exit(process, ExitReason.SHUTDOWN);
        }
    }

    private static void refuse(TcpSocket socket) {
        try (socket) {
            socket.send(TOO_MANY);
        } catch (IoException gone) {
            // Then it need not be told.
        }
    }
}
