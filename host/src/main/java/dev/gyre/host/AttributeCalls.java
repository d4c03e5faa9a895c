package dev.gyre.host;

import dev.gyre.io.AttributeMode;
import dev.gyre.linux.ExtendedAttributes;
import dev.gyre.linux.Files;
import java.lang.foreign.MemorySegment;

/**
 * Extended attributes of an open file, or of what a path leads to. There are calls for both, but none for a path that
 * starts at an open folder before Linux 6.13: it is opened, as a place in the tree, and that is what the call is made
 * on. So a symbolic link has attributes of its own.
 *
 * <p>A target is the number of an open file where the path is {@link MemorySegment#NULL}, and what the {@code at} calls
 * take otherwise. All of it waits for a device.
 */
final class AttributeCalls {
    private AttributeCalls() {}

    static long get(int at, MemorySegment path, MemorySegment name, MemorySegment value) {
        long size = value.byteSize();
        return path.equals(MemorySegment.NULL)
                ? ExtendedAttributes.fgetxattr(at, name, value, size)
                : onPath(at, path, name, (both, nameAt) -> ExtendedAttributes.getxattr(both, nameAt, value, size));
    }

    static long set(int at, MemorySegment path, MemorySegment name, MemorySegment value, AttributeMode mode) {
        long size = value.byteSize();
        int flags = switch (mode) {
            case CREATE_OR_REPLACE -> 0;
            case CREATE -> ExtendedAttributes.XATTR_CREATE;
            case REPLACE -> ExtendedAttributes.XATTR_REPLACE;
        };
        return path.equals(MemorySegment.NULL)
                ? ExtendedAttributes.fsetxattr(at, name, value, size, flags)
                : onPath(at, path, name,
                        (both, nameAt) -> ExtendedAttributes.setxattr(both, nameAt, value, size, flags));
    }

    static long list(int at, MemorySegment path, MemorySegment names) {
        long size = names.byteSize();
        return path.equals(MemorySegment.NULL)
                ? ExtendedAttributes.flistxattr(at, names, size)
                : FileCalls.onItself(at, path, Files.O_NOFOLLOW,
                        itself -> ExtendedAttributes.listxattr(itself, names, size));
    }

    static long remove(int at, MemorySegment path, MemorySegment name) {
        return path.equals(MemorySegment.NULL)
                ? ExtendedAttributes.fremovexattr(at, name)
                : onPath(at, path, name, ExtendedAttributes::removexattr);
    }

    /** A call that takes a path and, behind it in the same memory, a name. */
    @FunctionalInterface
    private interface NameCall {
        long make(MemorySegment pathAndName, long nameAt);
    }

    private static long onPath(int at, MemorySegment path, MemorySegment name, NameCall call) {
        return FileCalls.onItself(at, path, Files.O_NOFOLLOW, itself -> {
            try (Scratch scratch = Scratch.borrow()) {
                MemorySegment both = scratch.allocate(itself.byteSize() + name.byteSize(), 1);
                both.copyFrom(itself);
                MemorySegment.copy(name, 0, both, itself.byteSize(), name.byteSize());
                return call.make(both, itself.byteSize());
            }
        });
    }
}
