package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.pointer;
import static dev.gyre.linux.layout.Layouts.u32;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct io_uring_files_update}, the first form of {@link IoUringRsrcUpdate}. Constants are offsets in bytes.
 * From kernel 5.5. Source: io_uring_register(2).
 */
public final class IoUringFilesUpdate {
    /** The structure. */
    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(u32("offset"), u32("resv"), pointer("fds")).withName("io_uring_files_update");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** The first slot, 32 bits. */
    public static final long OFFSET = offset(LAYOUT, "offset");
    /** 0, 32 bits. */
    public static final long RESV = offset(LAYOUT, "resv");
    /** The address of 32-bit descriptors, 64 bits. */
    public static final long FDS = offset(LAYOUT, "fds");

    private IoUringFilesUpdate() {}
}
