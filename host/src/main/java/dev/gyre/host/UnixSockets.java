package dev.gyre.host;

import dev.gyre.io.Credentials;
import dev.gyre.io.FileKind;
import dev.gyre.io.SocketType;
import dev.gyre.io.UnixAddress;
import dev.gyre.linux.Directories;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Files;
import dev.gyre.linux.Sockets;
import dev.gyre.linux.layout.Cmsghdr;
import dev.gyre.linux.layout.Statx;
import dev.gyre.linux.layout.Ucred;
import dev.gyre.posix.Answer;
import dev.gyre.posix.Descriptor;
import dev.gyre.posix.PassedDescriptors;
import dev.gyre.posix.SocketCalls;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What only Unix sockets can do, by system calls that never wait; and descriptors as control data. */
public final class UnixSockets {
    private UnixSockets() {}

    static int typeNumber(SocketType type) {
        return switch (type) {
            case STREAM -> Sockets.SOCK_STREAM;
            case SEQPACKET -> Sockets.SOCK_SEQPACKET;
        };
    }

    static Answer<SocketCalls.Ends> pair(SocketType type, int flags) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment ends = scratch.allocate(ValueLayout.JAVA_INT, 2);
            int result =
                    Sockets.socketpair(Sockets.AF_UNIX, typeNumber(type) | Sockets.SOCK_CLOEXEC | flags, 0, ends);
            return result < 0 ? Answer.failed(result) : FileCalls.both(ends, SocketCalls.Ends::new);
        }
    }

    static Answer<Credentials> peerCredentials(int socket) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment peer = scratch.allocate(Ucred.LAYOUT);
            MemorySegment length = scratch.allocate(ValueLayout.JAVA_INT);
            length.set(ValueLayout.JAVA_INT, 0, (int) Ucred.SIZE);
            int result = Sockets.getsockopt(socket, Sockets.SOL_SOCKET, Sockets.SO_PEERCRED, peer, length);
            return result < 0
                    ? Answer.failed(result)
                    : Answer.of(credentials(peer, 0));
        }
    }

    /** Reads a {@code struct ucred}. */
    static Credentials credentials(MemorySegment from, long at) {
        return new Credentials(from.get(ValueLayout.JAVA_INT, at + Ucred.PID),
                from.get(ValueLayout.JAVA_INT, at + Ucred.UID), from.get(ValueLayout.JAVA_INT, at + Ucred.GID));
    }

    /** A socket is stale if its file is there and nobody can be connected to; that tells no other file from it. */
    static int removeStale(UnixAddress address) {
        byte[] path = address.path().getBytes(StandardCharsets.UTF_8);
        if (path.length == 0 || path[0] == 0) {
            return -Errno.EADDRINUSE.code();
        }
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment encoded = scratch.path(path);
            if (!isSocket(encoded) || !isRefused(address)) {
                return -Errno.EADDRINUSE.code();
            }
            return Directories.unlinkat(Directories.AT_FDCWD, encoded, 0);
        }
    }

    private static boolean isSocket(MemorySegment path) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment state = scratch.allocate(Statx.LAYOUT);
            return Directories.statx(
                            Directories.AT_FDCWD, path, Directories.AT_SYMLINK_NOFOLLOW, FileStats.MASK, state) == 0
                    && FileStats.read(state).kind() == FileKind.SOCKET;
        }
    }

    /** A stream that is alive is of another type than the probe, and so does not get a connection from it. */
    private static boolean isRefused(UnixAddress address) {
        int probe = Sockets.socket(
                Sockets.AF_UNIX, Sockets.SOCK_DGRAM | Sockets.SOCK_CLOEXEC | Sockets.SOCK_NONBLOCK, 0);
        if (probe < 0) {
            return false;
        }
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment sockaddr = scratch.allocate(SocketAddresses.CAPACITY, Long.BYTES);
            return Sockets.connect(probe, sockaddr, SocketAddresses.write(address, sockaddr))
                    == -Errno.ECONNREFUSED.code();
        } finally {
            FileCalls.close(probe);
        }
    }

    /** What a descriptor stands for; null if it cannot be asked. */
    static SocketCalls.@Nullable Kind kind(int descriptor) {
        FileKind kind = FileCalls.kind(descriptor);
        return switch (kind) {
            case null -> null;
            case DIRECTORY -> SocketCalls.Kind.DIRECTORY;
            case SOCKET -> kindOfSocket(descriptor);
            case FILE, SYMLINK, PIPE, CHARACTER_DEVICE, BLOCK_DEVICE, UNKNOWN -> SocketCalls.Kind.FILE;
        };
    }

    private static SocketCalls.Kind kindOfSocket(int socket) {
        long family = Sockets.getsockopt(socket, Sockets.SOL_SOCKET, Sockets.SO_DOMAIN);
        long type = Sockets.getsockopt(socket, Sockets.SOL_SOCKET, Sockets.SO_TYPE);
        boolean unix = family == Sockets.AF_UNIX;
        boolean ip = family == Sockets.AF_INET || family == Sockets.AF_INET6;
        if (type == Sockets.SOCK_DGRAM && (unix || (ip && isOfUdp(socket)))) {
            return SocketCalls.Kind.DATAGRAM;
        }
        boolean messages = unix && type == Sockets.SOCK_SEQPACKET;
        if (!messages && !((ip || unix) && type == Sockets.SOCK_STREAM)) {
            return SocketCalls.Kind.FILE;
        }
        boolean listens = Sockets.getsockopt(socket, Sockets.SOL_SOCKET, Sockets.SO_ACCEPTCONN) == 1;
        if (listens) {
            return messages ? SocketCalls.Kind.SEQPACKET_LISTENER : SocketCalls.Kind.LISTENER;
        }
        return messages ? SocketCalls.Kind.SEQPACKET : SocketCalls.Kind.STREAM;
    }

    /** There are others of datagrams, for pings above all (icmp(7)). */
    private static boolean isOfUdp(int socket) {
        return Sockets.getsockopt(socket, Sockets.SOL_SOCKET, Sockets.SO_PROTOCOL) == Sockets.IPPROTO_UDP;
    }

    /**
     * Descriptors as control data.
     *
     * @param scratch where to
     * @param passed held; 1 to 253
     * @return a {@code cmsghdr}
     */
    public static MemorySegment rights(Scratch scratch, List<Descriptor> passed) {
        long bytes = (long) passed.size() * Integer.BYTES;
        MemorySegment control = scratch.allocate(Cmsghdr.space(bytes), Long.BYTES);
        control.set(ValueLayout.JAVA_LONG, Cmsghdr.CMSG_LEN, Cmsghdr.length(bytes));
        control.set(ValueLayout.JAVA_INT, Cmsghdr.CMSG_LEVEL, Sockets.SOL_SOCKET);
        control.set(ValueLayout.JAVA_INT, Cmsghdr.CMSG_TYPE, Sockets.SCM_RIGHTS);
        for (int i = 0; i < passed.size(); i++) {
            control.set(ValueLayout.JAVA_INT, Cmsghdr.SIZE + (long) i * Integer.BYTES, passed.get(i).number());
        }
        return control;
    }

    /**
     * Room for descriptors, and not for one more, as alignment would have it; before them, where the kernel puts them,
     * for credentials if the socket asks for these. It is asked itself: any process that shares it may set the option.
     *
     * @param scratch where
     * @param socket a descriptor
     * @param passedMax how many, 0 to 253
     * @return memory for the {@code cmsghdr}s, or none
     */
    static MemorySegment room(Scratch scratch, int socket, int passedMax) {
        long rights = passedMax == 0 ? 0 : Cmsghdr.length((long) passedMax * Integer.BYTES);
        boolean named = Sockets.getsockopt(socket, Sockets.SOL_SOCKET, Sockets.SO_PASSCRED) == 1;
        long credentials = named ? Cmsghdr.space(Ucred.SIZE) : 0;
        long room = rights == 0 && named ? Cmsghdr.length(Ucred.SIZE) : credentials + rights;
        return room == 0 ? MemorySegment.NULL : scratch.allocate(room, Long.BYTES);
    }

    /**
     * Says what did not arrive.
     *
     * @param flags {@code MSG_*} of a message
     * @param passed is told
     */
    public static void say(int flags, PassedDescriptors passed) {
        passed.say((flags & Sockets.MSG_TRUNC) != 0, (flags & Sockets.MSG_CTRUNC) != 0);
    }

    /** Gives a descriptor back: {@link FileCalls#close}. */
    @FunctionalInterface
    interface Closing {
        void close(int descriptor);
    }

    /**
     * Takes descriptors and credentials out of control data. Makes no object, for there may be no memory.
     *
     * @param control from {@link #room}; as far as the kernel has not written there, it is zero
     * @param passed where to
     * @param closing of what there is no room for; where that lacks memory, all the rest is done before this says so
     */
    static void take(MemorySegment control, PassedDescriptors passed, Closing closing) {
        OutOfMemoryError failure = null;
        long at = 0;
        while (at + Cmsghdr.SIZE <= control.byteSize()) {
            long length = control.get(ValueLayout.JAVA_LONG, at + Cmsghdr.CMSG_LEN);
            if (length < Cmsghdr.SIZE) {
                break;
            }
            long end = at + Math.min(length, control.byteSize() - at);
            if (control.get(ValueLayout.JAVA_INT, at + Cmsghdr.CMSG_LEVEL) == Sockets.SOL_SOCKET) {
                OutOfMemoryError latest = take(control, at, end, passed, closing);
                failure = failure == null ? latest : failure;
            }
            at += Cmsghdr.space(end - at - Cmsghdr.SIZE);
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Answers what the first failure was. */
    private static @Nullable OutOfMemoryError take(
            MemorySegment control, long at, long end, PassedDescriptors passed, Closing closing) {
        long data = at + Cmsghdr.SIZE;
        OutOfMemoryError failure = null;
        switch (control.get(ValueLayout.JAVA_INT, at + Cmsghdr.CMSG_TYPE)) {
            case Sockets.SCM_RIGHTS -> {
                for (long i = data; i + Integer.BYTES <= end; i += Integer.BYTES) {
                    int descriptor = control.get(ValueLayout.JAVA_INT, i);
                    if (!passed.add(descriptor)) { // in the room for credentials, which are asked for no more
                        OutOfMemoryError latest = close(closing, descriptor);
                        failure = failure == null ? latest : failure;
                    }
                }
            }
            case Sockets.SCM_CREDENTIALS -> {
                if (data + Ucred.SIZE <= end) {
                    int process = control.get(ValueLayout.JAVA_INT, data + Ucred.PID);
                    int user = control.get(ValueLayout.JAVA_INT, data + Ucred.UID);
                    int group = control.get(ValueLayout.JAVA_INT, data + Ucred.GID);
                    // All zeros is what the kernel says when it has looked for a message and found none, which io_uring
                    // does before it waits. It would name the superuser, so it names nobody.
                    if ((process | user | group) != 0) {
                        passed.saySender(process, user, group);
                    }
                }
            }
            case Sockets.SCM_PIDFD -> { // asked for by somebody who shares the socket
                if (data + Integer.BYTES <= end) {
                    failure = close(closing, control.get(ValueLayout.JAVA_INT, data));
                }
            }
            default -> {} // of an option that was not asked for
        }
        return failure;
    }

    private static @Nullable OutOfMemoryError close(Closing closing, int descriptor) {
        try {
            closing.close(descriptor);
            return null;
        } catch (OutOfMemoryError shortage) {
            return shortage;
        }
    }
}
