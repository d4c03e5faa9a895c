package dev.gyre.cli;

import static dev.gyre.cli.Commands.flag;

import dev.gyre.cli.copy.CopyOptions;
import dev.gyre.cli.copy.Item;
import dev.gyre.cli.copy.ProcessState;
import dev.gyre.cli.copy.Tally;
import dev.gyre.cli.copy.TreeCopy;
import dev.gyre.io.Clock;
import dev.gyre.io.ConcurrencyUnavailable;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.Timestamp;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/** {@code gyre cp}: files and trees with all that belongs to them. */
final class Cp implements Callable<Integer> {
    private static final int COPIED = 0;
    private static final int TASKS_MAX = 1024;

    /** What two processors can use when everything is in memory; a slow disk, or a network, takes more. */
    private static final int TASKS = 4;

    private final CommandSpec spec = Commands.command(
            this,
            "Copy files and trees, with permissions, owners, times, extended attributes, hard links and holes."
                    + " Every file gets its name when it is whole. Run again, it does what is left.");

    private final PositionalParamSpec paths = PositionalParamSpec.builder()
            .index("0..*")
            .paramLabel("SRC... DST")
            .hideParamSyntax(true)
            .arity("1") // for each, so that options may stand between them
            .type(List.class)
            .auxiliaryTypes(String.class)
            .description("What to copy, and where to: into DST where that is a folder, under that name where it is not"
                    + " there. A SRC that ends with /. is copied without its own name.")
            .build();

    private final OptionSpec exact = flag(
            "DST is the name of the copy itself: where it is a folder, what is in SRC goes into that.",
            "-T", "--no-target-directory");
    private final OptionSpec dryRun = flag("Only tell what would be done.", "-n", "--dry-run");
    private final OptionSpec verify = flag(
            "Read every copy back, and what is kept, and compare it with its source: content, size, time of change,"
                    + " permissions, owner and extended attributes. What is in the page cache is not read from the"
                    + " device.",
            "--verify");
    private final OptionSpec sync = flag("Return when everything is on the device.", "--sync");
    private final OptionSpec strict = flag(
            "Fail where an owner, an extended attribute or a hard link cannot be kept; they are only counted"
                    + " otherwise.",
            "--strict");
    private final OptionSpec quiet = flag("Say nothing but what went wrong.", "-q", "--quiet");
    private final OptionSpec json = flag("Print the summary as JSON.", "--json");

    private final OptionSpec progress = OptionSpec.builder("--progress")
            .type(Boolean.class)
            .negatable(true)
            .defaultValue(null)
            .fallbackValue("true")
            .description("Show how far it is (default: where standard error is a terminal).")
            .build();

    private final OptionSpec tasks = OptionSpec.builder("--tasks")
            .paramLabel("N")
            .type(int.class)
            .converters(new Range(1, TASKS_MAX))
            .defaultValue(Integer.toString(TASKS))
            .description("How many files are copied at the same time (default: ${DEFAULT-VALUE}).")
            .build();

    private final BackendOptions backend;

    Cp() {
        spec.addPositional(paths)
                .addOption(exact)
                .addOption(dryRun)
                .addOption(verify)
                .addOption(sync)
                .addOption(strict)
                .addOption(quiet)
                .addOption(json)
                .addOption(progress)
                .addOption(tasks);
        backend = new BackendOptions(spec, Backend.THREADED);
    }

    /** The command, to be added to the program's. */
    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws IOException {
        try (Io io = backend.open()) {
            List<String> all = paths.getValue();
            List<Item> items = new CpPaths(spec.commandLine(), io, exact.getValue()).items(all);
            CopyOptions options = new CopyOptions(
                    dryRun.getValue(), verify.getValue(), sync.getValue(), strict.getValue(), tasks.getValue());
            PrintWriter out = spec.commandLine().getOut();
            TreeCopy copy = new TreeCopy(io, options, self(), line -> {
                if (!quiet()) {
                    out.println(line);
                }
            });
            Timestamp start = io.now(Clock.AWAKE);
            try (Termination _ = Termination.handledBy(copy::interrupt)) {
                run(io, copy, items);
                return report(copy, io.now(Clock.AWAKE).since(start));
            } finally {
                out.flush();
            }
        }
    }

    private static ProcessState self() {
        int user = Proc.MOUNTED.status("Uid").map(ids -> Integer.parseUnsignedInt(ids.split("\\s+", 0)[1])).orElse(-1);
        int mask = Proc.MOUNTED.status("Umask").map(octal -> Integer.parseInt(octal, 8)).orElse(-1);
        long boot = Proc.MOUNTED.text("sys/kernel/random/boot_id")
                .map(UUID::fromString)
                .map(id -> id.getMostSignificantBits() ^ id.getLeastSignificantBits())
                .orElse(0L);
        long capabilities = Proc.MOUNTED.status("CapEff").map(hex -> Long.parseUnsignedLong(hex, 16)).orElse(0L);
        long descriptors = Proc.MOUNTED.limit("Max open files").orElse(Proc.UNLIMITED) - Proc.MOUNTED.openFiles();
        return new ProcessState(user, capabilities, mask, boot, descriptors);
    }

    private void run(Io io, TreeCopy copy, List<Item> items) throws IOException {
        try (Group<RuntimeException> beside = io.group()) {
            if (showsProgress(io)) {
                CpProgress shown = new CpProgress(io, copy.tally(), spec.commandLine().getErr());
                beside.concurrent(shown::show);
            }
            copy.run(items);
        } catch (ConcurrencyUnavailable impossible) {
            throw new AssertionError("there is no limit on tasks", impossible);
        }
    }

    private boolean showsProgress(Io io) {
        Boolean wanted = progress.getValue();
        return wanted == null ? !quiet() && CpProgress.isTerminal(io) : wanted;
    }

    private boolean quiet() {
        return quiet.getValue();
    }

    private int report(TreeCopy copy, Duration time) throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        long problems = copy.problems().count();
        copy.problems().first().forEach(err::println);
        if (problems > copy.problems().first().size()) {
            err.println("… and " + number(problems - copy.problems().first().size()) + " more");
        }
        if (json.getValue()) {
            printJson(copy, time);
        } else if (!quiet()) {
            spec.commandLine().getOut().println(summary(copy.tally(), time));
        }
        switch (copy.end()) {
            case null -> {}
            case INTERRUPTED -> {
                err.println(spec.qualifiedName()
                        + ": interrupted; the same command goes on where this one has ended. What is not whole is in"
                        + " files and folders whose names end with .gyre-partial.");
                return Termination.exitCode();
            }
            case FULL -> throw new IOException("the target is full: " + copy.fullMessage()
                    + ". Make room; the same command then goes on where this one has ended.");
        }
        if (problems > 0) {
            throw new IOException(number(problems) + (problems == 1 ? " problem" : " problems")
                    + "; everything else was copied.");
        }
        return COPIED;
    }

    private String summary(Tally tally, Duration time) {
        double seconds = time.toNanos() / 1e9;
        StringBuilder text = new StringBuilder("cp: ");
        if (dryRun.getValue()) {
            text.append("would copy ");
        }
        text.append(count(tally.files(), "file")).append(", ").append(CpProgress.bytes(tally.bytesCopied()));
        appendIf(text, tally.folders(), "new folder");
        appendIf(text, tally.links(), "symbolic link");
        appendIf(text, tally.nodes(), "pipe, socket or device", "pipes, sockets and devices");
        appendIf(text, tally.hardLinks(), "hard link");
        if (tally.kept() > 0) {
            text.append("; ").append(number(tally.kept())).append(" there already");
        }
        if (tally.bytesResumed() > 0) {
            text.append("; ").append(CpProgress.bytes(tally.bytesResumed())).append(" from partial files");
        }
        if (tally.attributesLost() > 0) {
            text.append("; owners, attributes or links not kept: ")
                    .append(number(tally.attributesLost()))
                    .append(" (--strict tells which)");
        }
        text.append(String.format(Locale.ROOT, " in %.2f s", seconds));
        return text.toString();
    }

    private static void appendIf(StringBuilder text, long count, String what) {
        appendIf(text, count, what, what + "s");
    }

    private static void appendIf(StringBuilder text, long count, String one, String several) {
        if (count > 0) {
            text.append(", ").append(number(count)).append(' ').append(count == 1 ? one : several);
        }
    }

    private static String count(long count, String what) {
        return number(count) + " " + what + (count == 1 ? "" : "s");
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private void printJson(TreeCopy copy, Duration time) {
        PrintWriter out = spec.commandLine().getOut();
        Tally tally = copy.tally();
        JsonFactory factory = JsonFactory.builder()
                .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                .build();
        try (JsonGenerator object = factory.createGenerator(ObjectWriteContext.empty(), out)) {
            object.writeStartObject();
            object.writeStringProperty("gyre", Version.current());
            object.writeStringProperty("end", endOf(copy.end()));
            object.writeNumberProperty("files", tally.files());
            object.writeNumberProperty("kept", tally.kept());
            object.writeNumberProperty("folders", tally.folders());
            object.writeNumberProperty("symbolicLinks", tally.links());
            object.writeNumberProperty("nodes", tally.nodes());
            object.writeNumberProperty("hardLinks", tally.hardLinks());
            object.writeNumberProperty("bytes", tally.bytesCopied());
            object.writeNumberProperty("bytesResumed", tally.bytesResumed());
            object.writeNumberProperty("attributesLost", tally.attributesLost());
            object.writeNumberProperty("nanoseconds", time.toNanos());
            object.writeNumberProperty("problems", copy.problems().count());
            object.writeArrayPropertyStart("firstProblems");
            copy.problems().first().forEach(object::writeString);
            object.writeEndArray();
            object.writeEndObject();
        }
        out.println();
    }

    private static String endOf(TreeCopy.@Nullable End end) {
        return switch (end) {
            case null -> "complete";
            case INTERRUPTED -> "interrupted";
            case FULL -> "full";
        };
    }
}
