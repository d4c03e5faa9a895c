package dev.gyre.cli.copy;

import java.nio.charset.StandardCharsets;

/** Names of files, for people, and those of partial files. */
public final class Names {
    /** What the name of a file ends with that is not whole yet. */
    static final String PARTIAL_END = ".gyre-partial";

    private static final int NAME_BYTES_MAX = 255;
    private static final int HASH_DIGITS = 16;

    private Names() {}

    /**
     * A path as it can be shown on a terminal: control characters, and bytes that are no text, in hexadecimal.
     *
     * @param path as the kernel has it
     * @return a text of one line
     */
    public static String shown(String path) {
        int plain = 0;
        while (plain < path.length() && !isStrange(path.charAt(plain))) {
            plain++;
        }
        if (plain == path.length()) {
            return path;
        }
        StringBuilder text = new StringBuilder(path.substring(0, plain));
        path.substring(plain).codePoints().forEach(c -> {
            if (c >= 0xdc80 && c <= 0xdcff) {
                text.append(String.format("\\x%02x", c - 0xdc00));
            } else if (Character.isISOControl(c)) {
                text.append(String.format("\\x%02x", c));
            } else {
                text.appendCodePoint(c);
            }
        });
        return text.toString();
    }

    private static boolean isStrange(char c) {
        return Character.isISOControl(c) || Character.isSurrogate(c);
    }

    /**
     * The path that a file or a folder has until it is whole, in the same folder.
     *
     * @param path the one that it gets then
     * @return always the same one for the same path
     */
    public static String partial(String path) {
        int slash = path.lastIndexOf('/');
        String name = path.substring(slash + 1);
        String whole = "." + name + PARTIAL_END;
        if (bytes(whole) > NAME_BYTES_MAX) {
            int kept = name.length();
            int room = NAME_BYTES_MAX - 2 - HASH_DIGITS - PARTIAL_END.length();
            while (bytes(name.substring(0, kept)) > room) {
                kept = name.offsetByCodePoints(kept, -1);
            }
            whole = "." + name.substring(0, kept) + "~" + String.format("%016x", hash(name)) + PARTIAL_END;
        }
        return path.substring(0, slash + 1) + whole;
    }

    /**
     * Whether a name is that of a file that is not whole.
     *
     * @param name without any folder
     * @return true for what an interrupted copy has left
     */
    public static boolean isPartial(String name) {
        return name.startsWith(".") && name.endsWith(PARTIAL_END);
    }

    /**
     * The last name of a path.
     *
     * @param path which does not end with a slash, unless it is one
     * @return without any folder; empty for {@code /}
     */
    public static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /**
     * The folder that a path's last name is in.
     *
     * @param path which does not end with a slash, unless it is one
     * @return a path
     */
    public static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "." : slash == 0 ? "/" : path.substring(0, slash);
    }

    /** How long a name is for the kernel. A lone surrogate is one byte for it, as here, where it becomes a '?'. */
    private static int bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length;
    }

    /** FNV-1a. */
    private static long hash(String name) {
        long hash = 0xcbf2_9ce4_8422_2325L;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * 0x100_0000_01b3L;
        }
        return hash;
    }
}
