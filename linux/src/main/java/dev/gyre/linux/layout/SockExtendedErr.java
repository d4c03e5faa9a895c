package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.u32;
import static dev.gyre.linux.layout.Layouts.u8;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct sock_extended_err}, an error that came back for a datagram; the address of who sent it follows. Source:
 * ip(7), IP_RECVERR.
 */
public final class SockExtendedErr {
    /** The structure. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    u32("ee_errno"),
                    u8("ee_origin"),
                    u8("ee_type"),
                    u8("ee_code"),
                    u8("ee_pad"),
                    u32("ee_info"),
                    u32("ee_data"))
            .withName("sock_extended_err");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** The error number, 32 bits. */
    public static final long EE_ERRNO = offset(LAYOUT, "ee_errno");
    /** {@code SO_EE_ORIGIN_*}, 8 bits. */
    public static final long EE_ORIGIN = offset(LAYOUT, "ee_origin");
    /** The type of the ICMP message, 8 bits. */
    public static final long EE_TYPE = offset(LAYOUT, "ee_type");
    /** Its code, 8 bits. */
    public static final long EE_CODE = offset(LAYOUT, "ee_code");
    /** Unused. */
    public static final long EE_PAD = offset(LAYOUT, "ee_pad");
    /** More: for EMSGSIZE, the size that fits, 32 bits. */
    public static final long EE_INFO = offset(LAYOUT, "ee_info");
    /** More, 32 bits. */
    public static final long EE_DATA = offset(LAYOUT, "ee_data");

    private SockExtendedErr() {}
}
