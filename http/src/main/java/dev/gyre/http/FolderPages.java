package dev.gyre.http;

import dev.gyre.http.Listing.Entry;
import dev.gyre.http.ListingQuery.Sort;
import dev.gyre.http.Reply.Response;
import dev.gyre.http.coding.Gzip;
import dev.gyre.io.Directory;
import dev.gyre.io.DirectoryEntry;
import dev.gyre.io.File;
import dev.gyre.io.FileKind;
import dev.gyre.io.FileStat;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/**
 * The pages that list folders.
 *
 * <p>A folder may have any number of names. Of {@value #NAMES_MAX} of them, a page shows {@value #ENTRIES_MAX}; sorted
 * by name, only those are asked for their size. What a large folder takes in memory, some 100 bytes a name, is taken
 * for two requests at once. That a folder is large is known after its first names; who finds that out lets go of them
 * and of the folder, waits in line, and begins again. A large folder is sorted on a thread of its own, so that the loop
 * goes on.
 */
final class FolderPages {
    /** How many names a page shows. */
    static final int ENTRIES_MAX = 1_000;

    /** How many names are looked at. */
    static final int NAMES_MAX = 250_000;

    /** A folder with more names is a large one. */
    private static final int LARGE = 4_000;

    private static final int LARGE_AT_ONCE = 2;

    /** The size of what was not asked for it yet. */
    private static final long UNKNOWN = -1;

    private final Io io;
    private final Root root;
    private final ServerOptions options;
    final ConcurrencyLimit large;

    FolderPages(Io io, Root root, ServerOptions options) {
        this.io = io;
        this.root = root;
        this.options = options;
        this.large = new ConcurrencyLimit(io, LARGE_AT_ONCE);
    }

    /**
     * The page of a folder. A cancellation point.
     *
     * @param path ending in a slash
     * @param request with what is wanted in its query
     * @throws HttpFailure if there are to be no such pages
     * @throws IoException with a reason of opening, listing or asking
     */
    Response answer(String path, RequestParser request) throws HttpFailure, IoException {
        ListingQuery query = ListingQuery.of(RequestPath.query(request.target()));
        byte[] page = page(path, query, LARGE);
        if (page == null) {
            if (!large.enter()) {
                return Reply.busy("Too many large folders are being listed.");
            }
            try {
                page = page(path, query, NAMES_MAX);
            } finally {
                large.leave();
            }
        }
        return response(Objects.requireNonNull(page), request);
    }

    /** Null if there are more than {@code namesMax} names, unless that is what a page may show of. */
    private byte @Nullable [] page(String path, ListingQuery query, int namesMax) throws HttpFailure, IoException {
        if (!options.listing() && !options.paths().singlePage()) {
            throw noListing(); // whether the folder is there is nobody's business
        }
        try (Directory folder = root.openDirectory(path)) {
            if (!options.listing()) {
                throw noListing();
            }
            Names names = names(folder, query, namesMax);
            return names.complete() || namesMax == NAMES_MAX ? page(folder, path, query, names) : null;
        }
    }

    private static HttpFailure noListing() {
        return new HttpFailure(403, "The folder has no index.html, and listings are switched off.");
    }

    /**
     * The names of a folder that are wanted.
     *
     * @param list up to a maximum
     * @param complete whether that is all of them
     */
    private record Names(List<DirectoryEntry> list, boolean complete) {}

    private Names names(Directory folder, ListingQuery query, int max) throws IoException {
        List<DirectoryEntry> list = new ArrayList<>();
        try (dev.gyre.io.Listing all = folder.listing()) {
            for (DirectoryEntry entry = all.next(); entry != null; entry = all.next()) {
                boolean hidden = entry.name().startsWith(".") && !options.dotFiles();
                if (!hidden && query.finds(entry.name())) {
                    if (list.size() == max) {
                        return new Names(list, false);
                    }
                    list.add(entry);
                }
            }
        }
        return new Names(list, true);
    }

    private Response response(byte[] page, RequestParser request) {
        HttpFields.Mutable fields = HttpFields.build().add(Fields.ASK_FIRST).add(Fields.INERT);
        if (options.codings().gzip()) {
            fields.add(Fields.VARIES);
            if (page.length >= options.codings().gzipBytesMin() && Variants.wantsGzip(request)) {
                byte[] shorter = io.blocking(() -> Gzip.of(page));
                return Reply.page(200, fields.add(Fields.GZIP), "text/html; charset=utf-8", shorter);
            }
        }
        return Reply.page(200, fields, "text/html; charset=utf-8", page);
    }

    private byte[] page(Directory folder, String path, ListingQuery query, Names names) throws IoException {
        List<Entry> entries = new ArrayList<>(names.list().size());
        for (DirectoryEntry name : names.list()) {
            boolean later = query.sort() == Sort.NAME
                    && (name.kind() == FileKind.FILE || name.kind() == FileKind.DIRECTORY);
            if (later) {
                entries.add(new Entry(name.name(), name.kind() == FileKind.DIRECTORY, UNKNOWN, 0));
            } else {
                describe(folder, path, name).ifPresent(entries::add);
            }
        }
        sort(entries, query);
        int pages = Math.max(1, (entries.size() + ENTRIES_MAX - 1) / ENTRIES_MAX);
        ListingQuery shown = query.onPage(Math.min(query.page(), pages));
        int from = (shown.page() - 1) * ENTRIES_MAX;
        List<Entry> rows = new ArrayList<>();
        for (Entry entry : entries.subList(from, Math.min(entries.size(), from + ENTRIES_MAX))) {
            if (entry.size() == UNKNOWN) {
                FileKind kind = entry.folder() ? FileKind.DIRECTORY : FileKind.FILE;
                describe(folder, path, new DirectoryEntry(entry.name(), kind)).ifPresent(rows::add);
            } else {
                rows.add(entry);
            }
        }
        int gone = Math.min(entries.size() - from, ENTRIES_MAX) - rows.size();
        Listing listing = new Listing(path, shown, rows, entries.size() - gone, pages, names.complete());
        return listing.html(ZoneId.systemDefault());
    }

    private void sort(List<Entry> entries, ListingQuery query) {
        if (entries.size() <= LARGE) {
            entries.sort(query.order());
        } else {
            io.blocking(() -> {
                entries.sort(query.order());
                return true;
            });
        }
    }

    /** Size and time of what has a name, or nothing where a request for it would be refused. */
    private Optional<Entry> describe(Directory folder, String path, DirectoryEntry entry) throws IoException {
        try {
            FileStat stat = switch (entry.kind()) {
                case FILE, DIRECTORY -> folder.lstat(entry.name());
                case SYMLINK, UNKNOWN -> statBeneath(path + entry.name());
                case PIPE, SOCKET, BLOCK_DEVICE, CHARACTER_DEVICE -> null;
            };
            if (stat == null || (stat.kind() != FileKind.FILE && stat.kind() != FileKind.DIRECTORY)) {
                return Optional.empty();
            }
            return Optional.of(new Entry(
                    entry.name(),
                    stat.kind() == FileKind.DIRECTORY,
                    stat.size(),
                    Math.floorDiv(stat.modified().nanoseconds(), 1_000_000_000L)));
        } catch (IoException failure) {
            if (!HttpFailure.isUnavailable(failure)) {
                throw failure;
            }
            return Optional.empty();
        }
    }

    private FileStat statBeneath(String path) throws IoException {
        File file = root.openFile(path);
        try {
            return file.stat();
        } finally {
            FileCache.closeQuietly(file);
        }
    }
}
