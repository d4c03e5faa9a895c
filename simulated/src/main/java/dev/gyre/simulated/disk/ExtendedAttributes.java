package dev.gyre.simulated.disk;

import dev.gyre.io.AttributeMode;
import dev.gyre.io.ErrorNumber;
import dev.gyre.simulated.kernel.Refusal;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/**
 * What programs attach to a file or folder: names with values (xattr(7)), of which an ordinary user sets those of
 * {@code user.}. They have their place beside the inode, and take no room of the disk. Guarded by the disk's lock.
 */
final class ExtendedAttributes {
    private static final String USERS = "user.";
    private static final int NAME_MAX = 255;
    private static final int VALUE_MAX = 65_536;

    /** So much all of a file take together: a block, as those of ext4. */
    private static final int BYTES_MAX = 4096;

    /** What one takes besides its name and value. */
    private static final int ENTRY_BYTES = 16;

    /** Values are never written to. */
    private final TreeMap<String, byte[]> values = new TreeMap<>();

    ExtendedAttributes() {}

    /** A copy. */
    ExtendedAttributes(ExtendedAttributes other) {
        values.putAll(other.values);
    }

    /** The names, each with a NUL behind it. */
    byte[] names() {
        ByteArrayOutputStream names = new ByteArrayOutputStream();
        for (String each : values.keySet()) {
            names.writeBytes(each.getBytes(StandardCharsets.ISO_8859_1));
            names.write(0);
        }
        return names.toByteArray();
    }

    byte[] get(Inode owner, String name) throws Refusal {
        requireReadable(owner, name);
        return existing(name).clone();
    }

    void set(Inode owner, String name, byte[] value, AttributeMode mode) throws Refusal {
        requireName(name);
        if (value.length > VALUE_MAX) {
            throw new Refusal(ErrorNumber.E2BIG);
        }
        requireWritable(owner, name);
        byte[] before = values.get(name);
        switch (mode) {
            case CREATE_OR_REPLACE -> {}
            case CREATE -> {
                if (before != null) {
                    throw new Refusal(ErrorNumber.EEXIST);
                }
            }
            case REPLACE -> existing(name);
        }
        int others = bytes() - (before == null ? 0 : bytes(name, before));
        if (others + bytes(name, value) > BYTES_MAX) {
            throw new Refusal(ErrorNumber.ENOSPC);
        }
        values.put(name, value.clone());
    }

    void remove(Inode owner, String name) throws Refusal {
        requireName(name);
        requireWritable(owner, name);
        existing(name);
        values.remove(name);
    }

    private byte[] existing(String name) throws Refusal {
        byte[] value = values.get(name);
        if (value == null) {
            throw new Refusal(ErrorNumber.ENODATA);
        }
        return value;
    }

    private int bytes() {
        return values.entrySet().stream().mapToInt(each -> bytes(each.getKey(), each.getValue())).sum();
    }

    private static int bytes(String name, byte[] value) {
        return ENTRY_BYTES + name.length() + value.length;
    }

    private static void requireName(String name) throws Refusal {
        if (name.isEmpty() || name.length() > NAME_MAX) {
            throw new Refusal(ErrorNumber.ERANGE);
        }
    }

    private static void requireReadable(Inode owner, String name) throws Refusal {
        requireName(name);
        requireUsers(owner, name, ErrorNumber.ENODATA);
        Namespace.requirePermitted(owner, Inode.READ);
        requireKnown(name);
    }

    private static void requireWritable(Inode owner, String name) throws Refusal {
        requireUsers(owner, name, ErrorNumber.EPERM);
        Namespace.requirePermitted(owner, Inode.WRITE);
        requireKnown(name);
    }

    /** Refuses a name that only privileged processes use, or that this kind of file has none of. */
    private static void requireUsers(Inode owner, String name, ErrorNumber refusal) throws Refusal {
        if (name.startsWith("trusted.") || name.startsWith("security.")
                || (name.startsWith(USERS) && !hasUsers(owner))) {
            throw new Refusal(refusal);
        }
    }

    private static void requireKnown(String name) throws Refusal {
        if (!name.startsWith(USERS)) {
            throw new Refusal(ErrorNumber.EOPNOTSUPP);
        }
        if (name.equals(USERS)) {
            throw new Refusal(ErrorNumber.EINVAL);
        }
    }

    /** On links and special files, permission bits do not say who may use them (xattr(7)). */
    private static boolean hasUsers(Inode owner) {
        return owner instanceof RegularFile || owner instanceof Folder;
    }
}
