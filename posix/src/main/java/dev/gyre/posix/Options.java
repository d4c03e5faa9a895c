package dev.gyre.posix;

import dev.gyre.io.Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.IoException;
import dev.gyre.io.IpAddress;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.SocketOption;
import java.util.List;

/** The options of sockets: which socket has which, and when it can be set. */
final class Options {
    static final SocketOption.Setting<Boolean> NO_DELAY = SocketOption.NO_DELAY.of(true);
    static final SocketOption.Setting<Boolean> LATE_PORT = SocketOption.BIND_ADDRESS_NO_PORT.of(true);

    private Options() {}

    /** Sets options of a stream socket that nobody else uses yet. */
    static void setAll(ImmediateCalls calls, int socket, List<SocketOption.Setting<?>> settings, Address address)
            throws IoException {
        for (SocketOption.Setting<?> setting : settings) {
            set(calls, socket, setting, address);
        }
    }

    /** Sets one. */
    static void set(ImmediateCalls calls, int socket, SocketOption.Setting<?> setting, Address address)
            throws IoException {
        require(Operation.SET_OPTION, setting.option(), address, new Named(setting, address));
        check(setting, calls.setOption(socket, setting), address);
    }

    /**
     * Sets an option of a socket that exists.
     *
     * @param listens whether it listens
     * @param address of its family
     * @param target for messages
     */
    static void set(
            ImmediateCalls calls, Descriptor socket, SocketOption.Setting<?> setting, boolean listens, Address address,
            Object target) throws IoException {
        SocketOption<?> option = setting.option();
        switch (option.settable()) {
            case ALWAYS -> {}
            case BEFORE_BIND, BEFORE_CONNECT -> throw new IllegalArgumentException(
                    option + " is decided when a socket is made: give it to listen or to connect, in the options");
            case LISTENING -> {
                if (!listens) {
                    throw new IllegalArgumentException(option + " is for listeners");
                }
            }
            case CONNECTED -> {
                if (listens) {
                    throw new IllegalArgumentException(option + " is for connections");
                }
            }
            case NEVER -> throw new AssertionError("a setting is of an option that can be set");
        }
        hold(Operation.SET_OPTION, socket, option, target);
        try {
            require(Operation.SET_OPTION, option, address, new Named(setting, target));
            check(setting, calls.setOption(socket, setting), target);
        } finally {
            Sockets.release(calls, socket);
        }
    }

    /** Asks for an option of a socket that exists. */
    static <T> T get(ImmediateCalls calls, Descriptor socket, SocketOption<T> option, Address address, Object target)
            throws IoException {
        hold(Operation.GET_OPTION, socket, option, target);
        try {
            Named named = new Named(option, target);
            require(Operation.GET_OPTION, option, address, named);
            return Results.check(Operation.GET_OPTION, calls.option(socket.number(), option), named);
        } finally {
            Sockets.release(calls, socket);
        }
    }

    private static void hold(Operation operation, Descriptor socket, SocketOption<?> option, Object target)
            throws IoException {
        if (!socket.acquire()) {
            throw operation.failure(Reason.CLOSED, new Named(option, target));
        }
    }

    /** Some kernels take options that mean nothing to a socket, and some do not; here none does. */
    private static void require(Operation operation, SocketOption<?> option, Address address, Named target)
            throws IoException {
        boolean has = switch (option.protocol()) {
            case ANY -> true;
            case IP, TCP -> address instanceof IpAddress;
            case IP6 -> address instanceof Ip6Address;
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
