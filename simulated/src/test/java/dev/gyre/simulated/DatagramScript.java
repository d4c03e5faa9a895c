package dev.gyre.simulated;

import dev.gyre.io.Address;
import dev.gyre.io.ControlData;
import dev.gyre.io.Datagram;
import dev.gyre.io.DatagramError;
import dev.gyre.io.DatagramOptions;
import dev.gyre.io.DatagramOptions.Flag;
import dev.gyre.io.DatagramSocket;
import dev.gyre.io.Io;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.MulticastGroup;
import dev.gyre.io.MulticastOptions;
import dev.gyre.io.SocketOption;
import dev.gyre.io.Timeout;
import dev.gyre.io.UnixAddress;
import dev.gyre.simulated.network.Addresses;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Sockets of datagrams within a machine. Left out is what depends on the interfaces of the machine that the tests run
 * on; and a socket of IPv6 that is connected to one family after the other, as it keeps something of the first.
 */
final class DatagramScript extends ComparedScript {
    private static final int SOCKETS_MAX = 7;
    private static final int KNOWN_MAX = 10;
    private static final int LOOPBACK = 1;

    /** Only the queue of a Unix socket is ever full. */
    private static final Timeout LONG = Timeout.after(Duration.ofSeconds(2));

    private static final Ip4Address OTHER = new Ip4Address(0x7f000002, 0);
    private static final List<Ip4Address> GROUPS =
            List.of(new Ip4Address(0xef090807, 0), new Ip4Address(0xef090806, 0));

    private final String folder;
    private final List<Named> sockets = new ArrayList<>();
    private final List<Address> known = new ArrayList<>();
    private int made;
    private int sent;
    private boolean connected;

    private record Named(int number, DatagramSocket socket, Address local) {
        boolean isUnix() {
            return local instanceof UnixAddress;
        }

        boolean isEverywhere6() {
            return local instanceof Ip6Address ip6 && ip6.equals(Ip6Address.unspecified(ip6.port()));
        }
    }

    /** One whose Unix sockets are in a folder. */
    DatagramScript(Io io, long seed, String folder) {
        super(io, seed);
        this.folder = folder;
    }

    @Override
    void close() {
        sockets.forEach(each -> each.socket.close());
    }

    @Override
    void next() throws Exception {
        int choice = random.nextInt(100);
        if (sockets.isEmpty() || (choice < 12 && sockets.size() < SOCKETS_MAX)) {
            bind();
            return;
        }
        Named named = anyOf(sockets);
        DatagramSocket socket = named.socket;
        if (choice < 16) {
            sockets.remove(named);
            step("close " + named.number, () -> {
                socket.close();
                return "closed";
            });
        } else if (choice < 28) {
            connect(named);
        } else if (choice < 32) {
            step("disconnect " + named.number, () -> {
                socket.disconnect();
                return "disconnected";
            });
        } else if (choice < 52) {
            send(named, once(3) ? null : address(), ControlData.NONE);
        } else if (choice < 79 || named.isUnix()) {
            receive(named);
        } else if (choice < 84) {
            step("error of " + named.number, () -> told(socket.takeError()));
        } else if (choice < 93) {
            group(named);
        } else if (address() instanceof IpAddress ip) {
            send(named, ip, control());
        }
    }

    /** One that a socket has, or had, in one of several forms. */
    private Address address() {
        if (known.isEmpty()) {
            return Ip4Address.loopback(9);
        }
        Address address = anyOf(known);
        if (!(address instanceof IpAddress ip)) {
            return address;
        }
        return switch (random.nextInt(6)) {
            case 0 -> Ip4Address.loopback(ip.port());
            case 1 -> Ip6Address.loopback(ip.port());
            case 2 -> OTHER.withPort(ip.port());
            case 3 -> Ip6Address.mapped(Ip4Address.loopback(ip.port()));
            default -> ip;
        };
    }

    private ControlData control() {
        return switch (random.nextInt(3)) {
            case 0 -> ControlData.NONE.withTimeToLive(random.nextInt(3));
            case 1 -> ControlData.NONE.withAddress(once(2) ? Ip4Address.loopback(0) : Ip6Address.loopback(0));
            default -> ControlData.NONE.withAddress(IpAddress.parse(once(2) ? "10.99.99.99" : "fd99::99", 0));
        };
    }

    private void bind() throws Exception {
        int number = made++;
        // The binding of a connected socket is another one than before: nobody binds beside it.
        Address address = switch (random.nextInt(connected ? 7 : 9)) {
            case 0, 1 -> Ip4Address.loopback(0);
            case 2 -> Ip4Address.unspecified(0);
            case 3 -> Ip6Address.loopback(0);
            case 4 -> Ip6Address.unspecified(0);
            case 5 -> new UnixAddress(folder + "/s" + random.nextInt(4));
            case 6 -> new UnixAddress("");
            case 7 -> address();
            default -> address() instanceof IpAddress ip
                    ? once(2) ? Ip4Address.unspecified(ip.port()) : Ip6Address.unspecified(ip.port())
                    : new UnixAddress("");
        };
        DatagramOptions options = address instanceof UnixAddress
                ? once(3) ? DatagramOptions.DEFAULT.with(Flag.CREDENTIALS) : DatagramOptions.DEFAULT
                : optionsOfUdp();
        step("bind " + number + " at " + name(address) + " " + new TreeSet<>(options.flags()) + options.settings(),
                () -> {
                    DatagramSocket socket = io.bind(address, options);
                    Named named = new Named(number, socket, socket.localAddress());
                    if (address instanceof IpAddress ip && ip.port() == 0) {
                        chosen(named.local);
                    }
                    sockets.add(named);
                    known.add(named.local);
                    if (known.size() > KNOWN_MAX) {
                        known.removeFirst();
                    }
                    return name(named.local);
                });
    }

    private DatagramOptions optionsOfUdp() {
        DatagramOptions options = DatagramOptions.DEFAULT;
        if (once(3)) {
            options = options.with(Flag.ERRORS);
        }
        if (once(3)) {
            options = options.with(Flag.DESTINATION, Flag.TIME_TO_LIVE);
        }
        if (once(3)) {
            return options.withOption(SocketOption.REUSE_ADDRESS, true);
        }
        return once(20) ? options.withOption(SocketOption.IP6_ONLY, true) : options;
    }

    private void connect(Named named) throws Exception {
        Address address = address();
        boolean isIp6 = address instanceof Ip6Address ip6 && !ip6.isMapped();
        if (named.isEverywhere6() && !isIp6) {
            return;
        }
        connected = true;
        step("connect " + named.number + " to " + name(address), () -> {
            named.socket.connect(address);
            return name(named.socket.localAddress()) + ", " + name(named.socket.remoteAddress());
        });
    }

    private void send(Named named, @Nullable Address address, ControlData control) throws Exception {
        if (named.isEverywhere6() && address instanceof IpAddress ip && Addresses.plain(ip) instanceof Ip4Address) {
            return; // the source is the machine's choice where it is connected over IPv6
        }
        String text = "m" + sent++;
        step("send " + text + " from " + named.number + " to " + name(address) + " " + control,
                () -> within(LONG, () -> {
                    named.socket.send(new Datagram(MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8)))
                            .address(address)
                            .controlToSend(control));
                    return "sent";
                }));
    }

    private void receive(Named named) throws Exception {
        int room = once(5) ? 1 : 20;
        step("receive " + room + " at " + named.number, () -> {
            Datagram datagram = new Datagram(MemorySegment.ofArray(new byte[room]));
            if (!named.socket.tryReceive(datagram)) {
                return "nothing";
            }
            ControlData control = datagram.control();
            return text(datagram) + " of " + datagram.trueLength() + " from " + name(datagram.address()) + " "
                    + new TreeSet<>(datagram.flags()) + " to " + name(control.address()) + " "
                    + control.interfaceIndex() + " " + control.timeToLive() + " " + (control.credentials() != null);
        });
    }

    private static String text(Datagram datagram) {
        return new String(datagram.payload().toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    private String told(@Nullable DatagramError error) {
        return error == null
                ? "none"
                : error.reason() + " " + error.origin() + " " + error.type() + " " + error.code() + " by "
                        + name(error.offender()) + " for " + text(error.datagram()) + " to "
                        + name(error.datagram().address());
    }

    private void group(Named named) throws Exception {
        Ip4Address group = anyOf(GROUPS);
        switch (random.nextInt(4)) {
            case 0, 1 -> {
                boolean joins = !once(3);
                IpAddress source = once(3) ? Ip4Address.loopback(0) : once(4) ? OTHER : null;
                MulticastGroup joined = new MulticastGroup(group, LOOPBACK, source);
                step((joins ? "join " : "leave ") + named.number + " " + joined, () -> {
                    if (joins) {
                        named.socket.join(joined);
                    } else {
                        named.socket.leave(joined);
                    }
                    return "done";
                });
            }
            case 2 -> {
                MulticastOptions options = new MulticastOptions(LOOPBACK, random.nextInt(3), once(2));
                step("multicast " + named.number + " " + options, () -> {
                    named.socket.multicast(options);
                    return "done";
                });
            }
            default -> {
                // From any other address the source would be the machine's choice.
                if (named.local instanceof Ip4Address ip && Addresses.isLoopback(ip)
                        && address() instanceof IpAddress member) {
                    send(named, group.withPort(member.port()), ControlData.NONE.withInterface(LOOPBACK));
                }
            }
        }
    }
}
