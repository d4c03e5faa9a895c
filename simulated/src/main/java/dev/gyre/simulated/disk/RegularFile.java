package dev.gyre.simulated.disk;

import dev.gyre.io.ErrorNumber;
import dev.gyre.io.FileKind;
import dev.gyre.simulated.kernel.Refusal;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** A regular file. */
final class RegularFile extends Leaf {
    /** The longest there can be: that of ext4 with blocks of 4 KiB. */
    static final long LENGTH_MAX = ((1L << 32) - 1) * PageCache.PAGE;

    /** So much is transferred at once at most: {@code MAX_RW_COUNT} of Linux. */
    static final long TRANSFER_MAX = Integer.MAX_VALUE - PageCache.PAGE + 1L;

    private final PageCache content;
    private long size;
    private long deviceSize;

    /** The shortest that it was since the last sync began. */
    private long sizeLeast;

    /** How many syncs have failed, and how the last of them did. */
    private long failures;

    private @Nullable Refusal failure;

    RegularFile(long number, int mode, long now, Room room) {
        super(number, mode, now);
        content = new PageCache(room);
    }

    /** Fills memory. The number of bytes, 0 at the end. */
    int read(long offset, MemorySegment to, long now) {
        long count = readable(offset, to.byteSize());
        content.read(offset, to.asSlice(0, count));
        touchRead(now);
        return (int) count;
    }

    /** How much can be read from an offset on, if so much is wanted. */
    long readable(long offset, long wanted) {
        return Math.clamp(size - offset, 0, Math.min(wanted, TRANSFER_MAX));
    }

    /** Writes as much as there is room for. The number of bytes. */
    int write(long offset, MemorySegment from, long now) throws Refusal {
        if (offset >= LENGTH_MAX) {
            throw new Refusal(ErrorNumber.EFBIG);
        }
        long wanted = Math.min(Math.min(from.byteSize(), TRANSFER_MAX), LENGTH_MAX - offset);
        long written = 0;
        try {
            written = content.write(offset, from.asSlice(0, wanted));
        } finally {
            if (written == 0) {
                // The memory may be gone in the middle of it. What lies beyond the end is never to be seen.
                content.cut(size);
            }
        }
        if (written == 0) {
            throw new Refusal(ErrorNumber.ENOSPC);
        }
        size = Math.max(size, offset + written);
        dropPrivileges();
        touch(now);
        return (int) written;
    }

    void truncate(long length, long now) throws Refusal {
        if (length > LENGTH_MAX) {
            throw new Refusal(ErrorNumber.EFBIG);
        }
        if (length < size) {
            content.cut(length);
        }
        size = length;
        sizeLeast = Math.min(sizeLeast, length);
        dropPrivileges();
        touch(now);
    }

    void allocate(long offset, long length, long now) throws Refusal {
        requirePart(offset, length);
        if (!content.reserve(offset, offset + length)) {
            throw new Refusal(ErrorNumber.ENOSPC);
        }
        if (offset + length > size) {
            size = offset + length;
            touch(now);
        }
        touchAttributes(now);
    }

    void punchHole(long offset, long length, long now) throws Refusal {
        requirePart(offset, length);
        content.erase(offset, offset + length);
        dropPrivileges();
        touch(now);
    }

    private static void requirePart(long offset, long length) throws Refusal {
        if (offset + length > LENGTH_MAX) {
            throw new Refusal(ErrorNumber.EFBIG);
        }
    }

    /** Shares all pages of another file, until one of the two is written. Beyond that its own may begin with a page. */
    void cloneFrom(RegularFile other, long now) throws Refusal {
        if (other.size == 0) {
            return;
        }
        if (other == this || (other.size < size && other.size % PageCache.PAGE != 0)) {
            throw new Refusal(ErrorNumber.EINVAL);
        }
        content.cloneFrom(other.content, other.size);
        size = Math.max(size, other.size);
        dropPrivileges();
        touch(now);
    }

    /** Where the next data is, or the next hole, of which there is one at the end. */
    long seek(long from, boolean hole) throws Refusal {
        long found = from < size ? hole ? Math.min(content.nextHole(from), size) : content.nextData(from) : size;
        if (from >= size || (!hole && found >= size)) {
            throw new Refusal(ErrorNumber.ENXIO);
        }
        return found;
    }

    @Override
    void release(OpenFile file) {
        super.release(file);
        freeIfUnused();
    }

    @Override
    FileKind kind() {
        return FileKind.FILE;
    }

    @Override
    long size() {
        return size;
    }

    @Override
    long pages() {
        return content.count();
    }

    @Override
    void unlinked() {
        super.unlinked();
        freeIfUnused();
    }

    private void freeIfUnused() {
        if (links() == 0 && !isHeld()) {
            content.free();
        }
    }

    /** How many syncs have failed. */
    long failures() {
        return failures;
    }

    /** Refuses what the last sync that failed was refused. */
    void requireHeard(long heard) throws Refusal {
        if (failure != null && heard < failures) {
            throw failure;
        }
    }

    /** A sync has failed. */
    void failed(Refusal refused) {
        failures++;
        failure = refused;
    }

    @Override
    int alignment() {
        return PageCache.PAGE;
    }

    @Override
    Writeback beginContent() {
        PageCache.Pages pages = content.begin();
        long sizeThen = size;
        long leastThen = sizeLeast;
        sizeLeast = size;
        return new Writeback() {
            @Override
            public void finish() {
                if (pages.finish()) {
                    deviceSize = sizeThen;
                }
            }

            @Override
            public void refuse() {
                pages.refuse();
                sizeLeast = Math.min(sizeLeast, leastThen);
            }
        };
    }

    /** Where the length is new and a page is not, there is a hole; where it is not, what is beyond it is nothing. */
    @Override
    void saveSomeContent(Chance chance) {
        content.saveSome(chance);
        deviceSize = chance.length(deviceSize, sizeLeast, size);
    }

    /** Then it is on the device as it is here: what is beyond its end there is freed when the disk is looked over. */
    @Override
    void revertContent() {
        content.revert();
        size = deviceSize;
        sizeLeast = size;
        content.cut(size);
        content.begin().finish();
        super.revertContent();
    }
}
