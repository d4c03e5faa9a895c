package dev.gyre.process;

import dev.gyre.io.DatagramOptions;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.IpAddress;

/**
 * How a socket of datagrams is made and used that a process owns.
 *
 * @param ip the address to receive at; its port does not matter
 * @param active how what arrives comes at first
 * @param receiveBuffer how many bytes a datagram may have, 1 or more; the rest of a longer one is lost
 * @param receiveQueue how many bytes of messages, of 64 at least for each, that its owner has not taken may be in the
 *     mailbox before the socket stops receiving; the kernel drops what it has no room for then
 * @param settings what else the socket may do, and its options
 */
public record UdpOptions(
        IpAddress ip, ActiveMode active, int receiveBuffer, Watermarks receiveQueue, DatagramOptions settings) {
    /** At all IPv4 addresses, passive, for datagrams of up to 64 KiB; up to 1 MiB waits to be taken. */
    public static final UdpOptions DEFAULT = new UdpOptions(
            Ip4Address.unspecified(0),
            ActiveMode.PASSIVE,
            64 << 10,
            TcpOptions.DEFAULT.receiveQueue(),
            DatagramOptions.DEFAULT);

    /** Refuses what is out of range. */
    public UdpOptions {
        TcpOptions.requireWithin("receiveBuffer", receiveBuffer);
    }

    /**
     * The same at another address.
     *
     * @param address its port does not matter
     * @return the options
     */
    public UdpOptions withIp(IpAddress address) {
        return new UdpOptions(address, active, receiveBuffer, receiveQueue, settings);
    }

    /**
     * The same in another mode.
     *
     * @param mode how what arrives comes at first
     * @return the options
     */
    public UdpOptions withActive(ActiveMode mode) {
        return new UdpOptions(ip, mode, receiveBuffer, receiveQueue, settings);
    }

    /**
     * The same for datagrams of another length.
     *
     * @param bytes 1 or more
     * @return the options
     */
    public UdpOptions withReceiveBuffer(int bytes) {
        return new UdpOptions(ip, active, bytes, receiveQueue, settings);
    }

    /**
     * The same with other marks for what waits to be taken.
     *
     * @param high in bytes, 1 or more
     * @param low in bytes, 0 to {@code high}
     * @return the options
     */
    public UdpOptions withReceiveQueue(long high, long low) {
        return new UdpOptions(ip, active, receiveBuffer, new Watermarks(high, low), settings);
    }

    /**
     * The same with other settings.
     *
     * @param options what the socket may do
     * @return the options
     */
    public UdpOptions withSettings(DatagramOptions options) {
        return new UdpOptions(ip, active, receiveBuffer, receiveQueue, options);
    }
}
