package dev.gyre.examples.log;

import dev.gyre.ring.Loop;
import dev.gyre.ring.RingOptions;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Writes numbered records into a log for as long as it lives, and says which are acknowledged; or reads a log. To be
 * killed at any moment.
 *
 * <p>{@code java -cp … dev.gyre.examples.log.LogProgram write FILE [SIZE]} prints one number per acknowledged record;
 * {@code … read FILE} prints one line per record.
 */
public final class LogProgram {
    private static final long BATCH_BYTES = 1 << 20;

    private LogProgram() {}

    /**
     * Runs it.
     *
     * @param arguments as above
     * @throws IOException if the kernel refuses something
     */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[1]);
        // Unbuffered: what was printed has left the process.
        PrintStream out =
                new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.US_ASCII);
        try (Loop loop = Loop.open(RingOptions.DEFAULT)) {
            if (arguments[0].equals("read")) {
                Log.open(loop, file, BATCH_BYTES, entry -> out.println(new String(entry, StandardCharsets.US_ASCII)))
                        .close();
            } else {
                write(loop, file, arguments.length > 2 ? Integer.parseInt(arguments[2]) : 100, out);
            }
        }
    }

    /** Records say their number, and are as long as it tells: a torn one would show. */
    static String entry(long number, int size) {
        String head = number + " ";
        return head + "x".repeat((int) (number * 37 % size)) + " " + number;
    }

    private static void write(Loop loop, Path file, int size, PrintStream out) throws IOException {
        long[] next = {0};
        try (Log log = Log.open(loop, file, BATCH_BYTES, entry -> next[0]++)) {
            out.println("recovered " + next[0]);
            while (true) {
                // As many as may well come while a batch is on its way.
                for (int i = 0; i < 64; i++) {
                    long number = next[0];
                    byte[] entry = entry(number, size).getBytes(StandardCharsets.US_ASCII);
                    if (!log.append(entry, error -> out.println(error == 0 ? number : -error))) {
                        break;
                    }
                    next[0]++;
                }
                loop.turn(-1);
            }
        }
    }
}
