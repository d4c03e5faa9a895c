package dev.gyre.host;

import dev.gyre.io.FileStat;
import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.Directories;
import dev.gyre.linux.Sockets;
import dev.gyre.posix.Answer;
import dev.gyre.posix.Descriptor;
import dev.gyre.posix.Kernel;
import org.jspecify.annotations.Nullable;

/** The thin calls by Linux's system calls, as far as it makes no difference who waits for them and how. */
public abstract class HostKernel extends HostCalls implements Kernel {
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

    @Override
    public final Answer<FileStat> stat(Fiber fiber, Descriptor file) {
        return FileCalls.stat(file.number());
    }

    /**
     * Where a relative path starts.
     *
     * @param start a folder, or null for the current one
     * @return what the {@code at} calls take
     */
    protected static int number(@Nullable Descriptor start) {
        return start == null ? Directories.AT_FDCWD : start.number();
    }
}
