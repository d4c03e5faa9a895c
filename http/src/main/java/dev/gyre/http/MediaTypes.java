package dev.gyre.http;

import static java.util.Map.entry;

import java.util.Locale;
import java.util.Map;
import org.eclipse.jetty.http.MimeTypes;

/**
 * Which type a file is sent as: by the last extension of its name, never by its content.
 *
 * <p>Jetty's table, with what it lacks and where the registry has moved on. Text is said to be UTF-8, because a
 * browser would otherwise guess. What nobody knows is {@code application/octet-stream}.
 */
final class MediaTypes {
    private static final String UNKNOWN = "application/octet-stream";

    private static final String PLAIN = "text/plain";

    private static final Map<String, String> MORE = Map.ofEntries(
            entry("7z", "application/x-7z-compressed"),
            entry("aac", "audio/aac"),
            entry("adoc", PLAIN),
            entry("c", PLAIN),
            entry("conf", PLAIN),
            entry("cpp", PLAIN),
            entry("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            entry("epub", "application/epub+zip"),
            entry("flac", "audio/flac"),
            entry("geojson", "application/geo+json"),
            entry("go", PLAIN),
            entry("h", PLAIN),
            entry("heic", "image/heic"),
            entry("ics", "text/calendar"),
            entry("ini", PLAIN),
            entry("jpe", "image/jpeg"),
            entry("jp2", "image/jp2"),
            entry("jsonl", "application/jsonl"),
            entry("jsonld", "application/ld+json"),
            entry("jsp", PLAIN),
            entry("jxl", "image/jxl"),
            entry("log", PLAIN),
            entry("m3u8", "application/vnd.apple.mpegurl"),
            entry("m4a", "audio/mp4"),
            entry("m4v", "video/mp4"),
            entry("map", "application/json"),
            entry("md", "text/markdown"),
            entry("mkv", "video/matroska"),
            entry("mpd", "application/dash+xml"),
            entry("oga", "audio/ogg"),
            entry("ogg", "audio/ogg"),
            entry("ogv", "video/ogg"),
            entry("opus", "audio/ogg"),
            entry("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
            entry("properties", PLAIN),
            entry("py", PLAIN),
            entry("rs", PLAIN),
            entry("rst", PLAIN),
            entry("sql", "application/sql"),
            entry("toml", "application/toml"),
            entry("ts", "video/mp2t"),
            entry("vtt", "text/vtt"),
            entry("wav", "audio/wav"),
            entry("weba", "audio/webm"),
            entry("webm", "video/webm"),
            entry("webmanifest", "application/manifest+json"),
            entry("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            entry("yaml", "application/yaml"),
            entry("yml", "application/yaml"));

    private MediaTypes() {}

    /**
     * The value of {@code Content-Type}.
     *
     * @param path of a file; only what follows the last slash counts
     * @return never empty
     */
    static String of(String path) {
        int dot = path.lastIndexOf('.');
        if (dot <= path.lastIndexOf('/') + 1) {
            return UNKNOWN;
        }
        String extension = path.substring(dot + 1).toLowerCase(Locale.ROOT);
        String known = MORE.get(extension);
        String type = known != null ? known : MimeTypes.DEFAULTS.getMimeForExtension(extension);
        if (type == null) {
            return UNKNOWN;
        }
        return type.startsWith("text/") ? type + "; charset=utf-8" : type;
    }
}
