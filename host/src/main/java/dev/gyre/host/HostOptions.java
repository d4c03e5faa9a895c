package dev.gyre.host;

import dev.gyre.io.SocketOption;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Sockets;
import dev.gyre.posix.Answer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The options of sockets as setsockopt(2) and getsockopt(2) have them. */
final class HostOptions {
    /** The longest name, with its final 0. */
    private static final int NAME_CAPACITY = 16;

    private static final Map<SocketOption<?>, Form<?>> FORMS = new HashMap<>();

    static {
        number(SocketOption.SEND_BUFFER, Sockets.SOL_SOCKET, Sockets.SO_SNDBUF);
        number(SocketOption.RECEIVE_BUFFER, Sockets.SOL_SOCKET, Sockets.SO_RCVBUF);
        number(SocketOption.ERROR, Sockets.SOL_SOCKET, Sockets.SO_ERROR);
        flag(SocketOption.PASS_CREDENTIALS, Sockets.SOL_SOCKET, Sockets.SO_PASSCRED);
        flag(SocketOption.REUSE_ADDRESS, Sockets.SOL_SOCKET, Sockets.SO_REUSEADDR);
        flag(SocketOption.REUSE_PORT, Sockets.SOL_SOCKET, Sockets.SO_REUSEPORT);
        flag(SocketOption.BIND_ADDRESS_NO_PORT, Sockets.IPPROTO_IP, Sockets.IP_BIND_ADDRESS_NO_PORT);
        flag(SocketOption.IP6_ONLY, Sockets.IPPROTO_IPV6, Sockets.IPV6_V6ONLY);
        put(SocketOption.BIND_TO_DEVICE, new Name(Sockets.SOL_SOCKET, Sockets.SO_BINDTODEVICE));
        put(SocketOption.HOP_LIMIT, new EitherIp(Sockets.IP_TTL, Sockets.IPV6_UNICAST_HOPS));
        put(SocketOption.TRAFFIC_CLASS, new EitherIp(Sockets.IP_TOS, Sockets.IPV6_TCLASS));
        time(SocketOption.BUSY_POLL, Sockets.SOL_SOCKET, Sockets.SO_BUSY_POLL, Duration.ofNanos(1_000));
        number(SocketOption.INCOMING_CPU, Sockets.SOL_SOCKET, Sockets.SO_INCOMING_CPU);
        flag(SocketOption.NO_DELAY, Sockets.IPPROTO_TCP, Sockets.TCP_NODELAY);
        flag(SocketOption.CORK, Sockets.IPPROTO_TCP, Sockets.TCP_CORK);
        flag(SocketOption.KEEP_ALIVE, Sockets.SOL_SOCKET, Sockets.SO_KEEPALIVE);
        time(SocketOption.KEEP_ALIVE_IDLE, Sockets.IPPROTO_TCP, Sockets.TCP_KEEPIDLE, Duration.ofSeconds(1));
        time(SocketOption.KEEP_ALIVE_INTERVAL, Sockets.IPPROTO_TCP, Sockets.TCP_KEEPINTVL, Duration.ofSeconds(1));
        number(SocketOption.KEEP_ALIVE_COUNT, Sockets.IPPROTO_TCP, Sockets.TCP_KEEPCNT);
        put(SocketOption.RESET_ON_CLOSE, new NoLinger());
        time(SocketOption.USER_TIMEOUT, Sockets.IPPROTO_TCP, Sockets.TCP_USER_TIMEOUT, Duration.ofMillis(1));
        put(SocketOption.CONGESTION_CONTROL, new Name(Sockets.IPPROTO_TCP, Sockets.TCP_CONGESTION));
        time(SocketOption.DEFER_ACCEPT, Sockets.IPPROTO_TCP, Sockets.TCP_DEFER_ACCEPT, Duration.ofSeconds(1));
        number(SocketOption.FAST_OPEN, Sockets.IPPROTO_TCP, Sockets.TCP_FASTOPEN);
        flag(SocketOption.FAST_OPEN_CONNECT, Sockets.IPPROTO_TCP, Sockets.TCP_FASTOPEN_CONNECT);
    }

    private HostOptions() {}

    /** Sets an option. 0, or a negated error number. */
    static <T> int set(int socket, SocketOption.Setting<T> setting) {
        Form<T> form = form(setting.option());
        return form == null ? -Errno.ENOPROTOOPT.code() : form.set(socket, setting.value());
    }

    /** Asks for an option. */
    static <T> Answer<T> get(int socket, SocketOption<T> option) {
        Form<T> form = form(option);
        return form == null ? Answer.failed(-Errno.ENOPROTOOPT.code()) : form.get(socket);
    }

    @SuppressWarnings("unchecked") // put together with it
    private static <T> @Nullable Form<T> form(SocketOption<T> option) {
        return (Form<T>) FORMS.get(option);
    }

    private static <T> void put(SocketOption<T> option, Form<T> form) {
        FORMS.put(option, form);
    }

    private static void number(SocketOption<Integer> option, int level, int name) {
        put(option, new IntNumber(level, name));
    }

    private static void flag(SocketOption<Boolean> option, int level, int name) {
        put(option, new Flag(level, name));
    }

    private static void time(SocketOption<Duration> option, int level, int name, Duration unit) {
        put(option, new Time(level, name, unit));
    }

    /** What an option's value is in the kernel. */
    private interface Form<T> {
        int set(int socket, T value);

        Answer<T> get(int socket);
    }

    private record IntNumber(int level, int name) implements Form<Integer> {
        @Override
        public int set(int socket, Integer value) {
            return Sockets.setsockopt(socket, level, name, value);
        }

        @Override
        public Answer<Integer> get(int socket) {
            long result = Sockets.getsockopt(socket, level, name);
            return result < 0 ? Answer.failed((int) result) : Answer.of((int) result);
        }
    }

    private record Flag(int level, int name) implements Form<Boolean> {
        @Override
        public int set(int socket, Boolean value) {
            return Sockets.setsockopt(socket, level, name, value ? 1 : 0);
        }

        @Override
        public Answer<Boolean> get(int socket) {
            long result = Sockets.getsockopt(socket, level, name);
            return result < 0 ? Answer.failed((int) result) : Answer.of(result != 0);
        }
    }

    private record Time(int level, int name, Duration unit) implements Form<Duration> {
        @Override
        public int set(int socket, Duration value) {
            return Sockets.setsockopt(socket, level, name, (int) value.dividedBy(unit));
        }

        @Override
        public Answer<Duration> get(int socket) {
            long result = Sockets.getsockopt(socket, level, name);
            return result < 0 ? Answer.failed((int) result) : Answer.of(unit.multipliedBy(result));
        }
    }

    /**
     * IPv6 has a number of its own; a socket of IPv6 has both, the other for what it sends to mapped addresses, and
     * with {@code IPV6_V6ONLY} that one is not needed.
     */
    private record EitherIp(int name4, int name6) implements Form<Integer> {
        @Override
        public int set(int socket, Integer value) {
            int result4 = Sockets.setsockopt(socket, Sockets.IPPROTO_IP, name4, value);
            return isIp6(socket) ? Sockets.setsockopt(socket, Sockets.IPPROTO_IPV6, name6, value) : result4;
        }

        @Override
        public Answer<Integer> get(int socket) {
            return isIp6(socket)
                    ? new IntNumber(Sockets.IPPROTO_IPV6, name6).get(socket)
                    : new IntNumber(Sockets.IPPROTO_IP, name4).get(socket);
        }

        private static boolean isIp6(int socket) {
            return Sockets.getsockopt(socket, Sockets.SOL_SOCKET, Sockets.SO_DOMAIN) == Sockets.AF_INET6;
        }
    }

    private record Name(int level, int name) implements Form<String> {
        @Override
        public int set(int socket, String value) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            try (Scratch scratch = Scratch.borrow()) {
                MemorySegment text = scratch.path(bytes);
                return Sockets.setsockopt(socket, level, name, text, bytes.length + 1);
            }
        }

        @Override
        public Answer<String> get(int socket) {
            try (Scratch scratch = Scratch.borrow()) {
                MemorySegment text = scratch.allocate(NAME_CAPACITY, 1);
                MemorySegment length = scratch.allocate(ValueLayout.JAVA_INT);
                length.set(ValueLayout.JAVA_INT, 0, NAME_CAPACITY);
                int result = Sockets.getsockopt(socket, level, name, text, length);
                return result < 0
                        ? Answer.failed(result)
                        : Answer.of(ended(text.asSlice(0, length.get(ValueLayout.JAVA_INT, 0))));
            }
        }

        /** Names are ended by a 0, if by anything before the end of the field. */
        private static String ended(MemorySegment text) {
            byte[] bytes = text.toArray(ValueLayout.JAVA_BYTE);
            int length = 0;
            while (length < bytes.length && bytes[length] != 0) {
                length++;
            }
            return new String(bytes, 0, length, StandardCharsets.UTF_8);
        }
    }

    /** Two numbers: whether to linger, and for how many seconds. */
    private record NoLinger() implements Form<Boolean> {
        private static final int BYTES = 2 * Integer.BYTES;

        @Override
        public int set(int socket, Boolean value) {
            try (Scratch scratch = Scratch.borrow()) {
                MemorySegment linger = scratch.allocate(ValueLayout.JAVA_INT, 2);
                linger.set(ValueLayout.JAVA_INT, 0, value ? 1 : 0);
                return Sockets.setsockopt(socket, Sockets.SOL_SOCKET, Sockets.SO_LINGER, linger, BYTES);
            }
        }

        @Override
        public Answer<Boolean> get(int socket) {
            try (Scratch scratch = Scratch.borrow()) {
                MemorySegment linger = scratch.allocate(ValueLayout.JAVA_INT, 2);
                MemorySegment length = scratch.allocate(ValueLayout.JAVA_INT);
                length.set(ValueLayout.JAVA_INT, 0, BYTES);
                int result = Sockets.getsockopt(socket, Sockets.SOL_SOCKET, Sockets.SO_LINGER, linger, length);
                return result < 0
                        ? Answer.failed(result)
                        : Answer.of(linger.get(ValueLayout.JAVA_INT, 0) != 0
                                && linger.getAtIndex(ValueLayout.JAVA_INT, 1) == 0);
            }
        }
    }
}
