package dev.gyre.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.assertj.core.api.AbstractLongAssert;
import org.assertj.core.api.Assertions;

/** What tests of system calls need again and again. */
final class Native {
    private Native() {}

    static MemorySegment path(Arena arena, Path path) {
        return path(arena, path.toString());
    }

    static MemorySegment path(Arena arena, String path) {
        return arena.allocateFrom(path);
    }

    static MemorySegment bytes(Arena arena, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        MemorySegment segment = arena.allocate(Math.max(1, bytes.length));
        MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return segment;
    }

    static String text(MemorySegment segment, long length) {
        return new String(segment.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    static int intAt(MemorySegment segment, long offset) {
        return segment.get(ValueLayout.JAVA_INT, offset);
    }

    static void setInt(MemorySegment segment, long offset, int value) {
        segment.set(ValueLayout.JAVA_INT, offset, value);
    }

    /** A result that must be no error; the message names the one that it is. */
    static int ok(long result) {
        assertThatResult(result).isNotNegative();
        return Math.toIntExact(result);
    }

    static AbstractLongAssert<?> assertThatResult(long result) {
        return Assertions.assertThat(result)
                .as(result < 0 ? Errno.describe((int) -result) : "a result without an error");
    }

    static void assertFails(long result, Errno errno) {
        assertThatResult(result).isEqualTo(-errno.code());
    }

    /** Memory at an address where there never is any. */
    static MemorySegment nowhere(long bytes) {
        return MemorySegment.ofAddress(1).reinterpret(bytes);
    }
}
