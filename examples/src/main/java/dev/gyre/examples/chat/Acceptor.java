package dev.gyre.examples.chat;

import dev.gyre.io.IoException;
import dev.gyre.io.Timeout;
import dev.gyre.process.ActiveMode;
import dev.gyre.process.ExitReason;
import dev.gyre.process.Pid;
import dev.gyre.process.ProcessExit;
import dev.gyre.process.ReplyTo;
import dev.gyre.process.Self;
import dev.gyre.process.Signal;
import dev.gyre.process.Supervisor;
import dev.gyre.process.TcpListenOptions;
import dev.gyre.process.TcpListener;
import dev.gyre.process.TcpOptions;
import dev.gyre.process.TcpSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Accepts connections, each for a process of its own, and knows how many there are. */
final class Acceptor {
    /** Asks at which port it listens. */
    record Port(ReplyTo<Integer> replyTo) {}

    private final ChatOptions options;
    private long admitted;

    Acceptor(ChatOptions options) {
        this.options = options;
    }

    void run(Self self) throws Exception {
        TcpListener listener = listen(self);
        // If this is not the first acceptor, there are some already.
        int connected = 0;
        for (Supervisor.Child client : Chat.children(self.node(), "clients").children()) {
            if (client.process().isPresent()) {
                self.monitor(client.process().get());
                connected++;
            }
        }
        self.ready();
        while (true) {
            TcpSocket connection = self.untilMessage(() -> accept(self, listener));
            if (connection == null) {
                switch (self.receive()) {
                    case Signal.Down _ -> connected--;
                    case Port(ReplyTo<Integer> replyTo) -> replyTo.reply(listener.port());
                    default -> {}
                }
            } else if (connected == options.connectionsMax()) {
                refuse(connection);
            } else {
                self.monitor(admit(self, connection));
                connected++;
            }
        }
    }

    private TcpListener listen(Self self) throws IoException {
        try {
            return self.sockets().listen(options.address().port(), TcpListenOptions.DEFAULT
                    .withIp(options.address())
                    .withConnections(TcpOptions.DEFAULT
                            .withFraming(new BoundedLines(Chat.LINE_MAX))
                            .withReceiveBuffer(8 * Chat.LINE_MAX)
                            .withSendTimeout(Timeout.after(options.stallMax()))));
        } catch (IoException failure) {
            String advice = switch (failure.reason()) {
                case ADDRESS_IN_USE -> options.address() + " is taken by another program; choose another port";
                case ADDRESS_NOT_AVAILABLE -> options.address() + " is not an address of this machine";
                case ACCESS_DENIED -> options.address() + " is for the superuser; choose a port from 1024 on";
                default -> throw failure;
            };
            // What whoever has started the chat has to know is no crash.
            throw new ProcessExit(new ExitReason.Shutdown(advice));
        }
    }

    /** Waits for a connection, also where there are no descriptors left for one. */
    private static TcpSocket accept(Self self, TcpListener listener) throws IoException {
        while (true) {
            try {
                return self.sockets().accept(listener);
            } catch (IoException failure) {
                if (!failure.reason().isShortage()) {
                    throw failure;
                }
                self.io().sleep(Duration.ofMillis(100));
            }
        }
    }

    private Pid admit(Self self, TcpSocket connection) throws IoException {
        admitted++;
        Pid client = Chat.startClient(self.node(), self.pid() + "-" + admitted, connection);
        try {
            connection.controllingProcess(client);
            connection.setActive(ActiveMode.ONCE);
            client.send(new Client.Handover());
        } catch (IllegalArgumentException ended) {
            connection.close(); // it was killed
        }
        return client;
    }

    private void refuse(TcpSocket connection) {
        try (connection) {
            // A new connection has room for this, so it does not wait.
            connection.send(("* There are " + options.connectionsMax() + " people here, and no room for more."
                            + " Try again later.\n")
                    .getBytes(StandardCharsets.UTF_8));
        } catch (IoException gone) {
            // It need not be told.
        }
    }
}
