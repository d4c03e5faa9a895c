package dev.gyre.linux;

import dev.gyre.linux.layout.Ifreq;
import java.lang.foreign.MemorySegment;

/**
 * Network interfaces, by name and by number. A call answers with 0 or more, or with a negated {@link Errno}; it does
 * not block. Source: netdevice(7).
 */
public final class Interfaces {
    /** Bytes in the field for a name, with its final 0. */
    public static final int IFNAMSIZ = 16;

    private static final int SIOCGIFNAME = 0x8910;
    private static final int SIOCGIFINDEX = 0x8933;

    private Interfaces() {}

    /**
     * Asks for the number of an interface: {@code SIOCGIFINDEX}.
     *
     * @param fd a socket of any kind
     * @param request an {@link Ifreq} with a name, in which the kernel writes the number
     * @return 0, or negated: EBADF, EFAULT, ENODEV, ENOTTY
     */
    public static int index(int fd, MemorySegment request) {
        Assert.lengthFits(Ifreq.SIZE, request);
        return (int) Kernel.call(SystemCallNumber.IOCTL, fd, SIOCGIFINDEX, request.address(), request);
    }

    /**
     * Asks for the name of an interface: {@code SIOCGIFNAME}.
     *
     * @param fd a socket of any kind
     * @param request an {@link Ifreq} with a number, in which the kernel writes the name
     * @return 0, or negated: EBADF, EFAULT, ENODEV, ENOTTY
     */
    public static int name(int fd, MemorySegment request) {
        Assert.lengthFits(Ifreq.SIZE, request);
        return (int) Kernel.call(SystemCallNumber.IOCTL, fd, SIOCGIFNAME, request.address(), request);
    }
}
