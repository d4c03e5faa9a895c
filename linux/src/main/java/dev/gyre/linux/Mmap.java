package dev.gyre.linux;

import java.lang.foreign.MemorySegment;

/**
 * Memory mappings: mmap(2), mremap(2), munmap(2), madvise(2), msync(2). A call answers with 0, an address, or a negated
 * {@link Errno}. Any thread may call. None of these blocks but the last, and mmap(2) of a file that a server has. Pages
 * are read from a file when they are first touched.
 *
 * <p>A mapping is an address and a length, in the caller's hands. {@code RawMemory.segment} makes memory of it that
 * Java code can reach; whoever unmaps sees to it that nobody does so any more.
 */
public final class Mmap {
    /** No access. */
    public static final int PROT_NONE = 0;
    /** May be read. */
    public static final int PROT_READ = 1;
    /** May be written. */
    public static final int PROT_WRITE = 2;
    /** May be executed. */
    public static final int PROT_EXEC = 4;

    /** Writes reach the file and other mappings of it. */
    public static final int MAP_SHARED = 0x01;
    /** Writes stay in this mapping. */
    public static final int MAP_PRIVATE = 0x02;
    /** Like MAP_SHARED, and an unknown flag is an error; from kernel 4.15. */
    public static final int MAP_SHARED_VALIDATE = 0x03;
    /** At exactly this address, replacing what is there. */
    public static final int MAP_FIXED = 0x10;
    /** Zeroed memory of no file. */
    public static final int MAP_ANONYMOUS = 0x20;
    /** Reserves no swap. */
    public static final int MAP_NORESERVE = 0x4000;
    /** Reads all pages at once. */
    public static final int MAP_POPULATE = 0x8000;
    /** Of huge pages. */
    public static final int MAP_HUGETLB = 0x40000;
    /** At exactly this address, or not at all; from kernel 4.17. */
    public static final int MAP_FIXED_NOREPLACE = 0x100000;

    /** The mapping may get another address. */
    public static final int MREMAP_MAYMOVE = 1;
    /** The mapping gets exactly this address, replacing what is there; needs MREMAP_MAYMOVE. */
    public static final int MREMAP_FIXED = 2;

    /** Waits until the device has it. */
    public static final int MS_SYNC = 4;

    /** No advice. */
    public static final int MADV_NORMAL = 0;
    /** Will be used in no order. */
    public static final int MADV_RANDOM = 1;
    /** Will be used in order. */
    public static final int MADV_SEQUENTIAL = 2;
    /** Will be used soon. */
    public static final int MADV_WILLNEED = 3;
    /** Will not be used soon: contents of anonymous memory are gone. */
    public static final int MADV_DONTNEED = 4;
    /** A child of fork(2) does not get it. */
    public static final int MADV_DONTFORK = 10;
    /** May become huge pages. */
    public static final int MADV_HUGEPAGE = 14;
    /** Must not become huge pages. */
    public static final int MADV_NOHUGEPAGE = 15;
    /** Stays out of a core dump. */
    public static final int MADV_DONTDUMP = 16;

    private static final int PAGE_SIZE =
            Libc.callInt(Libc.address("getpagesize"), 0, 0, 0, 0, MemorySegment.NULL, MemorySegment.NULL);

    private Mmap() {}

    /**
     * The size of a page: getpagesize(2).
     *
     * @return bytes, a power of two
     */
    public static int pageSize() {
        return PAGE_SIZE;
    }

    /**
     * Maps a file or fresh memory: mmap(2).
     *
     * @param address where to, or 0 to let the kernel choose
     * @param length bytes, more than 0
     * @param protection {@code PROT_*}
     * @param flags {@code MAP_*}, one of MAP_SHARED, MAP_SHARED_VALIDATE and MAP_PRIVATE among them
     * @param fd the file, or -1 with MAP_ANONYMOUS
     * @param offset where in the file, a multiple of the page size
     * @return the address, or negated: EACCES (the file was not opened for this, or is append-only), EAGAIN (locked),
     *     EBADF, EEXIST, EINVAL, ENFILE, ENODEV (this kind of file cannot be mapped), ENOMEM, EOPNOTSUPP, EOVERFLOW,
     *     EPERM, ETXTBSY; distinguish with {@link #failed}
     */
    public static long mmap(long address, long length, int protection, int flags, int fd, long offset) {
        return Kernel.call(SystemCallNumber.MMAP, address, length, protection, flags, fd, offset);
    }

    /**
     * Whether {@link #mmap} answered with a negated error number. User addresses on the supported architectures are
     * positive.
     *
     * @param result what it returned
     * @return whether that is an error
     */
    public static boolean failed(long result) {
        return result < 0;
    }

    /**
     * Removes a mapping: munmap(2). Touching it from then on ends the process.
     *
     * @param address where it begins, a multiple of the page size
     * @param length bytes, more than 0
     * @return 0, or negated EINVAL or ENOMEM
     */
    public static int munmap(long address, long length) {
        return (int) Kernel.call(SystemCallNumber.MUNMAP, address, length);
    }

    /**
     * Tells how memory will be used: madvise(2).
     *
     * @param address where it begins, a multiple of the page size
     * @param length bytes
     * @param advice {@code MADV_*}
     * @return 0, or negated: EACCES, EAGAIN, EBADF, EINVAL, EIO, ENOMEM, EPERM
     */
    public static int madvise(long address, long length, int advice) {
        return (int) Kernel.call(SystemCallNumber.MADVISE, address, length, advice);
    }

    /**
     * Moves a mapping to where another one is, and replaces that: mremap(2).
     *
     * @param address where it begins, a multiple of the page size
     * @param oldLength its bytes
     * @param newLength its bytes afterwards
     * @param flags MREMAP_MAYMOVE and MREMAP_FIXED
     * @param newAddress where to, a multiple of the page size
     * @param target memory that is there, which is not freed meanwhile
     * @return 0, or negated: EAGAIN (locked), EFAULT, EINVAL, ENOMEM (also: too many mappings)
     */
    public static int mremap(
            long address, long oldLength, long newLength, int flags, long newAddress, MemorySegment target) {
        long result = Kernel.call(SystemCallNumber.MREMAP, address, oldLength, newLength, flags, newAddress, target);
        return failed(result) ? (int) result : 0;
    }

    /**
     * Brings what was written to a shared mapping of a file to the device: msync(2).
     *
     * @param address where to begin, a multiple of the page size
     * @param length bytes
     * @param flags MS_SYNC
     * @return 0, or negated: EBUSY (locked), EINVAL, EIO, ENOMEM (something of it is not mapped), and as
     *     {@link Files#fsync}
     */
    public static int msync(long address, long length, int flags) {
        return (int) Kernel.call(SystemCallNumber.MSYNC, address, length, flags);
    }
}
