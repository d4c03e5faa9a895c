package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.u16;
import static dev.gyre.linux.layout.Layouts.u32;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * {@code struct pollfd}, a descriptor to wait for. Constants are offsets in bytes. Source: poll(2).
 */
public final class Pollfd {
    /** The structure. */
    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(u32("fd"), u16("events"), u16("revents")).withName("pollfd");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** The descriptor, 32 bits; a negative one is skipped. */
    public static final long FD = offset(LAYOUT, "fd");
    /** {@code POLL*} to wait for, 16 bits. */
    public static final long EVENTS = offset(LAYOUT, "events");
    /** Answer: {@code POLL*}, 16 bits. */
    public static final long REVENTS = offset(LAYOUT, "revents");

    private Pollfd() {}

    /**
     * Writes one element of an array, its answer empty.
     *
     * @param to the array
     * @param index which element, from 0
     * @param fd the descriptor; a negative one is skipped
     * @param events {@code POLL*} to wait for
     */
    public static void set(MemorySegment to, long index, int fd, int events) {
        to.set(ValueLayout.JAVA_INT, index * SIZE + FD, fd);
        to.set(ValueLayout.JAVA_SHORT, index * SIZE + EVENTS, (short) events);
        to.set(ValueLayout.JAVA_SHORT, index * SIZE + REVENTS, (short) 0);
    }

    /**
     * The answer in one element of an array.
     *
     * @param from the array
     * @param index which element, from 0
     * @return {@code POLL*}
     */
    public static int revents(MemorySegment from, long index) {
        return Short.toUnsignedInt(from.get(ValueLayout.JAVA_SHORT, index * SIZE + REVENTS));
    }
}
