package dev.gyre.checks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program in a virtual machine of its own, which must end in time, with success, and without a word of trouble. */
final class ColdProgram implements AutoCloseable {
    /** Far more than any of them takes, on a busy machine too. */
    static final int SECONDS_MAX = Integer.getInteger("gyre.cold.seconds", 60);

    /** What a server says that was asked to end while an answer or a connection is not counted as ended yet. */
    private static final Pattern FAREWELL = Pattern.compile("(serve: ends when|proxy: ends with its) .+");

    private final Process process;
    private final Path out;
    private final Path err;

    /** Whether it was asked to end. */
    private boolean asked;

    ColdProgram(List<String> command, Path folder) throws IOException {
        out = Files.createTempFile(folder, "out", ".txt");
        err = Files.createTempFile(folder, "err", ".txt");
        process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
    }

    /** Waits until it has printed something; empty if it does not. */
    Optional<MatchResult> await(Pattern text) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
        while (true) {
            Matcher found = text.matcher(Files.readString(out));
            if (found.find()) {
                return Optional.of(found.toMatchResult());
            }
            if (System.nanoTime() > end || process.waitFor(10, TimeUnit.MILLISECONDS)) {
                return Optional.empty();
            }
        }
    }

    /** Asks it to end, as an operator does. */
    void terminate() {
        asked = true;
        process.toHandle().destroy();
    }

    /** Waits for its end, and says what was wrong, if anything. */
    Optional<String> fault(Pattern expected) throws IOException, InterruptedException {
        if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
            return Optional.of(failure("no end in " + SECONDS_MAX + " s"));
        }
        if (process.exitValue() != 0) {
            return Optional.of(failure("exit code " + process.exitValue()));
        }
        boolean complains = Files.readAllLines(err).stream()
                .anyMatch(line -> !asked || !FAREWELL.matcher(line).matches());
        if (complains) {
            return Optional.of(failure("it complains"));
        }
        boolean asExpected = expected.matcher(Files.readString(out)).matches();
        return asExpected ? Optional.empty() : Optional.of(failure("wrong output"));
    }

    /** A description with all that it has printed, and what its threads are at if it runs. */
    String failure(String what) throws IOException, InterruptedException {
        return "%s%n-- standard error:%n%s%n-- standard output:%n%s%n-- threads:%n%s"
                .formatted(what, Files.readString(err), Files.readString(out), threads());
    }

    private String threads() throws IOException, InterruptedException {
        if (!process.isAlive()) {
            return "it has ended";
        }
        Path dump = out.resolveSibling(out.getFileName() + ".threads");
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(process.pid()), "Thread.dump_to_file", "-overwrite", dump.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (jcmd.waitFor(SECONDS_MAX, TimeUnit.SECONDS) && jcmd.exitValue() == 0) {
            return Files.readString(dump);
        }
        jcmd.destroyForcibly();
        return "it does not tell";
    }

    /** Ends it, if it still runs. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
