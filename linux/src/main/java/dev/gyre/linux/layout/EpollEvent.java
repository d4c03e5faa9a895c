package dev.gyre.linux.layout;

import static dev.gyre.linux.layout.Layouts.offset;
import static dev.gyre.linux.layout.Layouts.padding;
import static dev.gyre.linux.layout.Layouts.u32;
import static dev.gyre.linux.layout.Layouts.u64;

import dev.gyre.linux.Architecture;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * {@code struct epoll_event}, what to watch for and what has happened. Constants are offsets in bytes. The structure is
 * packed on x86-64 only. Source: epoll_event(3type).
 */
public final class EpollEvent {
    /** The structure. */
    public static final StructLayout LAYOUT = layout().withName("epoll_event");

    /** Bytes in the structure. */
    public static final long SIZE = LAYOUT.byteSize();

    /** {@code EPOLL*}, 32 bits. */
    public static final long EVENTS = offset(LAYOUT, "events");
    /** What the program calls the descriptor, 64 bits. */
    public static final long DATA = offset(LAYOUT, "data");

    private EpollEvent() {}

    private static StructLayout layout() {
        return switch (Architecture.current()) {
            case X86_64 -> MemoryLayout.structLayout(
                    u32("events").withByteAlignment(1), u64("data").withByteAlignment(1));
            case AARCH64 -> MemoryLayout.structLayout(u32("events"), padding(Integer.BYTES), u64("data"));
        };
    }

    /**
     * Writes one.
     *
     * @param to where
     * @param events {@code EPOLL*}
     * @param data what the program calls the descriptor
     */
    public static void set(MemorySegment to, int events, long data) {
        to.set(ValueLayout.JAVA_INT_UNALIGNED, EVENTS, events);
        to.set(ValueLayout.JAVA_LONG_UNALIGNED, DATA, data);
    }

    /**
     * What the program calls the descriptor of one element of an array.
     *
     * @param from the array
     * @param index which element, from 0
     * @return as given to {@link #set}
     */
    public static long data(MemorySegment from, long index) {
        return from.get(ValueLayout.JAVA_LONG_UNALIGNED, index * SIZE + DATA);
    }

    /**
     * What has happened, in one element of an array.
     *
     * @param from the array
     * @param index which element, from 0
     * @return {@code EPOLL*}
     */
    public static int events(MemorySegment from, long index) {
        return from.get(ValueLayout.JAVA_INT_UNALIGNED, index * SIZE + EVENTS);
    }
}
