package dev.gyre.posix;

import dev.gyre.linux.Descriptor;
import dev.gyre.linux.Files;

/** Letting go of descriptors, where nobody waits for the answer. */
public final class Handles {
    private Handles() {}

    /**
     * Lets go of a descriptor, and closes it if it was closing and this was its last holder.
     *
     * @param descriptor held by the caller
     */
    public static void release(Descriptor descriptor) {
        if (descriptor.release()) {
            // A socket has nothing to write back, so its close has no error that anybody could act on.
            Files.close(descriptor.take());
        }
    }

    /**
     * Closes a socket: operations that wait on it are ended, and the last of their callers gives the number back.
     *
     * @param descriptor of a socket; nothing happens if it is closing already
     */
    public static void closeSocket(Descriptor descriptor) {
        if (descriptor.beginClose()) {
            if (descriptor.shared()) {
                SocketCalls.interrupt(descriptor.number());
            }
            release(descriptor);
        }
    }
}
