package dev.gyre.io;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An open file.
 *
 * <p>It has two ways to transfer. With an offset, any number of tasks may read and write at once, and nobody is in the
 * other's way. Without one, as a {@link Source} and a {@link Sink}, at the file's own position, which moves by what was
 * transferred: that is for one task at a time, and the only way for pipes, terminals and whatever else has no offsets.
 * The position is the kernel's (lseek(2)): who inherits the file shares it.
 *
 * <p>Buffers are memory of any kind, as for a {@link Source} and a {@link Sink}. All methods that transfer are
 * cancellation points.
 */
public non-sealed interface File extends Passable, Source, Sink {

    /**
     * Reads from the file's position on, and moves it. Waits for a pipe or a terminal to have something.
     *
     * @param buffer writable; with {@link OpenOptions.Flag#DIRECT}, native and aligned
     * @return the number of bytes, which may be less than asked for; 0 only for an empty buffer; -1 at the end of the
     *     file, and of a pipe that nobody has open for writing
     * @throws IoException with a reason of {@link Operation#READ_FILE}; {@link Reason#IS_A_DIRECTORY} for a folder
     * @throws CanceledException if the calling task was canceled; nothing was taken
     */
    @Override
    int read(MemorySegment buffer) throws IoException;

    /**
     * Writes from the file's position on, and moves it; with {@link OpenOptions.Flag#APPEND} at the end of the file.
     * Waits for room in a pipe.
     *
     * @param buffer what to write; with {@link OpenOptions.Flag#DIRECT}, native and aligned
     * @return the number of bytes, which may be less than asked for
     * @throws IoException with a reason of {@link Operation#WRITE_FILE}; {@link Reason#BROKEN_PIPE} for a pipe that
     *     nobody reads
     * @throws CanceledException if the calling task was canceled; nothing was written
     */
    @Override
    int write(MemorySegment buffer) throws IoException;

    /**
     * Reads from the file's position on into several buffers (readv(2)), all in one operation.
     *
     * @param buffers writable; not more than the first 1024 of them are filled
     * @return the number of bytes in all, which may be less than asked for; 0 only if all are empty; -1 at the end
     * @throws IoException with a reason of {@link Operation#READ_FILE}
     * @throws CanceledException if the calling task was canceled; nothing was taken
     */
    @Override
    int read(List<MemorySegment> buffers) throws IoException;

    /**
     * Writes from several buffers (writev(2)), all in one operation.
     *
     * @param buffers what to write; not more than the first 1024 of them are
     * @return the number of bytes in all, which may be less than asked for
     * @throws IoException with a reason of {@link Operation#WRITE_FILE}
     * @throws CanceledException if the calling task was canceled; nothing was written
     */
    @Override
    int write(List<MemorySegment> buffers) throws IoException;

    /**
     * The file's position, at which the next transfer without an offset begins.
     *
     * @return in bytes from the beginning
     * @throws IoException with {@link Reason#NOT_SEEKABLE} for a pipe or a terminal
     */
    default long position() throws IoException {
        return seekBy(0);
    }

    /**
     * Sets the file's position (lseek(2)). Does not wait, and is no cancellation point.
     *
     * @param position in bytes from the beginning, 0 or more; beyond the end too, where a write leaves a hole
     * @throws IllegalArgumentException if it is negative
     * @throws IoException with a reason of {@link Operation#SEEK}; {@link Reason#NOT_SEEKABLE} for a pipe or a terminal
     */
    void seekTo(long position) throws IoException;

    /**
     * Moves the file's position (lseek(2)). Does not wait, and is no cancellation point.
     *
     * @param distance in bytes, forwards or backwards
     * @return the new position
     * @throws IoException with a reason of {@link Operation#SEEK}; {@link Reason#NO_SUCH_POSITION} where it would lie
     *     before the beginning or beyond what the file system has; {@link Reason#NOT_SEEKABLE} for a pipe or a terminal
     */
    long seekBy(long distance) throws IoException;

    /**
     * Reads at an offset, without moving the file's own position.
     *
     * @param buffer writable; with {@link OpenOptions.Flag#DIRECT}, native and aligned
     * @param offset of the first byte, 0 or more
     * @return the number of bytes, which may be less than asked for; 0 only for an empty buffer; -1 at the end of the
     *     file
     * @throws IoException with a reason of {@link Operation#READ_FILE}; {@link Reason#NOT_SEEKABLE} for a pipe or a
     *     terminal, {@link Reason#IS_A_DIRECTORY} for a folder
     * @throws CanceledException if the calling task was canceled
     */
    int read(MemorySegment buffer, long offset) throws IoException;

    /**
     * As {@link #read(MemorySegment, long)}.
     *
     * @param buffer to fill
     * @param offset of the first byte in the file, 0 or more
     * @return the number of bytes, which may be less than asked for; 0 only for an empty buffer; -1 at the end of the
     *     file
     * @throws IoException with a reason of {@link Operation#READ_FILE}
     */
    default int read(byte[] buffer, long offset) throws IoException {
        return read(MemorySegment.ofArray(buffer), offset);
    }

    /**
     * As {@link #read(MemorySegment, long)}.
     *
     * @param buffer to fill from its position on, which moves by what was read
     * @param offset of the first byte in the file, 0 or more
     * @return the number of bytes, which may be less than asked for; 0 only if nothing remains in the buffer; -1 at the
     *     end of the file
     * @throws IoException with a reason of {@link Operation#READ_FILE}
     */
    default int read(ByteBuffer buffer, long offset) throws IoException {
        int count = read(MemorySegment.ofBuffer(buffer), offset);
        if (count > 0) {
            buffer.position(buffer.position() + count);
        }
        return count;
    }

    /**
     * Writes at an offset, without moving the file's own position.
     *
     * @param buffer what to write; with {@link OpenOptions.Flag#DIRECT}, native and aligned
     * @param offset of the first byte, 0 or more
     * @return the number of bytes, which may be less than asked for
     * @throws IoException with a reason of {@link Operation#WRITE_FILE}; {@link Reason#FILE_TOO_BIG} where the file
     *     system, or {@code long}, has no such offset
     * @throws CanceledException if the calling task was canceled
     */
    int write(MemorySegment buffer, long offset) throws IoException;

    /**
     * As {@link #write(MemorySegment, long)}.
     *
     * @param buffer what to write
     * @param offset of the first byte in the file, 0 or more
     * @return the number of bytes, which may be less than asked for
     * @throws IoException with a reason of {@link Operation#WRITE_FILE}
     */
    default int write(byte[] buffer, long offset) throws IoException {
        return write(MemorySegment.ofArray(buffer), offset);
    }

    /**
     * As {@link #write(MemorySegment, long)}.
     *
     * @param buffer what to write, from its position on, which moves by what was written
     * @param offset of the first byte in the file, 0 or more
     * @return the number of bytes, which may be less than asked for
     * @throws IoException with a reason of {@link Operation#WRITE_FILE}
     */
    default int write(ByteBuffer buffer, long offset) throws IoException {
        int count = write(MemorySegment.ofBuffer(buffer), offset);
        buffer.position(buffer.position() + count);
        return count;
    }

    /**
     * Reads at an offset into several buffers (preadv(2)), all in one operation: the first is filled, then the next.
     *
     * @param buffers writable; not more than the first 1024 of them are filled
     * @param offset of the first byte, 0 or more
     * @return the number of bytes in all, which may be less than asked for; 0 only if all are empty; -1 at the end
     * @throws IoException as {@link #read(MemorySegment, long)}
     * @throws CanceledException if the calling task was canceled
     */
    int read(List<MemorySegment> buffers, long offset) throws IoException;

    /**
     * Writes at an offset from several buffers (pwritev(2)), all in one operation.
     *
     * @param buffers what to write; not more than the first 1024 of them are
     * @param offset of the first byte, 0 or more
     * @return the number of bytes in all, which may be less than asked for
     * @throws IoException as {@link #write(MemorySegment, long)}
     * @throws CanceledException if the calling task was canceled
     */
    int write(List<MemorySegment> buffers, long offset) throws IoException;

    /**
     * Brings content and attributes to the device (fsync(2)). What was written before survives a power cut from then
     * on, if the file's name does ({@link Directory#sync()}).
     *
     * @throws IoException with a reason of {@link Operation#SYNC}; what was written is then in an unknown state, and
     *     a second call may succeed without having written it
     * @throws CanceledException if the calling task was canceled
     */
    void sync() throws IoException;

    /**
     * Brings the content to the device, and of the attributes only what is needed to find it there (fdatasync(2)): the
     * length, but not the times. What was written before survives a power cut from then on.
     *
     * @throws IoException as {@link #sync()}
     * @throws CanceledException if the calling task was canceled
     */
    void dataSync() throws IoException;

    /**
     * Sets the length (ftruncate(2)): cuts off what is beyond, or adds a hole, which reads as zeros.
     *
     * @param length in bytes, 0 or more
     * @throws IllegalArgumentException if it is negative
     * @throws IoException with a reason of {@link Operation#TRUNCATE}
     * @throws CanceledException if the calling task was canceled; nothing has changed
     */
    void truncate(long length) throws IoException;

    /**
     * Reserves room on the device, so that later writes there do not fail for lack of it (fallocate(2)). The file
     * becomes longer where that is beyond its end; what was not written reads as zeros.
     *
     * @param offset of the first byte, 0 or more
     * @param length in bytes, 1 or more
     * @throws IllegalArgumentException if either is out of range
     * @throws IoException with a reason of {@link Operation#ALLOCATE}; {@link Reason#OPERATION_UNSUPPORTED} where the
     *     file system cannot
     * @throws CanceledException if the calling task was canceled; a part may be reserved
     */
    void allocate(long offset, long length) throws IoException;

    /**
     * Gives room back to the file system (fallocate(2)): the bytes read as zeros from then on. The length stays.
     *
     * @param offset of the first byte, 0 or more
     * @param length in bytes, 1 or more
     * @throws IllegalArgumentException if either is out of range
     * @throws IoException with a reason of {@link Operation#ALLOCATE}; {@link Reason#OPERATION_UNSUPPORTED} where the
     *     file system cannot
     * @throws CanceledException if the calling task was canceled; a part may be given back
     */
    void punchHole(long offset, long length) throws IoException;

    /**
     * Where the next bytes are that were written (lseek(2), {@code SEEK_DATA}).
     *
     * @param from where to begin, 0 or more
     * @return that, or the end of the hole that it is in; -1 if nothing but a hole follows
     * @throws IllegalArgumentException if it is negative
     * @throws IoException with a reason of {@link Operation#SEEK}
     * @throws CanceledException if the calling task was canceled
     */
    long seekData(long from) throws IoException;

    /**
     * Where the next hole is (lseek(2), {@code SEEK_HOLE}). A file system may take zeros for written; so every file has
     * one at its end at least.
     *
     * @param from where to begin, 0 or more
     * @return that, or the end of the data that it is in; -1 if {@code from} is not before the end of the file
     * @throws IllegalArgumentException if it is negative
     * @throws IoException with a reason of {@link Operation#SEEK}
     * @throws CanceledException if the calling task was canceled
     */
    long seekHole(long from) throws IoException;

    /**
     * Sets the permission bits (fchmod(2)).
     *
     * @param mode 0 to 07777
     * @throws IllegalArgumentException if it is out of range
     * @throws IoException with a reason of {@link Operation#SET_PERMISSIONS}
     * @throws CanceledException if the calling task was canceled; nothing has changed
     */
    void setPermissions(int mode) throws IoException;

    /**
     * Sets user and group (fchown(2)).
     *
     * @param user its number; -1 to leave it
     * @param group its number; -1 to leave it
     * @throws IoException with a reason of {@link Operation#SET_OWNER}
     * @throws CanceledException if the calling task was canceled; nothing has changed
     */
    void setOwner(int user, int group) throws IoException;

    /**
     * Sets the times of access and of change (futimens(3)), as finely as the file system keeps them.
     *
     * @param accessed on {@link Clock#REAL}; null to leave it
     * @param modified on {@link Clock#REAL}; null to leave it
     * @throws IllegalArgumentException if a time is of another clock
     * @throws IoException with a reason of {@link Operation#SET_TIMES}
     * @throws CanceledException if the calling task was canceled; nothing has changed
     */
    void setTimes(@Nullable Timestamp accessed, @Nullable Timestamp modified) throws IoException;

    /**
     * Copies a part of this file into another inside the kernel (copy_file_range(2)), on some file systems without a
     * copy of the blocks; where that is impossible, by reading and writing. Neither file's position moves. What is a
     * hole here becomes one there.
     *
     * @param target of the same {@code Io}, open for writing, and not for appending; it may be this file, if the parts
     *     do not overlap
     * @param offset of the first byte here, 0 or more
     * @param targetOffset of the first byte there, 0 or more
     * @param length how many bytes, 0 or more; {@link Long#MAX_VALUE} for all that there are
     * @return how many bytes of this file were dealt with: less than {@code length} only where it ends earlier
     * @throws IllegalArgumentException if a number is negative, the target is of another {@code Io}, or the parts of
     *     one file overlap
     * @throws IoException with a reason of {@link Operation#COPY}, {@link Operation#READ_FILE} or
     *     {@link Operation#WRITE_FILE}; a part may have been copied
     * @throws CanceledException if the calling task was canceled; a part may have been copied
     */
    long copyTo(File target, long offset, long targetOffset, long length) throws IoException;

    /**
     * Lets another file have the whole content of this one, by sharing its blocks until either is written
     * (ioctl_ficlone(2)): Btrfs, XFS, bcachefs, and OCFS2 can.
     *
     * @param target of the same {@code Io}, open for writing; what is in it is lost
     * @return false, with nothing changed, where the file system cannot
     * @throws IllegalArgumentException if the target is of another {@code Io}
     * @throws IoException with a reason of {@link Operation#COPY}
     * @throws CanceledException if the calling task was canceled
     */
    boolean cloneTo(File target) throws IoException;

    /**
     * Locks the whole file against all who lock it likewise, in this process and in others (fcntl_locking(2), open file
     * description locks): whoever does not ask for a lock is not held up. Waits for those who have it; two who share it
     * and both wait to have it exclusively wait for ever.
     *
     * <p>The lock belongs to this opening of the file: tasks that use the same {@code File} have it together, and to
     * lock again changes its kind. Closing gives it back. On Linux 3.15 and later, and on network file systems as these
     * allow.
     *
     * @param locking how
     * @throws IoException with a reason of {@link Operation#LOCK}
     * @throws CanceledException if the calling task was canceled; it has what lock it had before
     */
    void lock(Locking locking) throws IoException;

    /**
     * Locks as {@link #lock}, if nobody has it.
     *
     * @param locking how
     * @return whether it is locked so now; if not, it is as before
     * @throws IoException with a reason of {@link Operation#LOCK}
     * @throws CanceledException if the calling task was canceled; it has what lock it had before
     */
    boolean tryLock(Locking locking) throws IoException;

    /**
     * Makes of an exclusive lock a shared one, with no moment in between in which others could get it.
     *
     * @throws IoException with a reason of {@link Operation#LOCK}; {@link Reason#WOULD_BLOCK} if it is not locked, and
     *     somebody else has it exclusively
     * @throws CanceledException if the calling task was canceled; it has what lock it had before
     */
    default void downgrade() throws IoException {
        if (!tryLock(Locking.SHARED)) {
            throw Operation.LOCK.failure(Reason.WOULD_BLOCK, this);
        }
    }

    /**
     * Gives the lock back. Does nothing if there is none.
     *
     * @throws IoException with a reason of {@link Operation#LOCK}
     * @throws CanceledException if the calling task was canceled; it has what lock it had before
     */
    void unlock() throws IoException;

    /**
     * What the file system knows of it.
     *
     * @return the present state
     * @throws IoException with a reason of {@link Operation#STAT}
     * @throws CanceledException if the calling task was canceled
     */
    FileStat stat() throws IoException;

    /**
     * What the file system is that it is on, and how full (fstatfs(2)).
     *
     * @return the present state
     * @throws IoException with a reason of {@link Operation#STAT_FILE_SYSTEM}
     * @throws CanceledException if the calling task was canceled
     */
    FileSystemStat statFileSystem() throws IoException;

    /**
     * Tells how a part of it will be used (posix_fadvise(2)). A hint, which a file system may ignore; {@link
     * Advice#NORMAL}, {@link Advice#RANDOM} and {@link Advice#SEQUENTIAL} hold for the whole file, as long as it is
     * open.
     *
     * @param advice what for
     * @param offset of the first byte, 0 or more
     * @param length in bytes, 0 or more; 0 for all that follow
     * @throws IllegalArgumentException if either is negative
     * @throws IoException with a reason of {@link Operation#ADVISE}
     * @throws CanceledException if the calling task was canceled
     */
    void advise(Advice advice, long offset, long length) throws IoException;

    /**
     * The names of the extended attributes (listxattr(2)), in no order. Those that the process may not see are
     * left out.
     *
     * @return for example {@code user.comment}; bytes that are no UTF-8 are as in file names
     * @throws IoException with a reason of {@link Operation#LIST_EXTENDED_ATTRIBUTES}
     * @throws CanceledException if the calling task was canceled
     */
    List<String> listExtendedAttributes() throws IoException;

    /**
     * The value of an extended attribute (getxattr(2)).
     *
     * @param name which, with its namespace: {@code user.comment}
     * @return its bytes, 65,536 at most
     * @throws IllegalArgumentException if the name is empty
     * @throws IoException with a reason of {@link Operation#GET_EXTENDED_ATTRIBUTE}: {@link Reason#NO_SUCH_ATTRIBUTE}
     *     where there is none, {@link Reason#ATTRIBUTE_UNSUPPORTED} where the file system or the name's kind has none
     * @throws CanceledException if the calling task was canceled
     */
    byte[] getExtendedAttribute(String name) throws IoException;

    /**
     * Sets an extended attribute, whether it is there or not.
     *
     * @param name which
     * @param value what it becomes
     * @throws IllegalArgumentException if the name is empty
     * @throws IoException with a reason of {@link Operation#SET_EXTENDED_ATTRIBUTE}
     */
    default void setExtendedAttribute(String name, byte[] value) throws IoException {
        setExtendedAttribute(name, value, AttributeMode.CREATE_OR_REPLACE);
    }

    /**
     * Sets an extended attribute (setxattr(2)). File systems have limits of their own: ext4 and XFS tell by
     * {@link Reason#NO_SPACE_LEFT} that the attributes of a file together are too long.
     *
     * @param name which, with its namespace, up to 255 bytes; everybody who may write to a file may set those of
     *     {@code user.}, which only files and folders have
     * @param value what it becomes, up to 65,536 bytes
     * @param mode whether it may, must or must not be there already
     * @throws IllegalArgumentException if the name is empty
     * @throws IoException with a reason of {@link Operation#SET_EXTENDED_ATTRIBUTE}
     * @throws CanceledException if the calling task was canceled; nothing has changed
     */
    void setExtendedAttribute(String name, byte[] value, AttributeMode mode) throws IoException;

    /**
     * Removes an extended attribute (removexattr(2)).
     *
     * @param name which
     * @throws IllegalArgumentException if the name is empty
     * @throws IoException with a reason of {@link Operation#REMOVE_EXTENDED_ATTRIBUTE}
     * @throws CanceledException if the calling task was canceled; nothing has changed
     */
    void removeExtendedAttribute(String name) throws IoException;

    /**
     * Makes a part of it memory (mmap(2)), which is read from the device where it is first touched. The memory stays
     * when the file is closed; it ends with the arena.
     *
     * <p>What is done with the memory is no operation of an {@code Io}: to touch a page that has to be read holds up
     * the thread, which for a task may be a loop's, and no request to stop is seen meanwhile. Let
     * {@link Tasks#blocking} do it, or read what will be needed ahead ({@link Advice#WILL_NEED}, or
     * {@link MemorySegment#load} there). What is written is brought to the device by {@link FileSystem#syncMapped}, or
     * {@link MemorySegment#force} where that may block, and else when the kernel finds time.
     *
     * <p>If somebody makes the file shorter, what is touched beyond its end is not there any more: the virtual machine
     * throws an {@link InternalError} (for the signal SIGBUS), perhaps some instructions later, and operations that are
     * given such memory fail with {@link Reason#MEMORY_GONE}. The same happens where the device fails, or has no room
     * for a hole that is written to.
     *
     * @param mode what may be done to the memory
     * @param offset of the first byte, 0 or more; need not begin a page
     * @param length in bytes, 1 or more
     * @param arena when the memory ends, and whose it is; a confined one must belong to the calling thread
     * @return the memory, {@linkplain MemorySegment#isMapped() mapped}
     * @throws IllegalArgumentException if offset or length is out of range
     * @throws IllegalStateException if the arena is closed
     * @throws WrongThreadException if the arena is another thread's
     * @throws IoException with a reason of {@link Operation#MAP}: {@link Reason#BEYOND_END} where the file is not so
     *     long, {@link Reason#OPERATION_UNSUPPORTED} for what is no regular file and in a simulation,
     *     {@link Reason#NOT_OPEN_FOR_READING}, and for {@link Mapping#READ_WRITE} {@link Reason#NOT_OPEN_FOR_WRITING}
     * @throws CanceledException if the calling task was canceled; nothing is mapped
     */
    MemorySegment map(Mapping mode, long offset, long length, Arena arena) throws IoException;

    /**
     * Closes it. Operations that are under way in other tasks end first, or fail with {@link Reason#CLOSED}, as those
     * do that wait for a pipe. Closing again does nothing. Not a cancellation point.
     *
     * @throws IoException with a reason of {@link Operation#CLOSE}; the file is closed all the same
     */
    @Override
    void close() throws IoException;
}
