package dev.gyre.http;

import static java.util.Map.entry;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.MimeTypes;
import org.jspecify.annotations.Nullable;

/**
 * Which type a file is sent as: by the last extension of its name, never by its content.
 *
 * <p>Jetty's table, with what it lacks and where the registry has moved on. Source code and whatever else people write
 * in an editor is plain text, so that a browser shows it; among it is {@code .ts}, which more often is TypeScript than
 * a transport stream. Text is said to be UTF-8, because a browser would otherwise guess. What nobody knows is
 * {@code application/octet-stream}.
 */
final class MediaTypes {
    private static final String UNKNOWN = "application/octet-stream";

    private static final String PLAIN = "text/plain";

    /** Scalable vector graphics, compressed: a browser shows them only if it is told so. */
    private static final String SVGZ = ".svgz";

    private static final Map<String, String> MORE = Map.ofEntries(
            entry("3gp", "video/3gpp"),
            entry("7z", "application/x-7z-compressed"),
            entry("aac", "audio/aac"),
            entry("atom", "application/atom+xml"),
            entry("cbor", "application/cbor"),
            entry("cjs", "text/javascript"),
            entry("cur", "image/vnd.microsoft.icon"),
            entry("deb", "application/vnd.debian.binary-package"),
            entry("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            entry("eml", "message/rfc822"),
            entry("epub", "application/epub+zip"),
            entry("flac", "audio/flac"),
            entry("flv", "video/x-flv"),
            entry("geojson", "application/geo+json"),
            entry("glb", "model/gltf-binary"),
            entry("gltf", "model/gltf+json"),
            entry("har", "application/json"),
            entry("heic", "image/heic"),
            entry("heif", "image/heif"),
            entry("ics", "text/calendar"),
            entry("ipynb", "application/json"),
            entry("jp2", "image/jp2"),
            entry("jpe", "image/jpeg"),
            entry("jsonl", "application/jsonl"),
            entry("jsonld", "application/ld+json"),
            entry("jxl", "image/jxl"),
            entry("kml", "application/vnd.google-earth.kml+xml"),
            entry("kmz", "application/vnd.google-earth.kmz"),
            entry("m3u8", "application/vnd.apple.mpegurl"),
            entry("m4a", "audio/mp4"),
            entry("m4v", "video/mp4"),
            entry("map", "application/json"),
            entry("markdown", "text/markdown"),
            entry("mbox", "application/mbox"),
            entry("md", "text/markdown"),
            entry("mdx", "text/markdown"),
            entry("mkv", "video/matroska"),
            entry("mpd", "application/dash+xml"),
            entry("ndjson", "application/x-ndjson"),
            entry("obj", "model/obj"),
            entry("oga", "audio/ogg"),
            entry("ogg", "audio/ogg"),
            entry("ogv", "video/ogg"),
            entry("opus", "audio/ogg"),
            entry("parquet", "application/vnd.apache.parquet"),
            entry("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
            entry("psd", "image/vnd.adobe.photoshop"),
            entry("rss", "application/rss+xml"),
            entry("sql", "application/sql"),
            entry("sqlite", "application/vnd.sqlite3"),
            entry("stl", "model/stl"),
            entry("toml", "application/toml"),
            entry("topojson", "application/json"),
            entry("torrent", "application/x-bittorrent"),
            entry("usdz", "model/vnd.usdz+zip"),
            entry("vcf", "text/vcard"),
            entry("vtt", "text/vtt"),
            entry("war", "application/java-archive"),
            entry("wav", "audio/wav"),
            entry("weba", "audio/webm"),
            entry("webm", "video/webm"),
            entry("webmanifest", "application/manifest+json"),
            entry("wmv", "video/x-ms-wmv"),
            entry("wsdl", "application/wsdl+xml"),
            entry("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            entry("yaml", "application/yaml"),
            entry("yml", "application/yaml"));

    /** Extensions of what is written in an editor. */
    private static final Set<String> PLAIN_EXTENSIONS = words("""
            adoc asciidoc asm ass astro bash bat bazel bib bzl c cc cfg clj cljs cmake cmd conf cpp cs csr cts
            cxx d dart diff edn ejs el elm env erl ex exs fish fs fsx go gql gradle graphql groovy h hbs hcl hh
            hpp hs hxx in ini jl json5 jsonc jsp jsx kt kts less lisp lock log lua m m4 mak mk ml mli mm mts nim
            nix org patch php pl pm po pot properties proto ps1 pub pug py pyi r rb rs rst s sass sbt scala scss
            sh sha256 srt strings styl sub svelte swift tex text tf ts tsx v vb vim vue wat zig zsh
            """);

    /** Whole names of such files, in lower case. */
    private static final Set<String> PLAIN_NAMES = words("""
            .bashrc .dockerignore .editorconfig .env .gitattributes .gitignore .gitmodules .npmrc .profile
            .vimrc authors brewfile caddyfile changelog changes codeowners containerfile contributing
            contributors copying copyright dockerfile gemfile gnumakefile gradlew install jenkinsfile justfile
            kconfig licence license maintainers makefile mvnw news notice pkgbuild procfile rakefile readme
            vagrantfile version
            """);

    private MediaTypes() {}

    /**
     * The value of {@code Content-Type}.
     *
     * @param path of a file; only what follows the last slash counts
     * @return never empty
     */
    static String of(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        String type = PLAIN_NAMES.contains(name) ? PLAIN : ofExtension(extension(name));
        if (type == null) {
            return UNKNOWN;
        }
        return type.startsWith("text/") ? type + "; charset=utf-8" : type;
    }

    /**
     * The value of {@code Content-Encoding}: what the extension says beside the type.
     *
     * @param path of a file
     * @return null for most
     */
    static @Nullable String coding(String path) {
        return path.regionMatches(true, path.length() - SVGZ.length(), SVGZ, 0, SVGZ.length()) ? "gzip" : null;
    }

    private static @Nullable String ofExtension(String extension) {
        if (PLAIN_EXTENSIONS.contains(extension)) {
            return PLAIN;
        }
        String known = MORE.get(extension);
        return known != null ? known : MimeTypes.DEFAULTS.getMimeForExtension(extension);
    }

    /** What follows the last dot that is not the first character, or nothing. */
    private static String extension(String name) {
        int dot = name.lastIndexOf('.');
        return dot <= 0 ? "" : name.substring(dot + 1);
    }

    private static Set<String> words(String text) {
        return Set.of(text.strip().split("\\s+", -1));
    }
}
