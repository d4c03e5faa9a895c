package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.u32;
import static dev.gyre.linux.layout.Layouts.u64;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct cmsghdr}, the head of one piece of control data, which follows it. Constants are offsets in bytes.
 * Source: cmsg(3).
 */
public final class Cmsghdr {
    /** The structure. */
    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(u64("cmsg_len"), u32("cmsg_level"), u32("cmsg_type")).withName("cmsghdr");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** The bytes of this head and its data, 64 bits. */
    public static final long CMSG_LEN = offset(LAYOUT, "cmsg_len");
    /** {@code SOL_SOCKET} or {@code IPPROTO_*}, 32 bits. */
    public static final long CMSG_LEVEL = offset(LAYOUT, "cmsg_level");
    /** What it is, 32 bits: depends on the level. */
    public static final long CMSG_TYPE = offset(LAYOUT, "cmsg_type");

    private Cmsghdr() {}

    /**
     * The room that a piece takes, with what aligns the next one: C's {@code CMSG_SPACE}.
     *
     * @param bytes bytes of data
     * @return bytes
     */
    public static long space(long bytes) {
        return SIZE + (bytes + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
    }

    /**
     * What goes into {@link #CMSG_LEN}: C's {@code CMSG_LEN}.
     *
     * @param bytes bytes of data
     * @return bytes
     */
    public static long length(long bytes) {
        return SIZE + bytes;
    }
}
