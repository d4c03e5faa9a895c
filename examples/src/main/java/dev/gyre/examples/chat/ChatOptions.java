package dev.gyre.examples.chat;

import dev.gyre.io.Ip4Address;
import dev.gyre.io.IpAddress;
import java.time.Duration;

/**
 * Where the chat listens, and for how many.
 *
 * @param address with the port, of which 0 lets the kernel choose
 * @param connectionsMax how many may be connected at once, 1 or more
 * @param stallMax how long one who reads nothing may be sent to; then it is disconnected
 */
public record ChatOptions(IpAddress address, int connectionsMax, Duration stallMax) {
    /** Port 7070, for this machine only; 1000 connections; 10 seconds. */
    public static final ChatOptions DEFAULT = new ChatOptions(Ip4Address.loopback(7070), 1000, Duration.ofSeconds(10));

    /** Refuses what is out of range. */
    public ChatOptions {
        if (connectionsMax < 1) {
            throw new IllegalArgumentException("connectionsMax " + connectionsMax + " is less than 1");
        }
    }

    /**
     * The same at another address.
     *
     * @param where with the port
     * @return the options
     */
    public ChatOptions withAddress(IpAddress where) {
        return new ChatOptions(where, connectionsMax, stallMax);
    }

    /**
     * The same for more or fewer.
     *
     * @param max how many may be connected at once, 1 or more
     * @return the options
     */
    public ChatOptions withConnectionsMax(int max) {
        return new ChatOptions(address, max, stallMax);
    }

    /**
     * The same with more or less patience.
     *
     * @param max how long one who reads nothing may be sent to
     * @return the options
     */
    public ChatOptions withStallMax(Duration max) {
        return new ChatOptions(address, connectionsMax, max);
    }
}
