package dev.gyre.simulated.disk;

import dev.gyre.io.DirectoryEntry;
import dev.gyre.io.ErrorNumber;
import dev.gyre.io.Locking;
import dev.gyre.io.OpenOptions;
import dev.gyre.posix.Kernel;
import dev.gyre.posix.Paths;
import dev.gyre.simulated.kernel.Refusal;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a descriptor of a file or a folder stands for. Guarded by the disk's lock. */
final class OpenFile {
    /** So many names come at once. */
    private static final int NAMES_MAX = 256;

    /** So much is copied at once. */
    private static final int COPY_MAX = 1 << 20;

    private final Inode inode;

    /** The name that it was opened by, whatever that is now; null for the root. */
    private @Nullable Place place;

    private final String path;
    private final boolean readable;
    private final boolean writable;
    private final boolean appends;
    private final boolean direct;
    private final boolean waits;

    /** Null for all but a named pipe. With the kernel's lock. */
    private Fifo.@Nullable End pipeEnd;

    /** Where the next transfer is that has no offset of its own. */
    private long position;

    /** How many syncs of the file have failed as far as whoever has it open knows. */
    private long failuresHeard;

    /** The name that was listed last. */
    private @Nullable String listed;

    /**
     * Opens what may be opened.
     *
     * @param path what it was opened as, for people
     */
    OpenFile(Found found, String path, OpenOptions.Access access, Set<OpenOptions.Flag> flags) {
        this.inode = found.inode();
        this.place = found.place();
        this.path = path;
        this.readable = access != OpenOptions.Access.WRITE;
        this.writable = access != OpenOptions.Access.READ;
        this.appends = flags.contains(OpenOptions.Flag.APPEND);
        this.direct = flags.contains(OpenOptions.Flag.DIRECT);
        this.waits = !flags.contains(OpenOptions.Flag.NON_BLOCKING);
        this.failuresHeard = inode instanceof RegularFile file ? file.failures() : 0;
        inode.hold(this);
    }

    void close() {
        inode.release(this);
    }

    boolean isReadable() {
        return readable;
    }

    boolean isWritable() {
        return writable;
    }

    /** Whether a transfer through a pipe waits for the other side. */
    boolean waits() {
        return waits;
    }

    boolean isPipe() {
        return inode instanceof NamedPipe;
    }

    /** The end of a named pipe that it stands for; null before it has one, and for everything else. */
    Fifo.@Nullable End pipeEnd() {
        return pipeEnd;
    }

    /** Whether it is open: a pipe may not be yet, and never become it. */
    boolean isOpen() {
        return !isPipe() || (pipeEnd != null && pipeEnd.isOpen());
    }

    void setPipeEnd(Fifo.End end) {
        pipeEnd = end;
    }

    Inode inode() {
        return inode;
    }

    /** What it is, with the name that it was opened by. */
    Found found() {
        return inode instanceof Folder folder ? new Found(folder, folder.place()) : new Found(inode, place);
    }

    /** Whether it was opened by this name; a folder by the only one it has. */
    boolean isBy(@Nullable Place name) {
        return isFolder() || (place != null && name != null && place.isSame(name));
    }

    /** What it is has got another name. */
    void renamed(Place from, Place to) {
        if (isBy(from)) {
            place = to;
        }
    }

    boolean isFolder() {
        return inode instanceof Folder;
    }

    Folder folder() throws Refusal {
        if (inode instanceof Folder folder) {
            return folder;
        }
        throw new Refusal(ErrorNumber.ENOTDIR);
    }

    /**
     * Reads.
     *
     * @param offset or {@link Kernel#STREAM}
     * @return the number of bytes, 0 at the end
     */
    int read(List<MemorySegment> parts, long offset, long now) throws Refusal {
        requireOffsets();
        RegularFile file = toRead();
        long from = start(offset);
        // At the end, Linux looks no more how a transfer past the page cache is aligned.
        if (from < file.size()) {
            requireAligned(parts, from);
        }
        int done = 0;
        for (MemorySegment part : parts) {
            int count = file.read(from + done, within(part, done), now);
            done += count;
            if (count < part.byteSize()) {
                break;
            }
        }
        moved(offset, from + done);
        return done;
    }

    /** Reads at an offset what would go into memory, and does not touch that. */
    byte[] readFor(MemorySegment memory, long offset, long now) throws Refusal {
        requireOffsets();
        RegularFile file = toRead();
        if (offset < file.size()) {
            requireAligned(List.of(memory), offset);
        }
        return copy(file, offset, memory.byteSize(), now);
    }

    /** Reads a part that is to be sent. */
    byte[] readToSend(long offset, long length, long now) throws Refusal {
        if (readable && !(inode instanceof RegularFile)) {
            throw new Refusal(ErrorNumber.EINVAL);
        }
        return copy(toRead(), offset, length, now);
    }

    private static byte[] copy(RegularFile file, long offset, long length, long now) {
        byte[] read = new byte[(int) file.readable(offset, length)];
        file.read(offset, MemorySegment.ofArray(read), now);
        return read;
    }

    private RegularFile toRead() throws Refusal {
        if (!readable) {
            throw new Refusal(ErrorNumber.EBADF);
        }
        return file(ErrorNumber.EISDIR, ErrorNumber.ESPIPE);
    }

    /** A file is opened, or it is refused: a folder that is open for reading, or a pipe. */
    private RegularFile file(ErrorNumber ofFolder, ErrorNumber ofPipe) throws Refusal {
        if (inode instanceof RegularFile file) {
            return file;
        }
        throw new Refusal(isPipe() ? ofPipe : ofFolder);
    }

    /**
     * Writes.
     *
     * @param memory where the caller has it
     * @param content the same, or a copy of it
     * @param offset or {@link Kernel#STREAM}
     * @return the number of bytes
     */
    int write(List<MemorySegment> memory, List<MemorySegment> content, long offset, long now) throws Refusal {
        requireOffsets();
        RegularFile file = toWrite(ErrorNumber.EBADF, ErrorNumber.ESPIPE);
        requireAligned(memory, start(offset));
        // As Linux has it, and POSIX has not, the offset does not matter then (pwrite(2), "Bugs").
        long from = appends ? file.size() : start(offset);
        int done = 0;
        for (MemorySegment part : content) {
            int count = writePart(file, within(part, done), from, done, now);
            done += count;
            if (count < part.byteSize()) {
                break;
            }
        }
        moved(offset, from + done);
        return done;
    }

    /** What keeps a part from being written is told by the next call, if there was something before it. */
    private static int writePart(RegularFile file, MemorySegment part, long from, int done, long now)
            throws Refusal {
        if (part.byteSize() == 0) {
            return 0;
        }
        try {
            return file.write(from + done, part, now);
        } catch (Refusal refused) {
            if (done == 0) {
                throw refused;
            }
            return 0;
        }
    }

    private long start(long offset) {
        return offset == Kernel.STREAM ? position : offset;
    }

    private void moved(long offset, long end) {
        if (offset == Kernel.STREAM) {
            position = end;
        }
    }

    /** As much of a part as is transferred at once, when so much has been. */
    private static MemorySegment within(MemorySegment part, int done) {
        return part.asSlice(0, Math.min(part.byteSize(), RegularFile.TRANSFER_MAX - done));
    }

    /** Moves the position. Returns the new one. */
    long moveTo(long distance, boolean fromHere) throws Refusal {
        requireOffsets();
        long target = fromHere ? position + distance : distance;
        if (target < 0 || target > RegularFile.LENGTH_MAX) {
            throw new Refusal(ErrorNumber.EINVAL);
        }
        position = target;
        return target;
    }

    /** Copies a part of it into another file. The number of bytes, 0 at the end. */
    long copyTo(OpenFile target, long offset, long targetOffset, long length, long now) throws Refusal {
        requireCopyable(target);
        RegularFile from = toRead();
        RegularFile to = target.toWrite(ErrorNumber.EBADF, ErrorNumber.EINVAL);
        long count = from.readable(offset, Math.min(length, COPY_MAX));
        if (from == to && offset < targetOffset + count && targetOffset < offset + count) {
            throw new Refusal(ErrorNumber.EINVAL);
        }
        return count == 0 ? 0 : to.write(targetOffset, MemorySegment.ofArray(copy(from, offset, count, now)), now);
    }

    /** Lets another file share all that is in it. How many bytes. */
    long cloneTo(OpenFile target, long now) throws Refusal {
        requireCopyable(target);
        RegularFile from = toRead();
        target.toWrite(ErrorNumber.EBADF, ErrorNumber.EINVAL).cloneFrom(from, now);
        return from.size();
    }

    private void requireCopyable(OpenFile target) throws Refusal {
        if (inode instanceof Folder || target.inode instanceof Folder) {
            throw new Refusal(ErrorNumber.EISDIR);
        }
        if (isPipe() || target.isPipe()) {
            throw new Refusal(ErrorNumber.EINVAL);
        }
        if (target.appends) {
            throw new Refusal(ErrorNumber.EBADF);
        }
    }

    /** Whether it may be locked like this. */
    boolean isOpenFor(Locking locking) {
        return switch (locking) {
            case SHARED -> readable;
            case EXCLUSIVE -> writable;
        };
    }

    void truncate(long length, long now) throws Refusal {
        toWrite(ErrorNumber.EINVAL, ErrorNumber.EINVAL).truncate(length, now);
    }

    void allocate(long offset, long length, boolean hole, long now) throws Refusal {
        RegularFile file = toWrite(ErrorNumber.EBADF, ErrorNumber.ESPIPE);
        if (hole) {
            file.punchHole(offset, length, now);
        } else {
            file.allocate(offset, length, now);
        }
    }

    private RegularFile toWrite(ErrorNumber refusal, ErrorNumber ofPipe) throws Refusal {
        if (!writable) {
            throw new Refusal(refusal);
        }
        return file(refusal, ofPipe);
    }

    long seek(long from, boolean hole) throws Refusal {
        return file(ErrorNumber.EINVAL, ErrorNumber.ESPIPE).seek(from, hole);
    }

    /** Refuses a pipe, which has none. */
    void requireOffsets() throws Refusal {
        if (isPipe()) {
            throw new Refusal(ErrorNumber.ESPIPE);
        }
    }

    /** Begins to bring it to the device. */
    Writeback beginSync(boolean dataOnly) throws Refusal {
        if (isPipe()) {
            throw new Refusal(ErrorNumber.EINVAL);
        }
        return inode.begin(dataOnly);
    }

    /** It is on the device; unless a sync by another descriptor has failed that this one has not heard of yet. */
    void finishSync(Writeback writeback) throws Refusal {
        if (inode instanceof RegularFile file) {
            long before = failuresHeard;
            failuresHeard = file.failures();
            file.requireHeard(before);
        }
        writeback.finish();
    }

    /** The device refuses it. */
    void failToSync(Writeback writeback, Refusal refused) {
        writeback.refuse();
        if (inode instanceof RegularFile file) {
            file.failed(refused);
            failuresHeard = file.failures();
        }
    }

    /** Where it is now, from the root on. */
    String currentPath() {
        Place now = found().place();
        return inode instanceof Folder folder ? folder.path() : now == null ? "" : now.path();
    }

    private void requireAligned(List<MemorySegment> parts, long offset) throws Refusal {
        for (MemorySegment part : parts) {
            if (direct && (!part.isNative() || (part.address() | part.byteSize() | offset) % PageCache.PAGE != 0)) {
                throw new Refusal(ErrorNumber.EINVAL);
            }
        }
    }

    /** The next names; none after the last. */
    List<DirectoryEntry> list(long now) throws Refusal {
        Folder folder = folder();
        if (folder.isRemoved()) {
            throw new Refusal(ErrorNumber.ENOENT);
        }
        folder.touchRead(now);
        List<DirectoryEntry> some = new ArrayList<>();
        Map.Entry<String, Inode> next = folder.after(listed);
        while (next != null && some.size() < NAMES_MAX) {
            listed = next.getKey();
            some.add(new DirectoryEntry(
                    Paths.decode(listed.getBytes(StandardCharsets.ISO_8859_1)), next.getValue().kind()));
            next = folder.after(listed);
        }
        return some;
    }

    @Override
    public String toString() {
        return (inode instanceof Folder ? "folder " : isPipe() ? "pipe " : "file ") + path;
    }
}
