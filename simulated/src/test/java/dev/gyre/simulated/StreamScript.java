package dev.gyre.simulated;

import dev.gyre.io.Address;
import dev.gyre.io.ConnectOptions;
import dev.gyre.io.Connection;
import dev.gyre.io.ConnectionPair;
import dev.gyre.io.Direction;
import dev.gyre.io.Io;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Passable;
import dev.gyre.io.Received;
import dev.gyre.io.SocketType;
import dev.gyre.io.Timeout;
import dev.gyre.io.UnixAddress;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Connections within a machine, and what is passed over them. Those of Unix sockets stay open, as they end like TCP's
 * in a simulation.
 */
final class StreamScript extends ComparedScript {
    private static final int LISTENERS_MAX = 5;
    private static final int CONNECTIONS_MAX = 12;
    private static final int KNOWN_MAX = 8;

    /** By real time, in which the kernel of a busy machine has done what it can do at once. */
    private static final Timeout SOON = Timeout.after(Duration.ofMillis(50));

    private final String folder;
    private final List<Listening> listeners = new ArrayList<>();
    private final List<Connected> connections = new ArrayList<>();
    private final List<Address> known = new ArrayList<>();
    private final Set<Connected> shut = new HashSet<>();
    private int made;
    private int sent;

    private record Listening(int number, Listener listener, boolean isUnix) {}

    private record Connected(int number, Connection connection, boolean isUnix) {}

    /** One whose Unix sockets are in a folder. */
    StreamScript(Io io, long seed, String folder) {
        super(io, seed);
        this.folder = folder;
    }

    @Override
    void close() {
        connections.forEach(each -> each.connection.close());
        listeners.forEach(each -> each.listener.close());
    }

    @Override
    void next() throws Exception {
        int choice = random.nextInt(100);
        boolean more = connections.size() < CONNECTIONS_MAX;
        if (listeners.isEmpty() || (choice < 8 && listeners.size() < LISTENERS_MAX)) {
            listen();
        } else if (choice < 10) {
            Listening one = anyOf(listeners);
            if (one.isUnix) {
                return;
            }
            listeners.remove(one);
            step("close listener " + one.number, () -> {
                one.listener.close();
                return "closed";
            });
        } else if (choice < 22 && more) {
            connect();
        } else if (choice < 32 && more) {
            Listening one = anyOf(listeners);
            add("accept from " + one.number, () -> within(SOON, one.listener::accept));
        } else if (choice < 35 && more) {
            ConnectionPair pair = io.connectPair(once(2) ? SocketType.STREAM : SocketType.SEQPACKET);
            add("first of a pair", pair::first);
            add("second of a pair", pair::second);
        } else if (!connections.isEmpty()) {
            use(anyOf(connections), choice);
        }
    }

    private void listen() throws Exception {
        int number = made++;
        Address address = switch (random.nextInt(8)) {
            case 0, 1 -> Ip4Address.loopback(0);
            case 2 -> Ip4Address.unspecified(0);
            case 3 -> Ip6Address.loopback(0);
            case 4 -> Ip6Address.unspecified(0);
            case 5 -> new UnixAddress(folder + "/s" + number);
            case 6 -> new UnixAddress("");
            default -> address();
        };
        ListenOptions options = ListenOptions.DEFAULT
                .withType(address instanceof UnixAddress && once(3) ? SocketType.SEQPACKET : SocketType.STREAM)
                .withReuseAddress(!once(4))
                .withReplaceStale(once(6));
        step("listen " + number + " at " + name(address) + " " + options, () -> {
            Listener listener = io.listen(address, options);
            if (address instanceof IpAddress ip && ip.port() == 0) {
                chosen(listener.localAddress());
            }
            listeners.add(new Listening(number, listener, address instanceof UnixAddress));
            known.add(listener.localAddress());
            if (known.size() > KNOWN_MAX) {
                known.removeFirst();
            }
            return name(listener.localAddress());
        });
    }

    private Address address() {
        if (known.isEmpty()) {
            return Ip4Address.loopback(9);
        }
        Address address = anyOf(known);
        if (!(address instanceof IpAddress ip)) {
            return address;
        }
        return switch (random.nextInt(7)) {
            case 0 -> Ip4Address.loopback(ip.port());
            case 1 -> Ip6Address.loopback(ip.port());
            case 2 -> new Ip4Address(0x7f000002, ip.port());
            case 3 -> Ip6Address.mapped(Ip4Address.loopback(ip.port()));
            default -> ip;
        };
    }

    private void connect() throws Exception {
        Address address = address();
        ConnectOptions options = ConnectOptions.DEFAULT;
        if (address instanceof UnixAddress && once(3)) {
            options = options.withType(SocketType.SEQPACKET);
        }
        if (once(6)) {
            List<Address> own = List.of(Ip4Address.loopback(0), Ip6Address.loopback(0),
                    Ip6Address.mapped(Ip4Address.loopback(0)));
            options = options.withLocal(address instanceof UnixAddress ? new UnixAddress("") : anyOf(own));
        }
        ConnectOptions chosen = options;
        add("connect to " + name(address) + " " + chosen.type() + " from " + name(chosen.local()),
                () -> {
                    Connection connection = within(SOON, () -> io.connect(address, chosen));
                    chosen(connection.localAddress());
                    return connection;
                });
    }

    private interface Opening {
        Connection open() throws Exception;
    }

    private void add(String what, Opening opening) throws Exception {
        int number = made++;
        step(number + ": " + what, () -> {
            Connection connection = opening.open();
            Address local = connection.localAddress();
            connections.add(new Connected(number, connection, local instanceof UnixAddress));
            return name(local) + ", " + name(connection.remoteAddress());
        });
    }

    private void use(Connected one, int choice) throws Exception {
        Connection connection = one.connection;
        int room = once(3) ? 2 : 30;
        if (choice < 60) {
            String text = "m" + sent++ + ".";
            step("write " + text + " to " + one.number, () -> "" + within(SOON, () -> connection.write(bytes(text))));
        } else if (choice < 78) {
            step("read " + room + " from " + one.number, () -> {
                byte[] read = new byte[room];
                return text(read, within(SOON, () -> connection.read(MemorySegment.ofArray(read))));
            });
        } else if (choice < 88) {
            pass(one, anyOf(connections));
        } else if (choice < 94) {
            take(one, room);
        } else if (!one.isUnix) {
            end(one);
        }
    }

    private void pass(Connected one, Connected other) throws Exception {
        String text = "m" + sent++ + ".";
        List<Connection> passed = Collections.nCopies(once(3) ? 2 : 1, other.connection);
        step("pass " + passed.size() + " times " + other.number + " over " + one.number,
                () -> "" + within(SOON, () -> one.connection.writeWith(bytes(text), passed)));
    }

    private void take(Connected one, int room) throws Exception {
        int max = random.nextInt(3);
        step("take " + max + " with " + room + " from " + one.number, () -> {
            byte[] read = new byte[room];
            Received received =
                    within(SOON, () -> one.connection.readWith(MemorySegment.ofArray(read), max));
            for (Passable each : received.passed()) {
                ((Connection) each).close();
            }
            return text(read, received.count()) + " " + received.passed().size() + " " + received.cut() + " "
                    + received.passedCut();
        });
    }

    private void end(Connected one) throws Exception {
        if (once(2)) {
            if (!shut.add(one)) {
                return; // who ends both directions is not closed in a simulation
            }
            Direction direction = once(2) ? Direction.READ : Direction.WRITE;
            step("shut down " + one.number + " to " + direction, () -> {
                one.connection.shutdown(direction);
                return "done";
            });
            return;
        }
        boolean aborts = once(3);
        connections.remove(one);
        step((aborts ? "abort " : "close ") + one.number, () -> {
            if (aborts) {
                one.connection.abort();
            } else {
                one.connection.close();
            }
            return "done";
        });
    }

    private static MemorySegment bytes(String text) {
        return MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(byte[] read, int count) throws IOException {
        return count < 0 ? "end" : new String(read, 0, count, StandardCharsets.UTF_8);
    }
}
