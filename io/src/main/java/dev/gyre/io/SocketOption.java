package dev.gyre.io;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * An option of sockets, with the type of its values.
 *
 * <p>An option is given when a socket is made ({@link ListenOptions#withOption}, {@link ConnectOptions#withOption}), or
 * set later ({@link Socket#setOption}). A connection that a listener accepts begins with the listener's options. A
 * value out of range is refused before the kernel is asked, and the message says what the range is. Where no first
 * kernel is given, every kernel that Gyre runs on has the option.
 *
 * <pre>{@code
 * ListenOptions options = ListenOptions.DEFAULT
 *         .withOption(SocketOption.KEEP_ALIVE, true)
 *         .withOption(SocketOption.KEEP_ALIVE_IDLE, Duration.ofSeconds(30));
 * }</pre>
 *
 * @param <T> the type of its values
 */
public final class SocketOption<T> {
    private static final List<SocketOption<?>> ALL = new ArrayList<>();

    /** The greatest number of bytes that the kernel can double. */
    private static final int BUFFER_MAX = Integer.MAX_VALUE / 2;

    /** The kernel's field for a name has 16 bytes, of which the last is 0 (IFNAMSIZ, TCP_CA_NAME_MAX). */
    private static final int NAME_MAX = 15;

    // All sockets.

    /**
     * How many bytes may wait to be sent. Setting it switches the kernel's own adjustment off. The kernel doubles the
     * value, for what it needs itself, and cuts it to twice {@code net.core.wmem_max}; that is what is read. 1 to
     * 1,073,741,823. socket(7), {@code SO_SNDBUF}.
     */
    public static final SocketOption<Integer> SEND_BUFFER =
            number("SO_SNDBUF", Protocol.ANY, Settable.ALWAYS, 1, BUFFER_MAX);

    /**
     * How many bytes may wait to be read. Setting it switches the kernel's own adjustment off. The kernel doubles the
     * value, for what it needs itself, and cuts it to twice {@code net.core.rmem_max}; that is what is read. For TCP,
     * windows above 64 KiB need it before the connection is made: give it when listening or connecting. 1 to
     * 1,073,741,823. socket(7), {@code SO_RCVBUF}.
     */
    public static final SocketOption<Integer> RECEIVE_BUFFER =
            number("SO_RCVBUF", Protocol.ANY, Settable.ALWAYS, 1, BUFFER_MAX);

    /**
     * The error that is pending on the socket, as a Linux error number; 0 for none. Reading takes it away from whoever
     * would have heard of it. socket(7), {@code SO_ERROR}.
     */
    public static final SocketOption<Integer> ERROR =
            number("SO_ERROR", Protocol.ANY, Settable.NEVER, 0, Integer.MAX_VALUE);

    // Unix sockets.

    /**
     * Whether what is read says who wrote it: {@link Received#credentials()}. To be set on the reader's side before the
     * writer writes, so best on the listener, whose connections begin with it; of what was written earlier, nobody is
     * named. A socket that connects with it and has no address of its own is given one by the kernel. For sockets of
     * datagrams there is {@link DatagramOptions.Flag#CREDENTIALS}. unix(7), {@code SO_PASSCRED}.
     */
    public static final SocketOption<Boolean> PASS_CREDENTIALS =
            flag("SO_PASSCRED", Protocol.UNIX, Settable.ALWAYS);

    // Sockets of IP.

    /**
     * Whether an address may be bound although connections of a former socket linger there. It does not let two
     * sockets listen at one port; that is {@link #REUSE_PORT}. socket(7), {@code SO_REUSEADDR}.
     */
    public static final SocketOption<Boolean> REUSE_ADDRESS =
            flag("SO_REUSEADDR", Protocol.IP, Settable.BEFORE_BIND);

    /**
     * Whether several sockets of one user may be bound to one address, if all of them say so. The kernel spreads
     * connections over such listeners, by a hash of both addresses, and each has a queue of its own: what waits in the
     * queue of one that closes is reset. socket(7), {@code SO_REUSEPORT}.
     */
    public static final SocketOption<Boolean> REUSE_PORT = flag("SO_REUSEPORT", Protocol.IP, Settable.BEFORE_BIND);

    /**
     * Whether binding to an address with port 0 leaves the port to be chosen when the socket connects, which lets
     * connections to different peers have the same one. {@link ConnectOptions} has it where it asks for port 0. ip(7),
     * {@code IP_BIND_ADDRESS_NO_PORT}; from Linux 4.2.
     */
    public static final SocketOption<Boolean> BIND_ADDRESS_NO_PORT =
            flag("IP_BIND_ADDRESS_NO_PORT", Protocol.IP, Settable.BEFORE_BIND);

    /**
     * Whether a socket of IPv6 refuses IPv4, which it otherwise speaks by mapped addresses ({@link
     * Ip6Address#isMapped()}). With it, two listeners can have the same port on all addresses of IPv4 and of IPv6.
     * ipv6(7), {@code IPV6_V6ONLY}.
     */
    public static final SocketOption<Boolean> IP6_ONLY = flag("IPV6_V6ONLY", Protocol.IP6, Settable.BEFORE_BIND);

    /**
     * The network interface that the socket uses, by its name; empty for any. At most 15 bytes. To change it again
     * takes {@code CAP_NET_RAW}; before Linux 5.7 the first time does, too. socket(7), {@code SO_BINDTODEVICE}; can be
     * read from Linux 3.8.
     */
    public static final SocketOption<String> BIND_TO_DEVICE =
            text("SO_BINDTODEVICE", Protocol.IP, Settable.ALWAYS, 0);

    /**
     * How many routers packets may pass: the time to live of IPv4, the hop limit of IPv6. 1 to 255. ip(7), {@code
     * IP_TTL}; ipv6(7), {@code IPV6_UNICAST_HOPS}.
     */
    public static final SocketOption<Integer> HOP_LIMIT =
            number("IP_TTL", Protocol.IP, Settable.ALWAYS, 1, 255);

    /**
     * The type of service of IPv4, the traffic class of IPv6: six bits of DSCP (RFC 2474), then two of ECN, which TCP
     * sets by itself. 0 to 255. ip(7), {@code IP_TOS}; ipv6(7), {@code IPV6_TCLASS}.
     */
    public static final SocketOption<Integer> TRAFFIC_CLASS =
            number("IP_TOS", Protocol.IP, Settable.ALWAYS, 0, 255);

    /**
     * How long the kernel polls the network device when nothing is there to be read, in microseconds; zero to leave it.
     * To raise it takes {@code CAP_NET_ADMIN}. Up to 2,147 s. socket(7), {@code SO_BUSY_POLL}; from Linux 3.11.
     */
    public static final SocketOption<Duration> BUSY_POLL =
            time("SO_BUSY_POLL", Protocol.IP, Settable.ALWAYS, Unit.MICROSECONDS, 0, Integer.MAX_VALUE);

    /**
     * The processor that handles the socket's packets, by its number. Of several listeners that share a port, the one
     * set to the processor at which a connection arrives is preferred. -1 is read where none is known. 0 to
     * 2,147,483,647. socket(7), {@code SO_INCOMING_CPU}; can be set from Linux 4.4.
     */
    public static final SocketOption<Integer> INCOMING_CPU =
            number("SO_INCOMING_CPU", Protocol.IP, Settable.ALWAYS, 0, Integer.MAX_VALUE);

    // TCP.

    /**
     * Whether small segments are sent at once. Gyre sets it on every connection. tcp(7), {@code TCP_NODELAY}.
     */
    public static final SocketOption<Boolean> NO_DELAY = flag("TCP_NODELAY", Protocol.TCP, Settable.ALWAYS);

    /**
     * Whether segments that are not full are held back, up to 200 ms: for a response of several writes, after which it
     * is set to false. tcp(7), {@code TCP_CORK}.
     */
    public static final SocketOption<Boolean> CORK = flag("TCP_CORK", Protocol.TCP, Settable.CONNECTED);

    /**
     * Whether an idle connection is probed, so that one whose peer has vanished ends with {@link Reason#TIMED_OUT}.
     * socket(7), {@code SO_KEEPALIVE}.
     */
    public static final SocketOption<Boolean> KEEP_ALIVE = flag("SO_KEEPALIVE", Protocol.TCP, Settable.ALWAYS);

    /**
     * How long a connection is idle before it is probed, for {@link #KEEP_ALIVE}. Whole seconds, 1 to 32,767; two hours
     * by default. tcp(7), {@code TCP_KEEPIDLE}.
     */
    public static final SocketOption<Duration> KEEP_ALIVE_IDLE =
            time("TCP_KEEPIDLE", Protocol.TCP, Settable.ALWAYS, Unit.SECONDS, 1, 32_767);

    /**
     * The time between two probes, for {@link #KEEP_ALIVE}. Whole seconds, 1 to 32,767; 75 by default. tcp(7), {@code
     * TCP_KEEPINTVL}.
     */
    public static final SocketOption<Duration> KEEP_ALIVE_INTERVAL =
            time("TCP_KEEPINTVL", Protocol.TCP, Settable.ALWAYS, Unit.SECONDS, 1, 32_767);

    /**
     * After how many probes without an answer a connection has ended, for {@link #KEEP_ALIVE}. 1 to 127; 9 by default.
     * tcp(7), {@code TCP_KEEPCNT}.
     */
    public static final SocketOption<Integer> KEEP_ALIVE_COUNT =
            number("TCP_KEEPCNT", Protocol.TCP, Settable.ALWAYS, 1, 127);

    /**
     * Whether closing resets the connection and drops what was not sent, instead of sending it after the close. This is
     * lingering for no time. To linger for some time is no option here, as the kernel would keep the thread that
     * closes, and with it every task of its loop: to wait until the peer has everything, end the direction
     * ({@link Connection#shutdown}) and read to the end. socket(7), {@code SO_LINGER}.
     */
    public static final SocketOption<Boolean> RESET_ON_CLOSE = flag("SO_LINGER", Protocol.TCP, Settable.ALWAYS);

    /**
     * How long data that was sent may remain without an acknowledgement before the connection ends with
     * {@link Reason#TIMED_OUT}; zero for the kernel's own limit. Whole milliseconds, up to 2,147,483,647. tcp(7),
     * {@code TCP_USER_TIMEOUT}; RFC 5482; from Linux 2.6.37.
     */
    public static final SocketOption<Duration> USER_TIMEOUT =
            time("TCP_USER_TIMEOUT", Protocol.TCP, Settable.ALWAYS, Unit.MILLISECONDS, 0, Integer.MAX_VALUE);

    /**
     * The algorithm of congestion control, such as {@code cubic} or {@code bbr}; those that any user may choose are in
     * {@code net.ipv4.tcp_allowed_congestion_control}. 1 to 15 bytes. tcp(7), {@code TCP_CONGESTION}.
     */
    public static final SocketOption<String> CONGESTION_CONTROL =
            text("TCP_CONGESTION", Protocol.TCP, Settable.ALWAYS, 1);

    /**
     * How long a listener waits for the first data of a connection before it hands it out without any; zero to hand it
     * out at once. Whole seconds, 0 to 32,767; the kernel rounds up to the times of its retransmissions. tcp(7), {@code
     * TCP_DEFER_ACCEPT}.
     */
    public static final SocketOption<Duration> DEFER_ACCEPT =
            time("TCP_DEFER_ACCEPT", Protocol.TCP, Settable.LISTENING, Unit.SECONDS, 0, 32_767);

    /**
     * How many connections with data in their first packet may wait at a listener; 0 for none. Works where {@code
     * net.ipv4.tcp_fastopen} has bit 2. 0 to 65,535. tcp(7), {@code TCP_FASTOPEN}; RFC 7413; from Linux 3.7.
     */
    public static final SocketOption<Integer> FAST_OPEN =
            number("TCP_FASTOPEN", Protocol.TCP, Settable.LISTENING, 0, 65_535);

    /**
     * Whether a connection to a peer that is known for it is made by the first write, whose data go in the first
     * packet. Connecting then succeeds at once, and the first write has the reasons of {@link Operation#CONNECT} and
     * may be delivered twice. To be given to {@link ConnectOptions}. tcp(7), {@code TCP_FASTOPEN_CONNECT}; from Linux
     * 4.11.
     */
    public static final SocketOption<Boolean> FAST_OPEN_CONNECT =
            flag("TCP_FASTOPEN_CONNECT", Protocol.TCP, Settable.BEFORE_CONNECT);

    /** Which sockets have an option. */
    public enum Protocol {
        /** All. */
        ANY,
        /** Connections and listeners of Unix sockets. */
        UNIX,
        /** Those of IPv4 and of IPv6. */
        IP,
        /** Those of IPv6. */
        IP6,
        /** Streams of IPv4 and of IPv6. */
        TCP
    }

    /** When an option can be set. */
    public enum Settable {
        /** When a socket is made, and later. */
        ALWAYS,
        /** When a socket is made with an address of its own: what it means is decided by then. */
        BEFORE_BIND,
        /** When a connection is made. */
        BEFORE_CONNECT,
        /** When a listener is made, and later. */
        LISTENING,
        /** On a connection that exists. */
        CONNECTED,
        /** It can only be read. */
        NEVER
    }

    private enum Unit {
        SECONDS(1_000_000_000),
        MILLISECONDS(1_000_000),
        MICROSECONDS(1_000);

        private final long nanoseconds;

        Unit(long nanoseconds) {
            this.nanoseconds = nanoseconds;
        }

        private String text() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** Says what is wrong with a value, by an exception. */
    @FunctionalInterface
    private interface Check<T> {
        void of(SocketOption<T> option, T value);
    }

    private final String name;
    private final Class<T> type;
    private final Protocol protocol;
    private final Settable settable;
    private final Check<T> check;

    private SocketOption(String name, Class<T> type, Protocol protocol, Settable settable, Check<T> check) {
        this.name = name;
        this.type = type;
        this.protocol = protocol;
        this.settable = settable;
        this.check = check;
    }

    private static <T> SocketOption<T> add(SocketOption<T> option) {
        ALL.add(option);
        return option;
    }

    private static SocketOption<Boolean> flag(String name, Protocol protocol, Settable settable) {
        return add(new SocketOption<>(name, Boolean.class, protocol, settable, (_, _) -> {}));
    }

    private static SocketOption<Integer> number(String name, Protocol protocol, Settable settable, int min, int max) {
        return add(new SocketOption<>(name, Integer.class, protocol, settable, (option, value) -> {
            if (value < min || value > max) {
                throw option.wrong(value, "is not within " + min + ".." + max);
            }
        }));
    }

    private static SocketOption<Duration> time(
            String name, Protocol protocol, Settable settable, Unit unit, long min, long max) {
        Duration shortest = Duration.ofNanos(unit.nanoseconds).multipliedBy(min);
        Duration longest = Duration.ofNanos(unit.nanoseconds).multipliedBy(max);
        return add(new SocketOption<>(name, Duration.class, protocol, settable, (option, value) -> {
            if (value.compareTo(shortest) < 0 || value.compareTo(longest) > 0) {
                throw option.wrong(value, "is not within " + min + ".." + max + " " + unit.text());
            }
            if (value.toNanosPart() % unit.nanoseconds != 0) {
                throw option.wrong(value, "is no whole number of " + unit.text());
            }
        }));
    }

    private static SocketOption<String> text(String name, Protocol protocol, Settable settable, int min) {
        return add(new SocketOption<>(name, String.class, protocol, settable, (option, value) -> {
            int length = value.getBytes(StandardCharsets.UTF_8).length;
            if (length < min || length > NAME_MAX) {
                throw option.wrong(value, "is not " + min + ".." + NAME_MAX + " bytes long");
            }
            if (value.indexOf('\0') >= 0) {
                throw option.wrong(value.replace('\0', '@'), "contains a NUL character");
            }
        }));
    }

    private IllegalArgumentException wrong(Object value, String fault) {
        return new IllegalArgumentException("value '" + value + "' of " + name + " " + fault);
    }

    /**
     * All options that there are.
     *
     * @return an unmodifiable list
     */
    public static List<SocketOption<?>> all() {
        return Collections.unmodifiableList(ALL);
    }

    /**
     * This option with a value.
     *
     * @param value within its range
     * @return both
     * @throws IllegalArgumentException if the value is out of range, saying what the range is, or if the option can
     *     only be read
     */
    public Setting<T> of(T value) {
        return new Setting<>(this, value);
    }

    /**
     * Its name in the manual pages.
     *
     * @return such as {@code TCP_NODELAY}
     */
    public String name() {
        return name;
    }

    /**
     * The type of its values.
     *
     * @return the class
     */
    public Class<T> type() {
        return type;
    }

    /**
     * Which sockets have it.
     *
     * @return the least that a socket must be
     */
    public Protocol protocol() {
        return protocol;
    }

    /**
     * When it can be set.
     *
     * @return when
     */
    public Settable settable() {
        return settable;
    }

    @Override
    public String toString() {
        return name;
    }

    /**
     * An option with a value that is within its range.
     *
     * @param <T> the type of its values
     * @param option which one
     * @param value its value
     */
    public record Setting<T>(SocketOption<T> option, T value) {
        /** Refuses a value out of range, and an option that can only be read. */
        public Setting {
            Objects.requireNonNull(value, option.name);
            if (option.settable == Settable.NEVER) {
                throw new IllegalArgumentException(option + " can only be read");
            }
            option.check.of(option, value);
        }

        /**
         * These settings and one more, which takes the place of one for the same option.
         *
         * @param settings some
         * @param setting one more
         * @return an unmodifiable list
         */
        public static List<Setting<?>> with(List<Setting<?>> settings, Setting<?> setting) {
            List<Setting<?>> all = new ArrayList<>(settings);
            all.removeIf(each -> each.option().equals(setting.option()));
            all.add(setting);
            return List.copyOf(all);
        }

        @Override
        public String toString() {
            return option + "=" + value;
        }
    }
}
