package dev.gyre.posix;

import dev.gyre.io.Address;
import dev.gyre.io.Advice;
import dev.gyre.io.AttributeMode;
import dev.gyre.io.Change;
import dev.gyre.io.DirectoryEntry;
import dev.gyre.io.ErrorNumber;
import dev.gyre.io.FileKind;
import dev.gyre.io.FileStat;
import dev.gyre.io.FileSystemStat;
import dev.gyre.io.Locking;
import dev.gyre.io.Mapping;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Permission;
import dev.gyre.io.Renaming;
import dev.gyre.io.Timestamp;
import dev.gyre.io.spi.Fiber;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The thin calls: what a backend does for the contract of sockets, files, folders and children, which is written once
 * above this.
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
public interface Kernel extends ImmediateCalls, DatagramCalls, ProcessCalls {
    /** The deadline of what may take for ever. */
    long NEVER = Long.MAX_VALUE;

    /** The offset of transfers at the file's own position, or with what has none. */
    long STREAM = -1;

    /**
     * The descriptor of a socket, with what the backend keeps for it.
     *
     * @param socket from {@link #socket}, {@link #connect}, {@link #accept} or {@link #datagramSocket}
     * @param address where it was accepted, or its peer's, or where it listens or receives
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
     * Receives what is there into several pieces of memory, one after the other: recvmsg(2).
     *
     * @param fiber the calling one
     * @param socket held
     * @param parts writable, 1 to 1024, none empty
     * @return the number of bytes, 0 at the end of the stream
     */
    int receive(Fiber fiber, Descriptor socket, List<MemorySegment> parts);

    /**
     * Sends as much as there is room for, waiting until there is some: send(2).
     *
     * @param fiber the calling one
     * @param socket held
     * @param memory not empty
     * @param deadline when to give up
     * @param whole whether the caller will go on until all is sent, so that the call may as well
     * @return the number of bytes
     */
    int send(Fiber fiber, Descriptor socket, MemorySegment memory, long deadline, boolean whole);

    /**
     * Sends from several pieces of memory, one after the other: sendmsg(2).
     *
     * @param fiber the calling one
     * @param socket held
     * @param parts 1 to 1024, none empty
     * @param deadline when to give up
     * @param whole whether the caller will go on until all is sent, so that the call may as well
     * @return the number of bytes
     */
    int send(Fiber fiber, Descriptor socket, List<MemorySegment> parts, long deadline, boolean whole);

    /**
     * Makes a pipe by which bytes go from one socket to another: pipe2(2). Does not wait. Its ends are given back by
     * {@link #closeNow}.
     *
     * @return its ends; {@code ENOSYS} where there is no such way
     */
    default Answer<PipeEnds> splicePipe() {
        return Answer.failed(-ErrorNumber.ENOSYS.code());
    }

    /**
     * Moves what has arrived on a socket into a pipe, waiting until there is something: splice(2).
     *
     * @param fiber the calling one
     * @param socket held
     * @param pipe the writing end of an empty pipe
     * @param length how many bytes at most
     * @return the number of bytes, 0 at the end of the stream; {@code EINVAL} if it has to be received instead this
     *     time
     */
    default long spliceIn(Fiber fiber, Descriptor socket, int pipe, long length) {
        return -ErrorNumber.EINVAL.code();
    }

    /**
     * Moves what is in a pipe to a socket as far as there is room, waiting until there is some: splice(2).
     *
     * @param fiber the calling one
     * @param socket held
     * @param pipe the reading end
     * @param length how many bytes are in it
     * @return the number of bytes
     */
    default long spliceOut(Fiber fiber, Descriptor socket, int pipe, long length) {
        return -ErrorNumber.EINVAL.code();
    }

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
     * Opens a file: openat2(2). Waits for the other end of a named pipe, but with
     * {@link OpenOptions.Flag#NO_SPECIAL}, where that and what else is special is {@code ENXIO}.
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
     * Reads the next entries of a folder: getdents64(2).
     *
     * @param fiber the calling one
     * @param directory held, and read by nobody else
     * @return some, without {@code .} and {@code ..}; none after the last
     */
    Answer<List<DirectoryEntry>> list(Fiber fiber, Descriptor directory);

    /**
     * Asks whether the process may do something: faccessat(2), for its effective user.
     *
     * @param fiber the calling one
     * @param start the folder that a relative path starts at, held; null for the current one
     * @param path without a final NUL
     * @param wanted all of it
     * @return 0
     */
    int access(Fiber fiber, @Nullable Descriptor start, byte[] path, Set<Permission> wanted);

    /**
     * Makes a folder: mkdirat(2).
     *
     * @param fiber the calling one
     * @param start the folder that a relative path starts at, held; null for the current one
     * @param path without a final NUL
     * @param mode less the umask
     * @return 0
     */
    int makeDirectory(Fiber fiber, @Nullable Descriptor start, byte[] path, int mode);

    /**
     * Removes a name: unlinkat(2).
     *
     * @param fiber the calling one
     * @param start the folder that a relative path starts at, held; null for the current one
     * @param path without a final NUL
     * @param directory whether it must be an empty folder, or else must be none
     * @return 0
     */
    int delete(Fiber fiber, @Nullable Descriptor start, byte[] path, boolean directory);

    /**
     * Renames: renameat2(2).
     *
     * @param fiber the calling one
     * @param oldStart the folder that a relative old path starts at, held; null for the current one
     * @param oldPath without a final NUL
     * @param newStart the folder that a relative new path starts at, held; null for the current one
     * @param newPath without a final NUL
     * @param renaming what happens to what has the new name
     * @return 0
     */
    int rename(
            Fiber fiber, @Nullable Descriptor oldStart, byte[] oldPath, @Nullable Descriptor newStart,
            byte[] newPath, Renaming renaming);

    /**
     * Gives a file one more name: linkat(2), which does not follow a symbolic link.
     *
     * @param fiber the calling one
     * @param oldStart the folder that a relative old path starts at, held; null for the current one
     * @param oldPath without a final NUL
     * @param newStart the folder that a relative new path starts at, held; null for the current one
     * @param newPath without a final NUL
     * @return 0
     */
    int hardLink(
            Fiber fiber, @Nullable Descriptor oldStart, byte[] oldPath, @Nullable Descriptor newStart,
            byte[] newPath);

    /**
     * Makes a symbolic link: symlinkat(2).
     *
     * @param fiber the calling one
     * @param target what it says, without a final NUL
     * @param start the folder that a relative path starts at, held; null for the current one
     * @param path without a final NUL
     * @return 0
     */
    int symlink(Fiber fiber, byte[] target, @Nullable Descriptor start, byte[] path);

    /**
     * Makes a named pipe, a device file, or the name of a socket: mknodat(2).
     *
     * @param fiber the calling one
     * @param start the folder that a relative path starts at, held; null for the current one
     * @param path without a final NUL
     * @param kind one of those
     * @param mode less the umask
     * @param device major number in the upper 32 bits, minor in the lower
     * @return 0
     */
    int makeNode(Fiber fiber, @Nullable Descriptor start, byte[] path, FileKind kind, int mode, long device);

    /**
     * Reads a symbolic link: readlinkat(2).
     *
     * @param fiber the calling one
     * @param start the folder that a relative path starts at, held; null for the current one
     * @param path without a final NUL
     * @return what it says
     */
    Answer<byte[]> readLink(Fiber fiber, @Nullable Descriptor start, byte[] path);

    /**
     * Finds out where a path leads.
     *
     * @param fiber the calling one
     * @param start the folder that a relative path starts at, held; null for the current one
     * @param path without a final NUL
     * @return an absolute path without links
     */
    Answer<byte[]> realPath(Fiber fiber, @Nullable Descriptor start, byte[] path);

    /**
     * Sets permission bits: fchmodat(2), which follows a symbolic link.
     *
     * @param fiber the calling one
     * @param start the folder that a relative path starts at, held; null for the current one
     * @param path without a final NUL
     * @param mode the bits
     * @return 0
     */
    int setPermissions(Fiber fiber, @Nullable Descriptor start, byte[] path, int mode);

    /**
     * Sets the permission bits of an open file: fchmod(2).
     *
     * @param fiber the calling one
     * @param file held
     * @param mode the bits
     * @return 0
     */
    int setPermissions(Fiber fiber, Descriptor file, int mode);

    /**
     * Sets user and group: fchownat(2), which does not follow a symbolic link.
     *
     * @param fiber the calling one
     * @param start the folder that a relative path starts at, held; null for the current one
     * @param path without a final NUL
     * @param user its number, or -1
     * @param group its number, or -1
     * @return 0
     */
    int setOwner(Fiber fiber, @Nullable Descriptor start, byte[] path, int user, int group);

    /**
     * Sets user and group of an open file: fchown(2).
     *
     * @param fiber the calling one
     * @param file held
     * @param user its number, or -1
     * @param group its number, or -1
     * @return 0
     */
    int setOwner(Fiber fiber, Descriptor file, int user, int group);

    /**
     * Sets times: utimensat(2), which does not follow a symbolic link.
     *
     * @param fiber the calling one
     * @param start the folder that a relative path starts at, held; null for the current one
     * @param path without a final NUL
     * @param accessed null to leave it
     * @param modified null to leave it
     * @return 0
     */
    int setTimes(
            Fiber fiber, @Nullable Descriptor start, byte[] path, @Nullable Timestamp accessed,
            @Nullable Timestamp modified);

    /**
     * Sets the times of an open file: utimensat(2).
     *
     * @param fiber the calling one
     * @param file held
     * @param accessed null to leave it
     * @param modified null to leave it
     * @return 0
     */
    int setTimes(Fiber fiber, Descriptor file, @Nullable Timestamp accessed, @Nullable Timestamp modified);

    /**
     * Reads: pread(2), read(2).
     *
     * @param fiber the calling one
     * @param file held
     * @param memory writable, not empty
     * @param offset 0 or more, or {@link #STREAM}
     * @return the number of bytes, 0 at the end of the file; {@code ESPIPE} where there are no offsets
     */
    int read(Fiber fiber, Descriptor file, MemorySegment memory, long offset);

    /**
     * Reads into several pieces of memory, one after the other: preadv(2), readv(2).
     *
     * @param fiber the calling one
     * @param file held
     * @param parts writable, 1 to 1024, none empty
     * @param offset 0 or more, or {@link #STREAM}
     * @return the number of bytes, 0 at the end of the file; {@code ESPIPE} where there are no offsets
     */
    int read(Fiber fiber, Descriptor file, List<MemorySegment> parts, long offset);

    /**
     * Writes: pwrite(2), write(2).
     *
     * @param fiber the calling one
     * @param file held
     * @param memory not empty
     * @param offset 0 or more, or {@link #STREAM}
     * @return the number of bytes; {@code ESPIPE} where there are no offsets
     */
    int write(Fiber fiber, Descriptor file, MemorySegment memory, long offset);

    /**
     * Writes from several pieces of memory, one after the other: pwritev(2), writev(2).
     *
     * @param fiber the calling one
     * @param file held
     * @param parts 1 to 1024, none empty
     * @param offset 0 or more, or {@link #STREAM}
     * @return the number of bytes; {@code ESPIPE} where there are no offsets
     */
    int write(Fiber fiber, Descriptor file, List<MemorySegment> parts, long offset);

    /**
     * Brings content and attributes to the device: fsync(2), fdatasync(2).
     *
     * @param fiber the calling one
     * @param file or folder, held
     * @param dataOnly whether attributes may be left out that are not needed to find the content
     * @return 0
     */
    int sync(Fiber fiber, Descriptor file, boolean dataOnly);

    /**
     * Sets the length of a file: ftruncate(2).
     *
     * @param fiber the calling one
     * @param file held
     * @param length 0 or more
     * @return 0
     */
    int truncate(Fiber fiber, Descriptor file, long length);

    /**
     * Reserves room in a file, or gives it back without a change of its length: fallocate(2).
     *
     * @param fiber the calling one
     * @param file held
     * @param offset 0 or more
     * @param length 1 or more
     * @param hole whether to give it back
     * @return 0
     */
    int allocate(Fiber fiber, Descriptor file, long offset, long length, boolean hole);

    /**
     * Looks for the next data or hole in a file: lseek(2). The file's position is the same afterwards.
     *
     * @param fiber the calling one
     * @param file held
     * @param from 0 or more
     * @param hole which of the two
     * @return where it is; {@code ENXIO} if there is none
     */
    long seek(Fiber fiber, Descriptor file, long from, boolean hole);

    /**
     * Copies from a file to another: copy_file_range(2).
     *
     * @param fiber the calling one
     * @param from held
     * @param offset 0 or more
     * @param to held
     * @param targetOffset 0 or more
     * @param length 1 or more; no more than a few milliseconds' worth is copied
     * @return the number of bytes, 0 at the end of the file, and for some files that only can be read
     */
    long copy(Fiber fiber, Descriptor from, long offset, Descriptor to, long targetOffset, long length);

    /**
     * Lets a file share all blocks of another: ioctl_ficlone(2).
     *
     * @param fiber the calling one
     * @param from held
     * @param to held
     * @return 0
     */
    int clone(Fiber fiber, Descriptor from, Descriptor to);

    /**
     * Locks the whole of a file, or unlocks it: fcntl_locking(2), for as long as this opening of it lasts.
     *
     * @param fiber the calling one
     * @param file held
     * @param locking how; null to give the lock back
     * @param wait whether to wait for others who have it
     * @return 0; {@code EAGAIN} or {@code EACCES} if others have it
     */
    int lock(Fiber fiber, Descriptor file, @Nullable Locking locking, boolean wait);

    /**
     * Prepares for transfers that are under way at the same time.
     *
     * @param fiber the calling one
     * @param capacity how many slots it has
     * @param listener is told of the ends
     * @return with all slots free
     */
    KernelBatch batch(Fiber fiber, int capacity, KernelBatch.Listener listener);

    /**
     * Asks for the state of a file system: statfs(2), fstatfs(2).
     *
     * @param fiber the calling one
     * @param file or folder on it, held; null for the current folder
     * @return the state
     */
    Answer<FileSystemStat> statFileSystem(Fiber fiber, @Nullable Descriptor file);

    /**
     * Tells how a part of a file will be used: posix_fadvise(2).
     *
     * @param fiber the calling one
     * @param file held
     * @param advice what for
     * @param offset 0 or more
     * @param length 0 or more; 0 for all that follow
     * @return 0
     */
    int advise(Fiber fiber, Descriptor file, Advice advice, long offset, long length);

    /**
     * Lists the names of extended attributes: listxattr(2).
     *
     * @param fiber the calling one
     * @param at where there is no path, a file, held; otherwise the folder that a relative path starts at, held, or
     *     null for the current one
     * @param path without a final NUL, its last part not to be followed; null for the file itself
     * @return the names, each with a final NUL
     */
    Answer<byte[]> listAttributes(Fiber fiber, @Nullable Descriptor at, byte @Nullable [] path);

    /**
     * Reads the value of an extended attribute: getxattr(2).
     *
     * @param fiber the calling one
     * @param at as in {@link #listAttributes}
     * @param path as in {@link #listAttributes}
     * @param name without a final NUL
     * @return the value
     */
    Answer<byte[]> getAttribute(Fiber fiber, @Nullable Descriptor at, byte @Nullable [] path, byte[] name);

    /**
     * Sets the value of an extended attribute: setxattr(2).
     *
     * @param fiber the calling one
     * @param at as in {@link #listAttributes}
     * @param path as in {@link #listAttributes}
     * @param name without a final NUL
     * @param value of any length
     * @param mode whether it may be there
     * @return 0
     */
    int setAttribute(
            Fiber fiber, @Nullable Descriptor at, byte @Nullable [] path, byte[] name, byte[] value,
            AttributeMode mode);

    /**
     * Removes an extended attribute: removexattr(2).
     *
     * @param fiber the calling one
     * @param at as in {@link #listAttributes}
     * @param path as in {@link #listAttributes}
     * @param name without a final NUL
     * @return 0
     */
    int removeAttribute(Fiber fiber, @Nullable Descriptor at, byte @Nullable [] path, byte[] name);

    /**
     * Makes a part of a file memory: mmap(2).
     *
     * @param fiber the calling one
     * @param file held
     * @param mode what may be done to it
     * @param offset 0 or more
     * @param length 1 or more
     * @param arena of the memory, which the calling thread may use
     * @return the memory; {@code EBADF} where the file is not open for reading, {@code EACCES} where not for writing
     */
    Answer<MemorySegment> map(
            Fiber fiber, Descriptor file, Mapping mode, long offset, long length, Arena arena);

    /**
     * Brings mapped memory to the device: msync(2).
     *
     * @param fiber the calling one
     * @param part mapped, not empty
     * @return 0
     */
    int syncMapped(Fiber fiber, MemorySegment part);

    /**
     * Watches a file or folder: inotify_add_watch(2).
     *
     * @param fiber the calling one
     * @param watcher from {@link #openWatcher}, held
     * @param start the folder that a relative path starts at, held; null for the current one
     * @param path without a final NUL
     * @param changes what to tell of it, besides what is always told
     * @param follow whether a symbolic link as its last part is followed
     * @return a number for the watch; {@code EEXIST} if the same file is watched already
     */
    int watch(
            Fiber fiber, Descriptor watcher, @Nullable Descriptor start, byte[] path, Set<Change> changes,
            boolean follow);

    /**
     * Takes what has happened, waiting until there is something: inotify(7).
     *
     * @param fiber the calling one
     * @param watcher from {@link #openWatcher}, held, and used in this way by nobody else
     * @return in the order in which it happened
     */
    Answer<List<KernelChange>> changes(Fiber fiber, Descriptor watcher);

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
