package dev.gyre.posix;

import dev.gyre.io.Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.IoException;
import dev.gyre.io.IpAddress;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.SocketOption;
import dev.gyre.io.UnixAddress;
import java.util.List;

/** The options of sockets: which socket has which, and when it can be set. */
final class Options {
    /** What a socket is there for. */
    enum Use {
        LISTENER,
        CONNECTION,
        DATAGRAMS
    }

    static final SocketOption.Setting<Boolean> NO_DELAY = SocketOption.NO_DELAY.of(true);
    static final SocketOption.Setting<Boolean> LATE_PORT = SocketOption.BIND_ADDRESS_NO_PORT.of(true);

    private Options() {}

    /** Sets options of a socket that nobody else uses yet. */
    static void setAll(
            ImmediateCalls calls, int socket, List<SocketOption.Setting<?>> settings, Use use, Address address)
            throws IoException {
        for (SocketOption.Setting<?> setting : settings) {
            set(calls, socket, setting, use, address);
        }
    }

    /** Sets one. */
    static void set(ImmediateCalls calls, int socket, SocketOption.Setting<?> setting, Use use, Address address)
            throws IoException {
        require(Operation.SET_OPTION, setting.option(), use, address, new Named(setting, address));
        check(setting, calls.setOption(socket, setting), address);
    }

    /** Sets an option of a socket that exists. */
    static void set(PosixSocket socket, SocketOption.Setting<?> setting) throws IoException {
        SocketOption<?> option = setting.option();
        switch (option.settable()) {
            case ALWAYS -> {}
            case BEFORE_BIND, BEFORE_CONNECT -> throw new IllegalArgumentException(
                    option + " is decided when a socket is made: give it to listen or to connect, in the options");
            case LISTENING -> {
                if (socket.use() != Use.LISTENER) {
                    throw new IllegalArgumentException(option + " is for listeners");
                }
            }
            case CONNECTED -> {
                if (socket.use() != Use.CONNECTION) {
                    throw new IllegalArgumentException(option + " is for connections");
                }
            }
            case NEVER -> throw new AssertionError("a setting is of an option that can be set");
        }
        socket.held(Operation.SET_OPTION, new Named(option, socket), () -> {
            require(Operation.SET_OPTION, option, socket.use(), socket.address, new Named(setting, socket));
            check(setting, socket.io().kernel().setOption(socket.descriptor(), setting), socket);
            return socket;
        });
    }

    /** Asks for an option of a socket that exists. */
    static <T> T get(PosixSocket socket, SocketOption<T> option) throws IoException {
        Named named = new Named(option, socket);
        return socket.held(Operation.GET_OPTION, named, () -> {
            require(Operation.GET_OPTION, option, socket.use(), socket.address, named);
            return Results.check(
                    Operation.GET_OPTION, socket.io().kernel().option(socket.descriptor().number(), option), named);
        });
    }

    /** Some kernels take options that mean nothing to a socket, and some do not; here none does. */
    private static void require(Operation operation, SocketOption<?> option, Use use, Address address, Named target)
            throws IoException {
        boolean has = switch (option.protocol()) {
            case ANY -> true;
            case UNIX -> address instanceof UnixAddress && use != Use.DATAGRAMS;
            case IP -> address instanceof IpAddress;
            case IP6 -> address instanceof Ip6Address;
            case TCP -> address instanceof IpAddress && use != Use.DATAGRAMS;
        };
        if (!has) {
            throw operation.failure(Reason.OPTION_UNSUPPORTED, target);
        }
    }

    private static void check(SocketOption.Setting<?> setting, int result, Object target) throws IoException {
        Results.check(Operation.SET_OPTION, result, new Named(setting, target));
    }

    /** What messages call an option of a socket. */
    private record Named(Object option, Object target) {
        @Override
        public String toString() {
            return target + " (" + option + ")";
        }
    }
}
