package dev.gyre.host;

import dev.gyre.linux.Errno;
import dev.gyre.linux.Files;
import dev.gyre.linux.Interfaces;
import dev.gyre.linux.Sockets;
import dev.gyre.linux.layout.Ifreq;
import dev.gyre.posix.Answer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Network interfaces by name and by number. To ask takes a socket, of any kind. */
final class HostInterfaces {
    private HostInterfaces() {}

    static int index(byte[] name) {
        if (name.length == 0 || name.length >= Interfaces.IFNAMSIZ) {
            return -Errno.ENODEV.code();
        }
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment request = scratch.allocate(Ifreq.LAYOUT);
            MemorySegment.copy(name, 0, request, ValueLayout.JAVA_BYTE, Ifreq.IFR_NAME, name.length);
            int result = ask(socket -> Interfaces.index(socket, request));
            return result < 0 ? result : request.get(ValueLayout.JAVA_INT, Ifreq.IFR_IFINDEX);
        }
    }

    static Answer<byte[]> name(int index) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment request = scratch.allocate(Ifreq.LAYOUT);
            request.set(ValueLayout.JAVA_INT, Ifreq.IFR_IFINDEX, index);
            int result = ask(socket -> Interfaces.name(socket, request));
            if (result < 0) {
                return Answer.failed(result);
            }
            byte[] name = request.asSlice(Ifreq.IFR_NAME, Interfaces.IFNAMSIZ).toArray(ValueLayout.JAVA_BYTE);
            int length = 0;
            while (length < name.length && name[length] != 0) {
                length++;
            }
            return Answer.of(Arrays.copyOf(name, length));
        }
    }

    private interface Question {
        int ask(int socket);
    }

    private static int ask(Question question) {
        int socket = Sockets.socket(Sockets.AF_UNIX, Sockets.SOCK_DGRAM | Sockets.SOCK_CLOEXEC, 0);
        if (socket < 0) {
            return socket;
        }
        try {
            return question.ask(socket);
        } finally {
            FileCalls.close(socket);
        }
    }
}
