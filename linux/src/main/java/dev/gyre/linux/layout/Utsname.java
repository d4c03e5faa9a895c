package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.bytes;
import static dev.gyre.linux.layout.Layouts.offset;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct utsname}, names of the kernel and the machine, each ended by a 0 byte. Constants are offsets in bytes.
 * Source: uname(2).
 */
public final class Utsname {
    /** The structure. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    bytes("sysname", 65),
                    bytes("nodename", 65),
                    bytes("release", 65),
                    bytes("version", 65),
                    bytes("machine", 65),
                    bytes("domainname", 65))
            .withName("utsname");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** {@code Linux}. */
    public static final long SYSNAME = offset(LAYOUT, "sysname");
    /** The name of the machine. */
    public static final long NODENAME = offset(LAYOUT, "nodename");
    /** The release of the kernel. */
    public static final long RELEASE = offset(LAYOUT, "release");
    /** When and how the kernel was built. */
    public static final long VERSION = offset(LAYOUT, "version");
    /** The architecture. */
    public static final long MACHINE = offset(LAYOUT, "machine");
    /** The NIS domain. */
    public static final long DOMAINNAME = offset(LAYOUT, "domainname");

    private Utsname() {}
}
