package dev.gyre.io;

/**
 * How a socket sends to many: {@link DatagramSocket#multicast}.
 *
 * @param interfaceIndex by which they leave; 0 lets the kernel choose
 * @param hops how far they go, 0 to 255; 1 stays in the local network, 0 on this machine
 * @param loop whether they come back to sockets of this machine that have joined the group
 */
public record MulticastOptions(int interfaceIndex, int hops, boolean loop) {
    /** What a new socket has: the kernel's choice, one hop, and back to this machine. */
    public static final MulticastOptions DEFAULT = new MulticastOptions(0, 1, true);

    /** Refuses what is out of range. */
    public MulticastOptions {
        if (interfaceIndex < 0) {
            throw new IllegalArgumentException("interface " + interfaceIndex + " is negative");
        }
        if (hops < 0 || hops > 255) {
            throw new IllegalArgumentException("hops " + hops + " is not within 0..255");
        }
    }
}
