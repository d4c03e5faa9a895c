package dev.gyre.http;

import dev.gyre.http.Reply.Response;
import dev.gyre.io.Directory;
import dev.gyre.io.DirectoryEntry;
import dev.gyre.io.File;
import dev.gyre.io.FileKind;
import dev.gyre.io.FileStat;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.jspecify.annotations.Nullable;

/**
 * What a folder answers: everything between a request and the answer to it, without a byte of the connection.
 *
 * <p>Any task may ask. Asking waits for the disk where the answer is not in memory.
 */
final class Site {
    /** What fits into a head: every path does, in percent-encoding, and most queries. */
    private static final int LOCATION_CHARS_MAX = 16 << 10;

    private static final String INDEX = "index.html";

    /** What has a meaning (RFC 9110, 9.3; RFC 5789), but not for files that are only read. */
    private static final Set<String> KNOWN_METHODS = Set.of("POST", "PUT", "DELETE", "CONNECT", "TRACE", "PATCH");

    private final Directory root;
    private final ServerOptions options;
    private final FileCache files;
    private final Notice unopened;
    private final Notice unread;

    /**
     * A new one.
     *
     * @param io whose root it is
     * @param root what is served; stays open as long as this is used
     * @param options whether to list and to show dot files
     * @param files the same root's
     */
    Site(Io io, Directory root, ServerOptions options, FileCache files) {
        this.root = root;
        this.options = options;
        this.files = files;
        this.unopened = new Notice(io, "a file could not be opened");
        this.unread = new Notice(io, "a file could not be read");
    }

    /**
     * The answer to a request. A cancellation point where it waits.
     *
     * @param request complete, or failed
     * @param now on {@link dev.gyre.io.Clock#REAL}, in nanoseconds
     * @param workspace has room to read with
     * @return the answer; its file is the caller's to close
     */
    Reply answer(RequestParser request, long now, Workspace workspace) {
        try {
            if (request.failure() != null) {
                throw request.failure();
            }
            return request.isGet() || request.isHead() ? find(request, now, workspace) : other(request);
        } catch (HttpFailure failure) {
            return Reply.message(failure.status(), HttpFields.build(), failure.explanation());
        } catch (IoException failure) {
            return failed(failure);
        }
    }

    /** The answer to a method that does not ask for content. */
    private static Reply other(RequestParser request) throws HttpFailure {
        if (request.method().equals(HttpMethod.OPTIONS.asString())) {
            if (!request.target().equals("*")) {
                RequestPath.of(request.target());
            }
            return Reply.bodiless(204, HttpFields.build().add(Fields.ALLOWED));
        }
        if (!KNOWN_METHODS.contains(request.method())) {
            throw new HttpFailure(501, "This server does not know the method; it knows GET, HEAD and OPTIONS.");
        }
        return Reply.message(
                405, HttpFields.build().add(Fields.ALLOWED), "Files are only read here: use GET or HEAD.");
    }

    private Reply find(RequestParser request, long now, Workspace workspace) throws HttpFailure, IoException {
        String path = RequestPath.of(request.target());
        if (!options.dotFiles() && RequestPath.isHidden(path)) {
            throw notFound();
        }
        if (path.endsWith("/")) {
            return folder(path, request, now, workspace);
        }
        Found found = files.find(path, now, workspace);
        if (found instanceof Found.Opened opened && opened.stat().kind() == FileKind.DIRECTORY) {
            FileCache.closeQuietly(opened.file());
            return redirect(path, request);
        }
        return file(found, path, request, now);
    }

    private Reply folder(String path, RequestParser request, long now, Workspace workspace)
            throws HttpFailure, IoException {
        String index = path + INDEX;
        try {
            Found found = files.find(index, now, workspace);
            if (!(found instanceof Found.Opened opened) || opened.stat().kind() != FileKind.DIRECTORY) {
                return file(found, index, request, now);
            }
            FileCache.closeQuietly(opened.file());
        } catch (IoException missing) {
            if (missing.reason() != Reason.FILE_NOT_FOUND) {
                throw missing;
            }
        }
        return listing(path);
    }

    private static Reply file(Found found, String path, RequestParser request, long now) throws HttpFailure {
        return switch (found) {
            case CachedFile cached when request.plain() -> cached;
            case CachedFile cached -> select(cached.representation(), cached, null, request, now);
            case Found.Opened opened -> {
                boolean handedOver = false;
                try {
                    if (opened.stat().kind() != FileKind.FILE) {
                        throw new HttpFailure(403, "This is not a regular file.");
                    }
                    Representation representation = Representation.of(path, opened.stat(), now);
                    Response response = select(representation, null, opened.file(), request, now);
                    handedOver = response.file() != null;
                    yield response;
                } finally {
                    if (!handedOver) {
                        FileCache.closeQuietly(opened.file());
                    }
                }
            }
        };
    }

    /** Evaluates conditions and ranges for a file that is either in memory or open. */
    private static Response select(
            Representation representation,
            @Nullable CachedFile cached,
            @Nullable File file,
            RequestParser request,
            long now) {
        switch (Conditionals.evaluate(request.conditions(), representation)) {
            case NOT_MODIFIED -> {
                return Reply.bodiless(304, Fields.validators(representation));
            }
            case FAILED -> {
                return Reply.message(
                        412, HttpFields.build(), "The file is not in the state that the request is meant for.");
            }
            case PROCEED -> {}
        }
        Parts parts = new Parts(representation, cached, file);
        String range = request.isGet() ? request.range() : null;
        if (range == null || !Conditionals.allowsRange(request.ifRange(), representation)) {
            return parts.whole();
        }
        return switch (ByteRanges.parse(range, representation.size())) {
            case ByteRanges.Ignored _ -> parts.whole();
            case ByteRanges.Unsatisfiable _ -> Reply.message(
                    416,
                    HttpFields.build().add(HttpHeader.CONTENT_RANGE, "bytes */" + representation.size()),
                    "The file has no such bytes.");
            case ByteRanges.Satisfiable ranges when ranges.list().size() == 1 -> parts.one(ranges.list().getFirst());
            case ByteRanges.Satisfiable ranges -> parts.several(ranges.list(), now);
        };
    }

    /** The path with a slash, so that relative links in the page have the right base. */
    private static Response redirect(String path, RequestParser request) throws HttpFailure {
        String location = RequestPath.encoded(path) + "/" + RequestPath.query(request.target());
        if (location.length() > LOCATION_CHARS_MAX) {
            throw new HttpFailure(414, "The request target is too long to be sent back.");
        }
        return Reply.message(
                301, HttpFields.build().add(HttpHeader.LOCATION, location), "The address of a folder ends in a slash.");
    }

    private Response listing(String path) throws HttpFailure, IoException {
        if (!options.listing()) {
            throw new HttpFailure(403, "The folder has no index.html, and listings are switched off.");
        }
        List<DirectoryEntry> names;
        List<Listing.Entry> entries = new ArrayList<>();
        try (Directory folder = AbsoluteLinks.follow(root, RequestPath.relative(path),
                relative -> root.openDirectory(relative, OpenOptions.Flag.BENEATH))) {
            names = folder.list().stream()
                    .filter(entry -> options.dotFiles() || !entry.name().startsWith("."))
                    .sorted(Comparator.comparing(DirectoryEntry::name))
                    .toList();
            for (DirectoryEntry name : names.subList(0, Math.min(names.size(), Listing.ENTRIES_MAX))) {
                describe(folder, path, name).ifPresent(entries::add);
            }
        }
        entries.sort(Listing.ORDER);
        byte[] page = Listing.page(path, entries, Math.max(0, names.size() - Listing.ENTRIES_MAX));
        return Reply.page(
                200, HttpFields.build().add(Fields.ASK_FIRST).add(Fields.INERT), "text/html; charset=utf-8", page);
    }

    /** Size and time of what has a name, or nothing where a request for it would be refused. */
    private Optional<Listing.Entry> describe(Directory folder, String path, DirectoryEntry entry) throws IoException {
        try {
            FileStat stat = switch (entry.kind()) {
                case FILE, DIRECTORY -> folder.stat(entry.name());
                case SYMLINK, UNKNOWN -> statBeneath(path + entry.name());
                case PIPE, SOCKET, BLOCK_DEVICE, CHARACTER_DEVICE -> null;
            };
            if (stat == null || (stat.kind() != FileKind.FILE && stat.kind() != FileKind.DIRECTORY)) {
                return Optional.empty();
            }
            return Optional.of(new Listing.Entry(
                    entry.name(),
                    stat.kind() == FileKind.DIRECTORY,
                    stat.size(),
                    Math.floorDiv(stat.modified().nanoseconds(), 1_000_000_000L)));
        } catch (IoException failure) {
            if (statusOf(failure.reason()) >= 500) {
                throw failure;
            }
            return Optional.empty();
        }
    }

    private FileStat statBeneath(String path) throws IoException {
        File file = FileCache.open(root, path);
        try {
            return file.stat();
        } finally {
            FileCache.closeQuietly(file);
        }
    }

    private static HttpFailure notFound() {
        return new HttpFailure(404, "There is no such file here.");
    }

    private Response failed(IoException failure) {
        int status = statusOf(failure.reason());
        return switch (status) {
            case 403 -> Reply.message(403, HttpFields.build(), "This may not be read.");
            case 404 -> Reply.message(404, HttpFields.build(), notFound().explanation());
            case 503 -> {
                unopened.warn(failure);
                yield Reply.busy("The server is out of resources for the moment.");
            }
            default -> {
                unread.warn(failure);
                yield Reply.message(status, HttpFields.build(), "The file could not be read.");
            }
        };
    }

    /** What a reason of opening or reading comes to. */
    static int statusOf(Reason reason) {
        return switch (reason) {
            case FILE_NOT_FOUND, NOT_A_DIRECTORY, SYMLINK_LOOP, NAME_TOO_LONG -> 404;
            case ACCESS_DENIED, PERMISSION_DENIED, PATH_ESCAPES, NO_DEVICE, WOULD_BLOCK, OPERATION_UNSUPPORTED -> 403;
            case PROCESS_FD_LIMIT, SYSTEM_FD_LIMIT, SYSTEM_RESOURCES -> 503;
            default -> 500;
        };
    }
}
