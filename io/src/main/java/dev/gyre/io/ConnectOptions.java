package dev.gyre.io;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to connect.
 *
 * @param local the address to connect from, of the same family as the peer's; with port 0, or as a Unix address
 *     without a name, the kernel chooses the rest; null to leave all of it to the kernel
 * @param type what the connection carries, which must be what the listener's do
 * @param settings options that the socket has before it connects
 */
public record ConnectOptions(@Nullable Address local, SocketType type, List<SocketOption.Setting<?>> settings) {
    /** From whatever address leads to the peer, with no options but {@link SocketOption#NO_DELAY}. */
    public static final ConnectOptions DEFAULT = new ConnectOptions(null, SocketType.STREAM, List.of());

    /** Refuses options that are for listeners, or for connections that exist. */
    public ConnectOptions {
        settings = List.copyOf(settings);
        for (SocketOption.Setting<?> setting : settings) {
            switch (setting.option().settable()) {
                case ALWAYS, BEFORE_BIND, BEFORE_CONNECT -> {}
                case LISTENING -> throw new IllegalArgumentException(setting.option() + " is for listeners");
                case CONNECTED -> throw new IllegalArgumentException(
                        setting.option() + " is set on a connection: call its setOption");
                case NEVER -> throw new AssertionError("a setting is of an option that can be set");
            }
        }
    }

    /**
     * The same from an address of the caller's.
     *
     * @param address this end's
     * @return the options
     */
    public ConnectOptions withLocal(Address address) {
        return new ConnectOptions(address, type, settings);
    }

    /**
     * The same for another type of socket.
     *
     * @param newType what the connection carries
     * @return the options
     */
    public ConnectOptions withType(SocketType newType) {
        return new ConnectOptions(local, newType, settings);
    }

    /**
     * The same with an option of the socket.
     *
     * @param <T> the type of its values
     * @param option which one
     * @param value within its range
     * @return the options
     * @throws IllegalArgumentException if the value is out of range, or the option is not for those who connect
     */
    public <T> ConnectOptions withOption(SocketOption<T> option, T value) {
        return new ConnectOptions(local, type, SocketOption.Setting.with(settings, option.of(value)));
    }
}
