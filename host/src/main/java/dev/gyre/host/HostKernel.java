package dev.gyre.host;

import dev.gyre.io.Address;
import dev.gyre.io.FileStat;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.UnixAddress;
import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.Directories;
import dev.gyre.linux.Sockets;
import dev.gyre.linux.layout.OpenHow;
import dev.gyre.linux.layout.Statx;
import dev.gyre.posix.Answer;
import dev.gyre.posix.Descriptor;
import dev.gyre.posix.Kernel;
import dev.gyre.posix.Paths;
import java.lang.foreign.MemorySegment;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The thin calls by Linux's system calls, as far as it makes no difference who waits for them and how. */
public abstract class HostKernel extends HostCalls implements Kernel {
    private static final long LOOK_NANOS = 100_000_000;

    /**
     * For backends.
     *
     * @param socketFlags {@code SOCK_NONBLOCK} or 0, for all sockets that are made
     */
    protected HostKernel(int socketFlags) {
        super(socketFlags);
    }

    /** Receives see the end of the stream then, sends a broken pipe, and accepts {@code EINVAL}. */
    @Override
    public void interrupt(Descriptor socket) {
        if (socket.isShared()) {
            Sockets.shutdown(socket.number(), Sockets.SHUT_RDWR);
        }
    }

    /**
     * When who waits for room in a socket has to try again. A Unix socket does not tell those who poll it that its
     * direction was ended, by its own side or by the peer's (unix_poll in net/unix/af_unix.c); only an attempt does.
     *
     * @param address the socket's
     * @param deadline when to give up
     * @return that, or sooner
     */
    protected static long nextLook(Address address, long deadline) {
        return address instanceof UnixAddress ? Math.min(deadline, System.nanoTime() + LOOK_NANOS) : deadline;
    }

    @Override
    public final Answer<FileStat> stat(Fiber fiber, Descriptor file) {
        return FileCalls.stat(file.number());
    }

    @Override
    public final int openFile(Fiber fiber, @Nullable Descriptor start, byte[] path, OpenOptions options) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment how = scratch.allocate(OpenHow.LAYOUT);
            OpenHows.writeFile(options, how);
            return open(fiber, new NamedPath(path), number(start), scratch.path(path), how);
        }
    }

    @Override
    public final int openDirectory(
            Fiber fiber, @Nullable Descriptor start, byte[] path, Set<OpenOptions.Flag> flags) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment how = scratch.allocate(OpenHow.LAYOUT);
            OpenHows.writeDirectory(flags, how);
            return open(fiber, new NamedPath(path), number(start), scratch.path(path), how);
        }
    }

    /**
     * Opens a path: openat2(2). Waits as long as that does.
     *
     * @param fiber the calling one
     * @param target the path for reports
     * @param start what the {@code at} calls take
     * @param path ends with a zero
     * @param how an {@code open_how}
     * @return the descriptor, or a negated error number
     */
    protected abstract int open(Fiber fiber, Object target, int start, MemorySegment path, MemorySegment how);

    @Override
    public final Answer<FileStat> stat(Fiber fiber, @Nullable Descriptor start, byte[] path, boolean follow) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment state = scratch.allocate(Statx.LAYOUT);
            int flags = follow ? 0 : Directories.AT_SYMLINK_NOFOLLOW;
            int result = stat(fiber, new NamedPath(path), number(start), scratch.path(path), flags, state);
            return result < 0 ? Answer.failed(result) : Answer.of(FileStats.read(state));
        }
    }

    /**
     * Asks what is known of a path: statx(2).
     *
     * @param fiber the calling one
     * @param target the path for reports
     * @param start what the {@code at} calls take
     * @param path ends with a zero
     * @param flags {@code AT_*}
     * @param state where the answer goes
     * @return 0, or a negated error number
     */
    protected abstract int stat(
            Fiber fiber, Object target, int start, MemorySegment path, int flags, MemorySegment state);

    /** A path that becomes text where somebody asks. */
    private static final class NamedPath {
        private final byte[] path;

        NamedPath(byte[] path) {
            this.path = path;
        }

        @Override
        public String toString() {
            return Paths.decode(path);
        }
    }

    /** Where a relative path starts, as the {@code at} calls take it. */
    private static int number(@Nullable Descriptor start) {
        return start == null ? Directories.AT_FDCWD : start.number();
    }
}
