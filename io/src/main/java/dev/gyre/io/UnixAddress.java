package dev.gyre.io;

import java.nio.charset.StandardCharsets;

/**
 * A Unix-domain socket's address: a path, or a name in the abstract name space.
 *
 * @param path the path; with a leading NUL character an abstract name; empty for a socket without a name. At most
 *     107 bytes as UTF-8 for a path, 108 with the leading NUL for an abstract name (unix(7))
 */
public record UnixAddress(String path) implements Address {
    private static final int CAPACITY = 108;

    /** Refuses what does not fit into a {@code sockaddr_un}, and an embedded NUL. */
    public UnixAddress {
        boolean isAbstract = path.startsWith("\0");
        int length = path.getBytes(StandardCharsets.UTF_8).length;
        int limit = isAbstract ? CAPACITY : CAPACITY - 1;
        if (length > limit) {
            throw new IllegalArgumentException("unix socket path of " + length + " bytes is longer than the " + limit
                    + " that fit: " + path.replace('\0', '@'));
        }
        if (!isAbstract && path.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("unix socket path contains a NUL character");
        }
    }

    @Override
    public String toString() {
        return "unix:" + path.replace('\0', '@');
    }
}
