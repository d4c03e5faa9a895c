package dev.gyre.examples.store;

import dev.gyre.io.Ip4Address;
import dev.gyre.io.IpAddress;

/**
 * How to run a store.
 *
 * @param address where it listens; port 0 for one that the kernel chooses
 * @param folder where its file is, which is made if it is missing; relative to the current folder, or absolute
 * @param fsync when changes are on the device
 * @param clientsMax how many connections there may be at once, 1 or more
 * @param rewriteMin how many bytes the file has at least before it is rewritten by itself, when it has doubled
 * @param replyMax how many bytes a reply may have before its last string, 64 KiB to 1 GiB; the connection of a client
 *     who asks for more is closed
 */
public record StoreOptions(
        IpAddress address, String folder, FsyncPolicy fsync, int clientsMax, long rewriteMin, int replyMax) {
    /** The least that {@link #replyMax} may be. */
    static final int REPLY_MAX_LEAST = 1 << 16;

    /** The most that {@link #replyMax} may be: with one more value, a reply has less than 2 GiB. */
    static final int REPLY_MAX_MOST = 1 << 30;

    /** 127.0.0.1, port 6379, the current folder, within a second or two, 10,000 connections, 64 MiB, 256 MiB. */
    public static final StoreOptions DEFAULT =
            new StoreOptions(Ip4Address.loopback(6379), ".", FsyncPolicy.EVERYSEC, 10_000, 64L << 20, 256 << 20);

    /** Refuses what is out of range. */
    public StoreOptions {
        if (clientsMax < 1) {
            throw new IllegalArgumentException("clientsMax " + clientsMax + " is not positive");
        }
        if (rewriteMin < 0) {
            throw new IllegalArgumentException("rewriteMin " + rewriteMin + " is negative");
        }
        if (replyMax < REPLY_MAX_LEAST || replyMax > REPLY_MAX_MOST) {
            throw new IllegalArgumentException(
                    "replyMax " + replyMax + " is not within " + REPLY_MAX_LEAST + ".." + REPLY_MAX_MOST);
        }
    }

    /**
     * The same at another address.
     *
     * @param newAddress with the port
     * @return the options
     */
    public StoreOptions withAddress(IpAddress newAddress) {
        return new StoreOptions(newAddress, folder, fsync, clientsMax, rewriteMin, replyMax);
    }

    /**
     * The same with its file in another folder.
     *
     * @param path of the folder
     * @return the options
     */
    public StoreOptions withFolder(String path) {
        return new StoreOptions(address, path, fsync, clientsMax, rewriteMin, replyMax);
    }

    /**
     * The same with another policy.
     *
     * @param policy when changes are on the device
     * @return the options
     */
    public StoreOptions withFsync(FsyncPolicy policy) {
        return new StoreOptions(address, folder, policy, clientsMax, rewriteMin, replyMax);
    }

    /**
     * The same with another limit of connections.
     *
     * @param clients 1 or more
     * @return the options
     */
    public StoreOptions withClientsMax(int clients) {
        return new StoreOptions(address, folder, fsync, clients, rewriteMin, replyMax);
    }

    /**
     * The same with files that are rewritten from another size on.
     *
     * @param bytes 0 or more
     * @return the options
     */
    public StoreOptions withRewriteMin(long bytes) {
        return new StoreOptions(address, folder, fsync, clientsMax, bytes, replyMax);
    }

    /**
     * The same with another limit of replies.
     *
     * @param bytes 64 KiB to 1 GiB
     * @return the options
     */
    public StoreOptions withReplyMax(int bytes) {
        return new StoreOptions(address, folder, fsync, clientsMax, rewriteMin, bytes);
    }
}
