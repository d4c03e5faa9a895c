package dev.gyre.cli;

import static dev.gyre.cli.Commands.duration;
import static dev.gyre.cli.Commands.flag;

import dev.gyre.http.AccessOptions;
import dev.gyre.http.CodingOptions;
import dev.gyre.http.FileServer;
import dev.gyre.http.HeaderOptions;
import dev.gyre.http.HeaderOptions.CacheRule;
import dev.gyre.http.LogFormat;
import dev.gyre.http.LogOptions;
import dev.gyre.http.LogOptions.Target;
import dev.gyre.http.PathOptions;
import dev.gyre.http.ServerLimits;
import dev.gyre.http.ServerOptions;
import dev.gyre.io.IpAddress;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;

/** What {@code gyre serve} can be told, in groups, and what becomes of it for the server. */
final class ServeOptions {
    private static final int SECONDS_MAX = 86_400;

    /** Besides the process's own those of connections that are told that there are too many. */
    private static final int DESCRIPTORS_KEPT = Commands.DESCRIPTORS_KEPT + FileServer.REFUSALS_MAX;

    /** The connection, and the file that it is sent. */
    private static final int DESCRIPTORS_EACH = 2;

    private final CommandSpec spec;

    /** What other servers call it. */
    private static final Map<String, String> ELSEWHERE = Map.ofEntries(
            Map.entry("-p", "--port"),
            Map.entry("-b", "--host"),
            Map.entry("--bind", "--host"),
            Map.entry("--address", "--host"),
            Map.entry("-i", "--host"),
            Map.entry("--interfaces", "--host"),
            Map.entry("-l", "--host and --port"),
            Map.entry("--listen", "--host and --port"),
            Map.entry("-d", "DIR, without an option"),
            Map.entry("--directory", "DIR, without an option"),
            Map.entry("-r", "DIR, without an option"),
            Map.entry("--root", "DIR, without an option"),
            Map.entry("-s", "--spa"),
            Map.entry("--single", "--spa"),
            Map.entry("-C", "--cors, or --gzip, which is on"),
            Map.entry("-a", "--auth-file"),
            Map.entry("--auth", "--auth-file"),
            Map.entry("-H", "--dot-files, or --header"),
            Map.entry("--hidden", "--dot-files"),
            Map.entry("-P", "--no-follow-symlinks"),
            Map.entry("--no-symlinks", "--no-follow-symlinks"),
            Map.entry("--browse", "--listing, which is on"),
            Map.entry("--access-log", "--log stderr"),
            Map.entry("-v", "--log stderr"),
            Map.entry("--verbose", "--log stderr"),
            Map.entry("--compress", "--gzip, which is on"),
            Map.entry("--no-compress", "--no-gzip"),
            Map.entry("--no-compression", "--no-gzip"));

    /** The options by the heading that they stand under in the help. */
    private final Map<String, List<OptionSpec>> groups = new LinkedHashMap<>();

    private final PositionalParamSpec directory = PositionalParamSpec.builder()
            .paramLabel("DIR")
            .arity("0..1")
            .type(String.class)
            .defaultValue(".")
            .description("What to serve (default: the current directory).")
            .build();

    private final OptionSpec listing = choice(
            "--listing", ServerOptions.DEFAULT.listing(),
            "Show what is in a directory that has no index.html (default: ${DEFAULT-VALUE}).");
    private final OptionSpec dotFiles = flag(
            "Serve and list names that begin with a dot, too; what is in /.well-known is always served.",
            "--dot-files");
    private final OptionSpec followSymlinks = choice(
            "--follow-symlinks", PathOptions.DEFAULT.followSymlinks(),
            "Follow symbolic links that stay inside of DIR (default: ${DEFAULT-VALUE}).");

    private final OptionSpec singlePage = flag(
            "Answer what is not there with /index.html, for programs that route in the browser; but not where"
                    + " the last part of the path has a dot, unless HTML is asked for.",
            "--spa");
    private final OptionSpec cleanUrls = flag("Answer /about with about.html.", "--clean-urls");
    private final OptionSpec redirectHtml = flag("With --clean-urls: lead /about.html to /about.", "--redirect-html");

    private final OptionSpec allowHost = list(
            "--allow-host", "NAME",
            "Answer to this name, too, or to *.NAME; may be repeated. Where only this machine can connect, the names"
                    + " are otherwise localhost and those below it, so that no other page in the browser can read what"
                    + " is served. Give '*' for any name, as is the default on other addresses.");
    private final OptionSpec authFile = text(
            "--auth-file", "FILE",
            "Ask for a name and a password (basic authentication). FILE is made by htpasswd -B; a line"
                    + " name:{PLAIN}password has the password as it is.");

    private final OptionSpec cors = flag("Let scripts of all origins read the answers.", "--cors");
    private final OptionSpec header = list(
            "--header", "NAME:VALUE", "Add a header field to every answer, or replace the server's; may be repeated.");
    private final OptionSpec cacheControl = list(
            "--cache-control", "[PATTERN:]VALUE",
            "Say this in Cache-Control, of all files or of those that fit, such as '*.js:max-age=3600' or"
                    + " '/assets/**:public, max-age=31536000, immutable'; may be repeated, the first that fits counts"
                    + " (default: no-cache).");
    private final OptionSpec mime = list(
            "--mime", "EXT=TYPE", "Send files with this extension as TYPE; may be repeated.");

    private final OptionSpec precompressed = flag(
            "Send FILE.br, FILE.zst or FILE.gz for FILE to clients that accept it, where it is not older.",
            "--precompressed");
    private final OptionSpec gzip = choice(
            "--gzip", CodingOptions.DEFAULT.gzip(),
            "Compress text for clients that accept it (default: ${DEFAULT-VALUE}).");
    private final OptionSpec gzipBytes = number(
            "--gzip-bytes", "N", 0, Integer.MAX_VALUE, CodingOptions.DEFAULT.gzipBytesMin(),
            "Shortest text to compress (default: ${DEFAULT-VALUE}).");

    private final OptionSpec log = text(
            "--log", "DEST",
            "Write a line for each request to DEST: stderr, stdout, a file, or off (default: off). SIGHUP opens the"
                    + " file again.");
    private final OptionSpec logFormat = OptionSpec.builder("--log-format")
            .paramLabel("FORMAT")
            .type(LogFormat.class)
            .converters(ServeOptions::format)
            .description("With --log: common, combined or json (default: combined).")
            .build();
    private final OptionSpec counters = OptionSpec.builder("--counters")
            .type(Boolean.class)
            .negatable(true)
            .fallbackValue("true")
            .description("Show requests and bytes a second, kinds of answers and connections on standard error"
                    + " (default: where that is a terminal and gets no log).")
            .build();
    private final OptionSpec open = flag("Open the address in the browser, by xdg-open.", "--open");

    private final OptionSpec connections = Commands.connections(
            "Connections at once; more are told to come back (default: 10000, or fewer where the limit of open files,"
                    + " 'ulimit -n', has no room for two descriptors each).");
    private final OptionSpec headBytes = number(
            "--head-bytes", "N", 256, 1 << 20, ServerLimits.DEFAULT.headBytesMax(),
            "Longest request line with header fields (default: ${DEFAULT-VALUE}).");
    private final OptionSpec requestTimeout = seconds(
            "--request-timeout", ServerLimits.DEFAULT.headTimeout(),
            "Time for a request to arrive, in seconds (default: ${DEFAULT-VALUE}).");
    private final OptionSpec idleTimeout = seconds(
            "--idle-timeout", ServerLimits.DEFAULT.idleTimeout(),
            "Time between two requests, in seconds (default: ${DEFAULT-VALUE}).");
    private final OptionSpec writeTimeout = seconds(
            "--write-timeout", ServerLimits.DEFAULT.writeStall(),
            "Time in which a client takes nothing of an answer, in seconds (default: ${DEFAULT-VALUE}).");

    private final AddressOptions address;
    private final BackendOptions backend;

    /** Makes the options part of a command. */
    ServeOptions(CommandSpec spec) {
        this.spec = spec;
        List<OptionSpec> common = List.copyOf(spec.options());
        spec.addPositional(directory);
        List<OptionSpec> before = List.copyOf(spec.options());
        address = new AddressOptions(spec);
        groups.put("Address:", added(before));
        group("What is served:", listing, dotFiles, followSymlinks);
        group("Pages:", singlePage, cleanUrls, redirectHtml);
        group("Who may ask:", allowHost, authFile);
        group("Header fields:", cors, header, cacheControl, mime);
        group("Compression:", precompressed, gzip, gzipBytes);
        group("What you see:", open, log, logFormat, counters);
        group("Limits:", connections, headBytes, requestTimeout, idleTimeout, writeTimeout);
        before = List.copyOf(spec.options());
        backend = new BackendOptions(spec);
        groups.put("Machine:", added(before));
        groups.put("Other:", common);
        spec.usageMessage().abbreviateSynopsis(true);
        spec.usageMessage().sectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, this::grouped);
    }

    private void group(String heading, OptionSpec... options) {
        for (OptionSpec option : options) {
            spec.addOption(option);
        }
        groups.put(heading, List.of(options));
    }

    private List<OptionSpec> added(List<OptionSpec> before) {
        return spec.options().stream().filter(option -> !before.contains(option)).toList();
    }

    private String grouped(Help help) {
        StringBuilder text = new StringBuilder();
        groups.forEach((heading, options) -> {
            Help.Layout layout = help.createDefaultLayout();
            layout.addOptions(options, help.parameterLabelRenderer());
            text.append(String.format("%n%s%n%s", heading, layout));
        });
        return text.append(System.lineSeparator()).toString();
    }

    /**
     * What to use in place of an option that there is not.
     *
     * @param unmatched what was given
     * @return a sentence, if one of them is known from elsewhere
     */
    static Optional<String> advice(List<String> unmatched) {
        for (String each : unmatched) {
            String name = each.startsWith("--") ? each.replaceFirst("=.*", "") : each;
            String known = ELSEWHERE.get(name);
            if (known != null) {
                return Optional.of("For " + name + " of other servers, there is " + known + " here.");
            }
        }
        return Optional.empty();
    }

    BackendOptions backend() {
        return backend;
    }

    /** Whether the browser is to be opened. */
    boolean open() {
        return open.getValue();
    }

    /** Whether to show counters; null where that depends on the terminal. */
    @Nullable Boolean counters() {
        return counters.getValue();
    }

    /**
     * What the server is to be told.
     *
     * @throws ParameterException if something is not possible, with what is wrong and what to do about it
     */
    ServerOptions server() {
        IpAddress where = address.literal(spec);
        int headBytesMax = headBytes.getValue();
        ServerLimits limits = ServerLimits.DEFAULT
                .withConnectionsMax(Commands.connectionsMax(connections, DESCRIPTORS_KEPT, DESCRIPTORS_EACH))
                .withHeadBytesMax(headBytesMax)
                .withTargetBytesMax(Math.max(headBytesMax / 2, 1))
                .withHeadTimeout(duration(requestTimeout))
                .withIdleTimeout(duration(idleTimeout))
                .withWriteStall(duration(writeTimeout));
        ServerOptions options = ServerOptions.DEFAULT
                .withRoot(root())
                .withAddress(where)
                .withListing(listing.getValue())
                .withDotFiles(dotFiles.getValue())
                .withLimits(limits)
                .withPaths(paths())
                .withHeaders(headers())
                .withCodings(codings())
                .withAccess(access(where));
        Optional<LogOptions> written = log();
        return written.map(options::withLog).orElse(options);
    }

    private String root() {
        String root = directory.getValue();
        if (root.isEmpty()) {
            throw misuse("DIR is empty; the current directory is '.', and the default");
        }
        return root;
    }

    private PathOptions paths() {
        boolean redirects = redirectHtml.getValue();
        boolean clean = cleanUrls.getValue();
        if (redirects && !clean) {
            throw misuse("--redirect-html leads to addresses that only --clean-urls answers; give both");
        }
        return new PathOptions(followSymlinks.getValue(), clean, redirects, singlePage.getValue());
    }

    private CodingOptions codings() {
        boolean on = gzip.getValue();
        if (!on && isGiven(gzipBytes)) {
            throw misuse("--gzip-bytes says what to compress, and --no-gzip that nothing is; leave out one of them");
        }
        return new CodingOptions(precompressed.getValue(), on, gzipBytes.getValue());
    }

    private HeaderOptions headers() {
        Map<String, String> types = new LinkedHashMap<>();
        for (String each : values(mime)) {
            int equals = each.indexOf('=');
            if (equals <= 0 || each.indexOf('/', equals) < 0) {
                throw invalid(mime, each, "give EXT=TYPE, such as mjs=text/javascript");
            }
            types.put(each.substring(each.charAt(0) == '.' ? 1 : 0, equals), each.substring(equals + 1));
        }
        List<CacheRule> rules = new ArrayList<>();
        for (String each : values(cacheControl)) {
            int colon = each.indexOf(':');
            rules.add(checked(cacheControl, each, () -> colon < 0
                    ? new CacheRule("*", each.strip())
                    : new CacheRule(each.substring(0, colon).strip(), each.substring(colon + 1).strip())));
        }
        Map<String, String> fields = new LinkedHashMap<>();
        for (String each : values(header)) {
            int colon = each.indexOf(':');
            if (colon <= 0) {
                throw invalid(header, each, "give NAME:VALUE, such as 'Referrer-Policy: no-referrer'");
            }
            String name = each.substring(0, colon).strip();
            if (fields.keySet().stream().anyMatch(name::equalsIgnoreCase)) {
                throw invalid(header, each, "a header field is given once; join several values with commas");
            }
            if (name.equalsIgnoreCase("Cache-Control") && !rules.isEmpty()) {
                throw misuse("Cache-Control is given by --header and by --cache-control; leave out one of them");
            }
            if (name.equalsIgnoreCase("Content-Type")) {
                throw invalid(header, each, "types of files are given by --mime");
            }
            String value = each.substring(colon + 1).strip();
            checked(header, each, () -> new HeaderOptions(Map.of(), List.of(), Map.of(name, value), false));
            fields.put(name, value);
        }
        boolean anyOrigin = cors.getValue();
        return checked(mime, String.join(", ", values(mime)), () -> new HeaderOptions(types, rules, fields, anyOrigin));
    }

    private AccessOptions access(IpAddress where) {
        List<String> allowed = values(allowHost);
        for (String name : allowed) {
            if (!name.matches("\\*|(\\*\\.)?[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*")) {
                throw invalid(allowHost, name, "give a name without scheme and port, such as example.org");
            }
        }
        boolean any = allowed.contains("*") || (allowed.isEmpty() && !where.isLoopback());
        List<String> names = new ArrayList<>(allowed);
        names.addAll(AccessOptions.LOOPBACK_NAMES);
        return new AccessOptions(any, any ? List.of() : names, passwords());
    }

    private Optional<List<String>> passwords() {
        String file = authFile.getValue();
        if (file == null) {
            return Optional.empty();
        }
        List<String> lines;
        try {
            lines = Files.readAllLines(Path.of(file));
        } catch (NoSuchFileException missing) {
            throw misuse("Cannot read '" + file + "': no such file; make it with htpasswd -B -c FILE NAME");
        } catch (MalformedInputException binary) {
            throw misuse("Cannot read '" + file + "': it is not text in UTF-8");
        } catch (IOException unreadable) {
            throw misuse("Cannot read '" + file + "': " + unreadable.getMessage());
        }
        return checked(authFile, file, () -> {
            AccessOptions unused = new AccessOptions(true, List.of(), Optional.of(lines));
            return unused.passwords();
        });
    }

    private Optional<LogOptions> log() {
        String dest = log.getValue();
        LogFormat format = logFormat.getValue();
        if (dest == null || dest.equals("off")) {
            if (format != null) {
                throw misuse("--log-format says how lines look, and --log that there are some: give --log stderr");
            }
            return Optional.empty();
        }
        Target target = switch (dest) {
            case "stderr", "-" -> new Target.ToStream(new FileOutputStream(FileDescriptor.err));
            case "stdout" -> new Target.ToStream(new FileOutputStream(FileDescriptor.out));
            default -> checked(log, dest, () -> new Target.ToFile(dest));
        };
        return Optional.of(new LogOptions(format == null ? LogFormat.COMBINED : format, target));
    }

    private static LogFormat format(String text) {
        for (LogFormat each : LogFormat.values()) {
            if (each.name().toLowerCase(Locale.ROOT).equals(text)) {
                return each;
            }
        }
        throw new picocli.CommandLine.TypeConversionException("'" + text + "' is none of common, combined and json");
    }

    private boolean isGiven(OptionSpec option) {
        return spec.commandLine().getParseResult().hasMatchedOption(option);
    }

    private <T> T checked(OptionSpec option, String value, Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException wrong) {
            throw invalid(option, value, String.valueOf(wrong.getMessage()));
        }
    }

    private ParameterException invalid(OptionSpec option, String value, String what) {
        return misuse("Invalid value for option '" + option.longestName() + "': '" + value + "': " + what);
    }

    private ParameterException misuse(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private static List<String> values(OptionSpec option) {
        List<String> values = option.getValue();
        return values == null ? List.of() : values;
    }

    private static OptionSpec choice(String name, boolean standard, String description) {
        return OptionSpec.builder(name)
                .type(boolean.class)
                .negatable(true)
                .defaultValue(Boolean.toString(standard))
                .fallbackValue("true")
                .description(description)
                .build();
    }

    private static OptionSpec text(String name, String label, String description) {
        return OptionSpec.builder(name)
                .paramLabel(label)
                .type(String.class)
                .description(description)
                .build();
    }

    private static OptionSpec list(String name, String label, String description) {
        return OptionSpec.builder(name)
                .paramLabel(label)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("1")
                .description(description)
                .build();
    }

    private static OptionSpec seconds(String name, Duration standard, String description) {
        return number(name, "SECONDS", 1, SECONDS_MAX, (int) standard.toSeconds(), description);
    }

    private static OptionSpec number(
            String name, String label, int least, int most, int standard, String description) {
        return OptionSpec.builder(name)
                .paramLabel(label)
                .type(int.class)
                .converters(new Range(least, most))
                .defaultValue(Integer.toString(standard))
                .description(description)
                .build();
    }
}
