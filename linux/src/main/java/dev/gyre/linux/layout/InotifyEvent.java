package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.bytes;
import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.u32;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * {@code struct inotify_event}, something that happened to a watched file. Events follow each other closely: the next
 * one begins {@link #SIZE} and {@link #LEN} bytes after this one. Constants are offsets in bytes. Source: inotify(7).
 */
public final class InotifyEvent {
    /** The structure, without the name. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
                    u32("wd"),
                    u32("mask"),
                    u32("cookie"),
                    u32("len"),
                    bytes("name", 0))
            .withName("inotify_event");

    /** Bytes in the structure, without the name. */
    public static final long SIZE = LAYOUT.byteSize();

    /** The watch, 32 bits; -1 for none. */
    public static final long WD = offset(LAYOUT, "wd");
    /** {@code IN_*}, 32 bits. */
    public static final long MASK = offset(LAYOUT, "mask");
    /** A number that the two halves of a rename share, 32 bits. */
    public static final long COOKIE = offset(LAYOUT, "cookie");
    /** The bytes of the name, with the zeros that end it, 32 bits. */
    public static final long LEN = offset(LAYOUT, "len");
    /** The name in the watched directory, up to its first 0. */
    public static final long NAME = offset(LAYOUT, "name");

    private InotifyEvent() {}
}
