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
 */
public record StoreOptions(IpAddress address, String folder, FsyncPolicy fsync, int clientsMax, long rewriteMin) {
    /** 127.0.0.1, port 6379, the current folder, within a second or two, 10,000 connections, 64 MiB. */
    public static final StoreOptions DEFAULT =
            new StoreOptions(Ip4Address.loopback(6379), ".", FsyncPolicy.EVERYSEC, 10_000, 64L << 20);

    /** Refuses what is out of range. */
    public StoreOptions {
        if (clientsMax < 1) {
            throw new IllegalArgumentException("clientsMax " + clientsMax + " is not positive");
        }
        if (rewriteMin < 0) {
            throw new IllegalArgumentException("rewriteMin " + rewriteMin + " is negative");
        }
    }

    /**
     * The same at another address.
     *
     * @param newAddress with the port
     * @return the options
     */
    public StoreOptions withAddress(IpAddress newAddress) {
        return new StoreOptions(newAddress, folder, fsync, clientsMax, rewriteMin);
    }

    /**
     * The same with its file in another folder.
     *
     * @param path of the folder
     * @return the options
     */
    public StoreOptions withFolder(String path) {
        return new StoreOptions(address, path, fsync, clientsMax, rewriteMin);
    }

    /**
     * The same with another policy.
     *
     * @param policy when changes are on the device
     * @return the options
     */
    public StoreOptions withFsync(FsyncPolicy policy) {
        return new StoreOptions(address, folder, policy, clientsMax, rewriteMin);
    }

    /**
     * The same with another limit of connections.
     *
     * @param clients 1 or more
     * @return the options
     */
    public StoreOptions withClientsMax(int clients) {
        return new StoreOptions(address, folder, fsync, clients, rewriteMin);
    }

    /**
     * The same with files that are rewritten from another size on.
     *
     * @param bytes 0 or more
     * @return the options
     */
    public StoreOptions withRewriteMin(long bytes) {
        return new StoreOptions(address, folder, fsync, clientsMax, bytes);
    }
}
