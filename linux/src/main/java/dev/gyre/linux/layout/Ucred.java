package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.u32;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/** {@code struct ucred}, a process with its user and group. Constants are offsets in bytes. Source: unix(7). */
public final class Ucred {
    /** The structure. */
    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(u32("pid"), u32("uid"), u32("gid")).withName("ucred");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** The process, 32 bits. */
    public static final long PID = offset(LAYOUT, "pid");
    /** The user, 32 bits. */
    public static final long UID = offset(LAYOUT, "uid");
    /** The group, 32 bits. */
    public static final long GID = offset(LAYOUT, "gid");

    private Ucred() {}
}
