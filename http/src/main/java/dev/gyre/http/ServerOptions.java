package dev.gyre.http;

import dev.gyre.io.Address;
import dev.gyre.io.Ip4Address;

/**
 * What a server serves, and where.
 *
 * @param root the folder, as a path relative to the current one or absolute; nothing outside of it is ever sent
 * @param address where to listen; port 0 lets the kernel choose
 * @param listing whether a folder without an {@code index.html} is answered with a page that lists it, or else with
 *     403
 * @param dotFiles whether names that begin with a dot are served and listed, or else answered with 404
 * @param limits what a client may take
 */
public record ServerOptions(String root, Address address, boolean listing, boolean dotFiles, ServerLimits limits) {

    /** The current folder on port 8080 of the loopback interface, with listings, without dot files. */
    public static final ServerOptions DEFAULT =
            new ServerOptions(".", Ip4Address.loopback(8080), true, false, ServerLimits.DEFAULT);

    /** Refuses an empty root. */
    public ServerOptions {
        if (root.isEmpty()) {
            throw new IllegalArgumentException("root is empty; the current folder is \".\"");
        }
    }

    /**
     * The same with another folder.
     *
     * @param path relative to the current folder or absolute
     * @return the options
     */
    public ServerOptions withRoot(String path) {
        return new ServerOptions(path, address, listing, dotFiles, limits);
    }

    /**
     * The same at another address.
     *
     * @param newAddress where to listen
     * @return the options
     */
    public ServerOptions withAddress(Address newAddress) {
        return new ServerOptions(root, newAddress, listing, dotFiles, limits);
    }

    /**
     * The same with or without listings.
     *
     * @param wanted whether folders are listed
     * @return the options
     */
    public ServerOptions withListing(boolean wanted) {
        return new ServerOptions(root, address, wanted, dotFiles, limits);
    }

    /**
     * The same with or without dot files.
     *
     * @param wanted whether names that begin with a dot are served
     * @return the options
     */
    public ServerOptions withDotFiles(boolean wanted) {
        return new ServerOptions(root, address, listing, wanted, limits);
    }

    /**
     * The same with other limits.
     *
     * @param newLimits what a client may take
     * @return the options
     */
    public ServerOptions withLimits(ServerLimits newLimits) {
        return new ServerOptions(root, address, listing, dotFiles, newLimits);
    }
}
