package dev.gyre.linux.layout;

import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SequenceLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.UnionLayout;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The vocabulary in which this package writes down C structures. */
final class Layouts {
    private Layouts() {}

    static ValueLayout.OfByte u8(String name) {
        return ValueLayout.JAVA_BYTE.withName(name);
    }

    static ValueLayout.OfShort u16(String name) {
        return ValueLayout.JAVA_SHORT.withName(name);
    }

    static ValueLayout.OfInt u32(String name) {
        return ValueLayout.JAVA_INT.withName(name);
    }

    static ValueLayout.OfLong u64(String name) {
        return ValueLayout.JAVA_LONG.withName(name);
    }

    /** An address, seen as a number: whoever writes it keeps what it points to alive. */
    static ValueLayout.OfLong pointer(String name) {
        return u64(name);
    }

    static SequenceLayout bytes(String name, long count) {
        return MemoryLayout.sequenceLayout(count, ValueLayout.JAVA_BYTE).withName(name);
    }

    static SequenceLayout ints(String name, long count) {
        return MemoryLayout.sequenceLayout(count, ValueLayout.JAVA_INT).withName(name);
    }

    static MemoryLayout padding(long bytes) {
        return MemoryLayout.paddingLayout(bytes);
    }

    /** Members that share one place. Nameless as in C: its members are reached by their own names. */
    static UnionLayout union(MemoryLayout... members) {
        return MemoryLayout.unionLayout(members);
    }

    /** The offset of a member, in bytes; a path leads into structures inside the structure. */
    static long offset(GroupLayout layout, String... path) {
        long offset = 0;
        GroupLayout group = layout;
        for (int i = 0; i < path.length; i++) {
            Member member = find(group, path[i]);
            if (member == null) {
                throw new AssertionError(layout + " has no member " + path[i]);
            }
            offset += member.offset;
            if (i < path.length - 1) {
                group = (GroupLayout) member.layout;
            }
        }
        return offset;
    }

    /** Looks through nameless groups, as C does. */
    private static @Nullable Member find(GroupLayout group, String name) {
        long offset = 0;
        for (MemoryLayout layout : group.memberLayouts()) {
            if (layout.name().isEmpty() && layout instanceof GroupLayout nameless) {
                Member inside = find(nameless, name);
                if (inside != null) {
                    return new Member(offset + inside.offset, inside.layout);
                }
            } else if (layout.name().equals(Optional.of(name))) {
                return new Member(offset, layout);
            }
            if (group instanceof StructLayout) {
                offset += layout.byteSize();
            }
        }
        return null;
    }

    private record Member(long offset, MemoryLayout layout) {}
}
