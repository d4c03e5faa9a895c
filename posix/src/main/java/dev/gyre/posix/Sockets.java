package dev.gyre.posix;

/** How descriptors of sockets are let go of. */
public final class Sockets {
    private Sockets() {}

    /**
     * Lets go of a socket, and closes it if it was closing and this was its last holder.
     *
     * @param calls by which
     * @param descriptor held by the caller
     */
    public static void release(ImmediateCalls calls, Descriptor descriptor) {
        if (descriptor.release()) {
            calls.closeSocket(descriptor.take());
        }
    }

    /** Closes a socket: calls that wait on it are ended, and the last of their callers gives the number back. */
    static void close(Kernel kernel, Descriptor descriptor) {
        close(kernel, descriptor, false);
    }

    /** The same, and breaks its connection off. */
    static void abort(Kernel kernel, Descriptor descriptor) {
        close(kernel, descriptor, true);
    }

    private static void close(Kernel kernel, Descriptor descriptor, boolean resets) {
        if (descriptor.beginClose()) {
            try {
                if (resets) {
                    kernel.reset(descriptor);
                }
                kernel.interrupt(descriptor);
            } finally {
                release(kernel, descriptor);
            }
        }
    }
}
