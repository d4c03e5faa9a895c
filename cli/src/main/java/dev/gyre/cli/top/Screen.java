package dev.gyre.cli.top;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The whole of a terminal, from which keys are read as they are pressed. What it was like before comes back when this
 * is closed, or the program ends by Ctrl-C.
 */
final class Screen implements AutoCloseable {
    private static final Path TERMINAL = Path.of("/dev/tty");
    private static final String OTHER_SCREEN = "\033[?1049h\033[?25l";
    private static final String OWN_SCREEN = "\033[?25h\033[?1049l";
    private static final int ROWS = 24;
    private static final int COLUMNS = 80;
    private static final Pattern SIZE = Pattern.compile("[1-9][0-9]{0,4}");

    private final PrintWriter out;
    private final InputStream keys;
    private final String before;
    private final Thread restoring = Thread.ofPlatform().unstarted(this::restore);
    private boolean restored;

    private Screen(PrintWriter out, InputStream keys, String before) {
        this.out = out;
        this.keys = keys;
        this.before = before;
    }

    /**
     * Takes the terminal.
     *
     * @throws IOException if there is none, or no stty(1)
     */
    static Screen open(PrintWriter out) throws IOException {
        String before = stty("-g").strip();
        InputStream keys = new FileInputStream(TERMINAL.toFile());
        Screen screen = new Screen(out, keys, before);
        Runtime.getRuntime().addShutdownHook(screen.restoring);
        // A read answers after a fifth of a second, whether a key was pressed or not.
        var _ = stty("-icanon", "-echo", "min", "0", "time", "2");
        out.print(OTHER_SCREEN);
        out.flush();
        return screen;
    }

    /** Waits a fifth of a second for a key. -1 if none was pressed. */
    int key() throws IOException {
        return keys.read();
    }

    /** How many rows and columns it has. */
    int[] size() {
        try {
            return size(stty("size"));
        } catch (IOException unknown) {
            return size("");
        }
    }

    /** What stty(1) says, which is 0 where that is not known. */
    static int[] size(String said) {
        String[] numbers = said.strip().split(" ", -1);
        if (numbers.length == 2 && SIZE.matcher(numbers[0]).matches() && SIZE.matcher(numbers[1]).matches()) {
            return new int[] {Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1])};
        }
        return new int[] {ROWS, COLUMNS};
    }

    /** Draws lines from the top; what does not fit is cut off. */
    void draw(List<String> lines, int[] size) {
        StringBuilder text = new StringBuilder("\033[H");
        for (int i = 0; i < size[0]; i++) {
            String line = i < lines.size() ? lines.get(i) : "";
            text.append(line, 0, Math.min(line.length(), size[1])).append("\033[K");
            if (i < size[0] - 1) {
                text.append("\r\n");
            }
        }
        out.print(text);
        out.flush();
    }

    private static String stty(String... arguments) throws IOException {
        String[] command = new String[arguments.length + 1];
        command[0] = "stty";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process stty = new ProcessBuilder(command)
                .redirectInput(TERMINAL.toFile())
                .redirectError(Redirect.DISCARD)
                .start();
        try (InputStream answer = stty.getInputStream()) {
            String text = new String(answer.readAllBytes(), StandardCharsets.US_ASCII);
            if (stty.waitFor() != 0) {
                throw new IOException("stty does not know this terminal");
            }
            return text;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    private synchronized void restore() {
        if (restored) {
            return;
        }
        restored = true;
        out.print(OWN_SCREEN);
        out.flush();
        try (keys) {
            var _ = stty(before);
        } catch (IOException lost) {
            // The terminal is gone, and what it was like with it.
        }
    }

    @Override
    public void close() {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(restoring);
        } catch (IllegalStateException ending) {
            // It runs already.
        }
    }
}
