package dev.gyre.simulated.network;

import dev.gyre.io.ErrorNumber;
import dev.gyre.io.SocketOption;
import dev.gyre.simulated.kernel.Pipe;
import dev.gyre.simulated.kernel.Refusal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The options of a socket. They can be set and asked for; what they do is simulated of those for addresses and ports
 * only. Guarded by the kernel's lock.
 */
final class SocketOptions {
    /** As on Linux. */
    private static final Map<SocketOption<?>, Object> DEFAULTS = defaults();

    private static final Set<String> ALGORITHMS = Set.of("cubic", "reno");

    private final Map<SocketOption<?>, Object> values;

    SocketOptions() {
        values = new HashMap<>();
    }

    /** Those of a connection that a listener with these hands out. */
    SocketOptions(SocketOptions listener) {
        values = new HashMap<>(listener.values);
        values.remove(SocketOption.REUSE_PORT);
    }

    <T> T get(SocketOption<T> option) throws Refusal {
        Object value = values.getOrDefault(option, DEFAULTS.get(option));
        if (value == null) {
            throw new Refusal(ErrorNumber.ENOPROTOOPT);
        }
        return option.type().cast(value);
    }

    /** Whether it was set. */
    boolean isSet(SocketOption<?> option) {
        return values.containsKey(option);
    }

    boolean has(SocketOption<Boolean> option) {
        return values.get(option) instanceof Boolean value && value;
    }

    void set(SocketOption.Setting<?> setting) throws Refusal {
        SocketOption<?> option = setting.option();
        if (!DEFAULTS.containsKey(option)) {
            throw new Refusal(ErrorNumber.ENOPROTOOPT);
        }
        Object value = setting.value();
        if (option.equals(SocketOption.CONGESTION_CONTROL) && !ALGORITHMS.contains(value)) {
            throw new Refusal(ErrorNumber.ENOENT);
        }
        boolean doubled = option.equals(SocketOption.SEND_BUFFER) || option.equals(SocketOption.RECEIVE_BUFFER);
        values.put(option, doubled ? 2 * (int) value : value);
    }

    private static Map<SocketOption<?>, Object> defaults() {
        Map<SocketOption<?>, Object> defaults = new HashMap<>();
        for (SocketOption<?> option : SocketOption.all()) {
            if (option.type() == Boolean.class) {
                defaults.put(option, false);
            }
        }
        defaults.put(SocketOption.SEND_BUFFER, Pipe.WINDOW);
        defaults.put(SocketOption.RECEIVE_BUFFER, Pipe.WINDOW);
        defaults.put(SocketOption.ERROR, 0);
        defaults.put(SocketOption.BIND_TO_DEVICE, "");
        defaults.put(SocketOption.HOP_LIMIT, 64);
        defaults.put(SocketOption.TRAFFIC_CLASS, 0);
        defaults.put(SocketOption.BUSY_POLL, Duration.ZERO);
        defaults.put(SocketOption.INCOMING_CPU, 0);
        defaults.put(SocketOption.KEEP_ALIVE_IDLE, Duration.ofHours(2));
        defaults.put(SocketOption.KEEP_ALIVE_INTERVAL, Duration.ofSeconds(75));
        defaults.put(SocketOption.KEEP_ALIVE_COUNT, 9);
        defaults.put(SocketOption.USER_TIMEOUT, Duration.ZERO);
        defaults.put(SocketOption.CONGESTION_CONTROL, "cubic");
        defaults.put(SocketOption.DEFER_ACCEPT, Duration.ZERO);
        defaults.put(SocketOption.FAST_OPEN, 0);
        return defaults;
    }
}
