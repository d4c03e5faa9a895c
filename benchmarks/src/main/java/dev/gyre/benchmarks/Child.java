package dev.gyre.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A process that the harness started and ends.
 *
 * <p>It is told to end by the end of its standard input, which reaches it even if this process is killed. Where that
 * does not help within 5 s, it is sent SIGTERM, and then SIGKILL. Those still there when this
 * JVM shuts down are sent SIGTERM.
 */
final class Child implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int ERROR_LINES_MAX = 5;
    private static final Set<Child> ALIVE = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> ALIVE.forEach(child -> child.process.destroy())));
    }

    private final Process process;
    private final Path errors;
    private final Writer input;
    private final BufferedReader output;

    private Child(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
        this.input = process.outputWriter(StandardCharsets.UTF_8);
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    /**
     * Starts a process.
     *
     * @param errors the file that takes its standard error
     * @throws IOException if its program cannot be run
     */
    static Child start(List<String> command, Path errors) throws IOException {
        Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        Child child = new Child(process, errors);
        ALIVE.add(child);
        return child;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Sends it a line. */
    void tell(String line) throws IOException {
        input.write(line + '\n');
        input.flush();
    }

    /**
     * Its next line of output; blocks until there is one, or until {@code patience} is over, when the process is ended.
     *
     * @throws IOException with what it said on standard error, if it ended instead
     */
    String listen(Duration patience) throws IOException {
        CompletableFuture<Void> end = CompletableFuture.runAsync(
                process::destroyForcibly,
                CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS));
        String line = output.readLine();
        if (line == null) {
            String cause = end.isDone() ? "it was ended after " + patience.toSeconds() + " s of silence" : "it ended";
            throw new IOException(cause + ": " + complaint());
        }
        end.cancel(false);
        return line;
    }

    /** Reads and forgets what else it says, from another thread. */
    void ignore() {
        Thread.ofVirtual().name("output of " + pid()).start(() -> {
            try {
                output.transferTo(Writer.nullWriter());
            } catch (IOException _) {
                // It was closed while this read.
            }
        });
    }

    /** All its output; blocks until it has ended. */
    String rest() throws IOException {
        return output.readAllAsString();
    }

    /**
     * Its exit status; blocks until it has ended.
     *
     * @throws IOException if this thread is interrupted first
     */
    int status() throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** The end of what it said on standard error. */
    String complaint() throws IOException {
        List<String> lines = Files.readAllLines(errors);
        return lines.isEmpty()
                ? "without a message"
                : String.join("; ", lines.subList(Math.max(0, lines.size() - ERROR_LINES_MAX), lines.size()));
    }

    /** Asks it to end. */
    void closeInput() {
        try {
            input.close();
        } catch (IOException _) {
            // It ended before.
        }
    }

    /** Ends it, and waits until it has ended. */
    @Override
    public void close() {
        closeInput();
        if (!endsWithin(PATIENCE)) {
            process.destroy();
            if (!endsWithin(PATIENCE)) {
                process.destroyForcibly();
            }
        }
        ALIVE.remove(this);
        try {
            output.close();
        } catch (IOException _) {
            // Nobody reads it any more.
        }
    }

    /** Whether it ends by itself in this time; blocks until it does. */
    boolean endsWithin(Duration patience) {
        try {
            return process.waitFor(patience);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
