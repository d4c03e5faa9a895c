package dev.gyre.http;

import dev.gyre.http.Reply.Response;
import dev.gyre.io.Clock;
import dev.gyre.io.File;
import dev.gyre.io.FileKind;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Reason;
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

    private static final String HTML = ".html";

    private static final String NOT_FOUND = "/404.html";

    /** What has a meaning (RFC 9110, 9.3; RFC 5789), but not for files that are only read. */
    private static final Set<String> KNOWN_METHODS = Set.of("POST", "PUT", "DELETE", "CONNECT", "TRACE", "PATCH");

    private final Io io;
    private final ServerOptions options;
    private final PathOptions paths;
    private final FileCache files;
    private final Gate gate;
    private final Variants variants;
    final FolderPages folders;
    private final Notice unopened;
    private final Notice unread;

    /**
     * A new one.
     *
     * @param io whose root it is
     * @param root what is served; stays open as long as this is used
     * @param options what to answer
     * @param files the same root's
     * @param variants of the same files
     */
    Site(Io io, Root root, ServerOptions options, FileCache files, Variants variants) {
        this.io = io;
        this.options = options;
        this.paths = options.paths();
        this.files = files;
        this.gate = new Gate(io, options);
        this.variants = variants;
        this.folders = new FolderPages(io, root, options);
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
            Response refusal = gate.refusal(request);
            if (refusal != null) {
                return refusal;
            }
            long later = gate.mayWait() ? io.now(Clock.REAL).nanoseconds() : now;
            return request.isGet() || request.isHead() ? find(request, later, workspace) : other(request);
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
            return notFound(now, workspace);
        }
        try {
            if (path.endsWith("/")) {
                return folder(path, request, now, workspace);
            }
            Found found = files.find(path, now, workspace);
            if (found.stat().kind() == FileKind.DIRECTORY) {
                found.close();
                return redirect(RequestPath.encoded(path) + "/", "The address of a folder ends in a slash.", request);
            }
            if (paths.redirectHtml() && path.endsWith(HTML)) {
                found.close();
                String clean = cleanUrl(path, now, workspace);
                if (!clean.equals(path)) {
                    return redirect(RequestPath.encoded(clean), "The address of this page has no extension.", request);
                }
                found = files.find(path, now, workspace);
            }
            return file(found, path, request, now, workspace);
        } catch (IoException failure) {
            if (!HttpFailure.isMissing(failure)) {
                throw failure;
            }
            return missing(path, request, now, workspace);
        }
    }

    /** The path without {@code .html}, where that stands for the same file; or the path itself. */
    private String cleanUrl(String path, long now, Workspace workspace) throws IoException {
        if (path.endsWith("/" + INDEX)) {
            return path.substring(0, path.length() - INDEX.length());
        }
        String clean = path.substring(0, path.length() - HTML.length());
        if (clean.endsWith("/")) {
            return path;
        }
        try {
            files.find(clean, now, workspace).close();
            return path;
        } catch (IoException failure) {
            if (!HttpFailure.isMissing(failure)) {
                throw failure;
            }
            return clean;
        }
    }

    /** What to answer where there is nothing by that name. */
    private Reply missing(String path, RequestParser request, long now, Workspace workspace)
            throws HttpFailure, IoException {
        if (paths.cleanUrls() && !path.endsWith("/")) {
            Found page = files.findFile(path + HTML, null, now, workspace);
            if (page != null) {
                return file(page, path + HTML, request, now, workspace);
            }
        }
        if (!paths.singlePage()) {
            return notFound(now, workspace);
        }
        if (path.indexOf('.', path.lastIndexOf('/') + 1) < 0) {
            return singlePage(request, now, workspace);
        }
        // A script or a picture that is gone, unless the client says that it is to be a page.
        String accepted = request.fields().accept();
        boolean asPage = accepted != null && accepted.contains("text/html");
        Reply reply = asPage ? singlePage(request, now, workspace) : notFound(now, workspace);
        return Reply.with(reply, Fields.VARIES_BY_TYPE);
    }

    /** The page of a program in the browser, which may have made up the path. */
    private Reply singlePage(RequestParser request, long now, Workspace workspace) throws HttpFailure, IoException {
        Found page = files.findFile("/" + INDEX, null, now, workspace);
        return page == null
                ? notFound(now, workspace)
                : file(page, "/" + INDEX, request, now, workspace);
    }

    /** 404, with the page that the root has for it, or a few words. */
    private Response notFound(long now, Workspace workspace) throws IoException {
        Found page = files.findFile(NOT_FOUND, null, now, workspace);
        return switch (page) {
            case null -> notFound();
            case CachedFile cached -> new Parts(cached.representation(), cached, null).error(404);
            case Found.Opened opened -> new Parts(opened.representation(), null, opened.file()).error(404);
        };
    }

    private Reply folder(String path, RequestParser request, long now, Workspace workspace)
            throws HttpFailure, IoException {
        String index = path + INDEX;
        try {
            Found found = files.find(index, now, workspace);
            if (found.stat().kind() != FileKind.DIRECTORY) {
                return file(found, index, request, now, workspace);
            }
            found.close();
        } catch (IoException missing) {
            if (missing.reason() != Reason.FILE_NOT_FOUND) {
                throw missing;
            }
        }
        return folders.answer(path, request);
    }

    private Reply file(Found original, String path, RequestParser request, long now, Workspace workspace)
            throws HttpFailure, IoException {
        Found found = variants.beside(original, path, request, now, workspace);
        return switch (found) {
            case CachedFile plain -> {
                CachedFile cached = variants.compressed(plain, request, now);
                yield request.plain() ? cached : select(cached.representation(), cached, null, request, now);
            }
            case Found.Opened opened -> {
                boolean handedOver = false;
                boolean streams = false;
                try {
                    if (opened.stat().kind() != FileKind.FILE) {
                        throw new HttpFailure(403, "This is not a regular file.");
                    }
                    Representation plain = opened.representation();
                    streams = variants.beginStream(plain, request);
                    Representation sent = streams ? plain.compressed(plain.size()) : plain;
                    Response response = select(sent, null, opened.file(), request, now);
                    handedOver = response.file() != null;
                    yield response;
                } finally {
                    if (!handedOver) {
                        found.close();
                    }
                    if (!handedOver && streams) {
                        variants.endStream();
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

    /** To another path, with the same query: so that relative links in the page have the right base, for one. */
    private static Response redirect(String path, String explanation, RequestParser request) throws HttpFailure {
        String location = path + RequestPath.query(request.target());
        if (location.length() > LOCATION_CHARS_MAX) {
            throw new HttpFailure(414, "The request target is too long to be sent back.");
        }
        return Reply.message(301, HttpFields.build().add(HttpHeader.LOCATION, location), explanation);
    }

    private static Response notFound() {
        return Reply.message(404, HttpFields.build(), "There is no such file here.");
    }

    private Response failed(IoException failure) {
        int status = HttpFailure.statusOf(failure.reason());
        return switch (status) {
            case 403 -> Reply.message(403, HttpFields.build(), "This may not be read.");
            case 404 -> notFound();
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
}
