package dev.gyre.http;

import dev.gyre.io.Address;
import dev.gyre.io.Ip4Address;
import java.util.Optional;

/**
 * What a server serves, and where.
 *
 * @param root the folder, as a path relative to the current one or absolute; nothing outside of it is ever sent
 * @param address where to listen; port 0 lets the kernel choose
 * @param listing whether a folder without an {@code index.html} is answered with a page that lists it, or else with
 *     403
 * @param dotFiles whether names that begin with a dot are served and listed, or else answered with 404, all but
 *     {@code /.well-known}
 * @param limits what a client may take
 * @param paths which file a path stands for
 * @param headers what answers say besides the content
 * @param codings in which codings content is sent
 * @param access who may ask
 * @param log the access log, if there shall be one
 */
public record ServerOptions(
        String root,
        Address address,
        boolean listing,
        boolean dotFiles,
        ServerLimits limits,
        PathOptions paths,
        HeaderOptions headers,
        CodingOptions codings,
        AccessOptions access,
        Optional<LogOptions> log) {

    /** The current folder on port 8080 of the loopback interface, with listings, without dot files, to everybody. */
    public static final ServerOptions DEFAULT = new ServerOptions(
            ".",
            Ip4Address.loopback(8080),
            true,
            false,
            ServerLimits.DEFAULT,
            PathOptions.DEFAULT,
            HeaderOptions.DEFAULT,
            CodingOptions.DEFAULT,
            AccessOptions.DEFAULT,
            Optional.empty());

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
        return new ServerOptions(
                path, address, listing, dotFiles, limits, paths, headers, codings, access, log);
    }

    /**
     * The same at another address.
     *
     * @param newAddress where to listen
     * @return the options
     */
    public ServerOptions withAddress(Address newAddress) {
        return new ServerOptions(
                root, newAddress, listing, dotFiles, limits, paths, headers, codings, access, log);
    }

    /**
     * The same with or without listings.
     *
     * @param wanted whether folders are listed
     * @return the options
     */
    public ServerOptions withListing(boolean wanted) {
        return new ServerOptions(
                root, address, wanted, dotFiles, limits, paths, headers, codings, access, log);
    }

    /**
     * The same with or without dot files.
     *
     * @param wanted whether names that begin with a dot are served
     * @return the options
     */
    public ServerOptions withDotFiles(boolean wanted) {
        return new ServerOptions(
                root, address, listing, wanted, limits, paths, headers, codings, access, log);
    }

    /**
     * The same with other limits.
     *
     * @param newLimits what a client may take
     * @return the options
     */
    public ServerOptions withLimits(ServerLimits newLimits) {
        return new ServerOptions(
                root, address, listing, dotFiles, newLimits, paths, headers, codings, access, log);
    }

    /**
     * The same with other rules for paths.
     *
     * @param newPaths which file a path stands for
     * @return the options
     */
    public ServerOptions withPaths(PathOptions newPaths) {
        return new ServerOptions(
                root, address, listing, dotFiles, limits, newPaths, headers, codings, access, log);
    }

    /**
     * The same with other header fields.
     *
     * @param newHeaders what answers say besides the content
     * @return the options
     */
    public ServerOptions withHeaders(HeaderOptions newHeaders) {
        return new ServerOptions(
                root, address, listing, dotFiles, limits, paths, newHeaders, codings, access, log);
    }

    /**
     * The same with other codings.
     *
     * @param newCodings in which codings content is sent
     * @return the options
     */
    public ServerOptions withCodings(CodingOptions newCodings) {
        return new ServerOptions(
                root, address, listing, dotFiles, limits, paths, headers, newCodings, access, log);
    }

    /**
     * The same with another circle of clients.
     *
     * @param newAccess who may ask
     * @return the options
     */
    public ServerOptions withAccess(AccessOptions newAccess) {
        return new ServerOptions(
                root, address, listing, dotFiles, limits, paths, headers, codings, newAccess, log);
    }

    /**
     * The same with an access log.
     *
     * @param newLog what is written, and where
     * @return the options
     */
    public ServerOptions withLog(LogOptions newLog) {
        return new ServerOptions(
                root, address, listing, dotFiles, limits, paths, headers, codings, access, Optional.of(newLog));
    }
}
