package dev.gyre.posix;

import dev.gyre.io.Address;
import dev.gyre.io.DirectoryEntry;
import dev.gyre.io.FileStat;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.spi.Fiber;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The thin calls: what a backend does for the contract of sockets, files and folders, which is written once above this.
 *
 * <p>A call answers what its system call would: 0 or more, or a negated {@linkplain dev.gyre.io.ErrorNumber error
 * number}. It is made once: what is to be tried again, what an error means, and who closes, the contract decides. A
 * call that has to wait blocks the calling fiber by {@link Fiber#block}, so that a request to stop reaches it, and ends
 * with {@code ECANCELED} or {@code EINTR} and without effect if that was faster; with {@code ETIME} if its deadline
 * was. It returns when nobody uses its memory and its descriptors any more.
 *
 * <p>Descriptors are held by the caller. Memory is of any kind, also of the heap, and may be freed by another thread at
 * any moment: a call never touches it after that, and throws {@link IllegalStateException} instead.
 *
 * <p>Deadlines are by {@link PosixIo}'s {@code nanoTime}; {@link #NEVER} for none.
 */
public interface Kernel extends ImmediateCalls {
    /** The deadline of what may take for ever. */
    long NEVER = Long.MAX_VALUE;

    /**
     * The descriptor of a stream socket, with what the backend keeps for it.
     *
     * @param socket from {@link #socket}, {@link #connect} or {@link #accept}
     * @param address where it was accepted, or its peer's, or where it listens
     * @return that nobody holds yet
     */
    Descriptor socketDescriptor(int socket, Address address);

    /**
     * The descriptor of a file or a folder, with what the backend keeps for it.
     *
     * @param file from {@link #openFile} or {@link #openDirectory}
     * @return that nobody holds yet
     */
    default Descriptor fileDescriptor(int file) {
        return new Descriptor(file);
    }

    /**
     * Begins to close a socket that others may hold: whatever waits on it ends soon.
     *
     * @param socket closing, and held by the caller
     */
    void interrupt(Descriptor socket);

    /**
     * Takes a connection: accept4(2).
     *
     * @param fiber the calling one
     * @param listener held
     * @return a descriptor, closed on exec
     */
    int accept(Fiber fiber, Descriptor listener);

    /**
     * Connects: connect(2).
     *
     * @param fiber the calling one
     * @param socket fresh, and nobody else's
     * @param address the peer's
     * @return 0
     */
    int connect(Fiber fiber, int socket, Address address);

    /**
     * Receives what is there, waiting until there is something: recv(2).
     *
     * @param fiber the calling one
     * @param socket held
     * @param memory writable, not empty
     * @return the number of bytes, 0 at the end of the stream
     */
    int receive(Fiber fiber, Descriptor socket, MemorySegment memory);

    /**
     * Sends as much as there is room for, waiting until there is some: send(2).
     *
     * @param fiber the calling one
     * @param socket held
     * @param memory not empty
     * @param deadline when to give up
     * @return the number of bytes
     */
    int send(Fiber fiber, Descriptor socket, MemorySegment memory, long deadline);

    /**
     * Sends a part of a file as far as there is room, waiting until there is some: sendfile(2).
     *
     * @param fiber the calling one
     * @param socket held
     * @param file held
     * @param offset of the first byte
     * @param length how many bytes at most
     * @param deadline when to give up
     * @return the number of bytes, 0 at the end of the file; {@code EINVAL} or {@code EOVERFLOW} if this part of the
     *     file has to be read and sent instead
     */
    long sendFile(Fiber fiber, Descriptor socket, Descriptor file, long offset, long length, long deadline);

    /**
     * Opens a file: openat2(2). Waits for the other end of a named pipe.
     *
     * @param fiber the calling one
     * @param start the folder that a relative path starts at, held; null for the current one
     * @param path without a final NUL
     * @param options how
     * @return a descriptor, closed on exec
     */
    int openFile(Fiber fiber, @Nullable Descriptor start, byte[] path, OpenOptions options);

    /**
     * Opens a folder: openat2(2).
     *
     * @param fiber the calling one
     * @param start the folder that a relative path starts at, held; null for the current one
     * @param path without a final NUL
     * @param flags {@link OpenOptions.Flag#NO_FOLLOW} and {@link OpenOptions.Flag#BENEATH}
     * @return a descriptor, closed on exec
     */
    int openDirectory(Fiber fiber, @Nullable Descriptor start, byte[] path, Set<OpenOptions.Flag> flags);

    /**
     * Asks for the state of a path: statx(2).
     *
     * @param fiber the calling one
     * @param start the folder that a relative path starts at, held; null for the current one
     * @param path without a final NUL
     * @param follow whether a symbolic link as its last part is followed
     * @return the state
     */
    Answer<FileStat> stat(Fiber fiber, @Nullable Descriptor start, byte[] path, boolean follow);

    /**
     * Asks for the state of an open file: statx(2).
     *
     * @param fiber the calling one
     * @param file held
     * @return the state
     */
    Answer<FileStat> stat(Fiber fiber, Descriptor file);

    /**
     * Reads the entries of a folder from its beginning: getdents64(2).
     *
     * @param fiber the calling one
     * @param directory held, and read by nobody else
     * @return without {@code .} and {@code ..}
     */
    Answer<List<DirectoryEntry>> list(Fiber fiber, Descriptor directory);

    /**
     * Reads at an offset: pread(2).
     *
     * @param fiber the calling one
     * @param file held
     * @param memory writable, not empty
     * @param offset 0 or more
     * @return the number of bytes, 0 at the end of the file
     */
    int read(Fiber fiber, Descriptor file, MemorySegment memory, long offset);

    /**
     * Writes at an offset: pwrite(2).
     *
     * @param fiber the calling one
     * @param file held
     * @param memory not empty
     * @param offset 0 or more
     * @return the number of bytes; {@code ESPIPE} where there are no offsets
     */
    int write(Fiber fiber, Descriptor file, MemorySegment memory, long offset);

    /**
     * Brings content and attributes to the device: fsync(2).
     *
     * @param fiber the calling one
     * @param file held
     * @return 0
     */
    int sync(Fiber fiber, Descriptor file);

    /**
     * Gives the descriptor of a file or a folder back: close(2). May wait for a device, whoever asks the fiber to stop.
     * Works after the end of the {@code Io}, too.
     *
     * @param fiber the calling one
     * @param file a descriptor that nobody holds any more
     * @return 0, or what went wrong with earlier writes; the descriptor is gone all the same
     */
    int close(Fiber fiber, int file);
}
