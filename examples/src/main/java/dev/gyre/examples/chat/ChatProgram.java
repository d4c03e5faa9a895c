package dev.gyre.examples.chat;

import dev.gyre.io.BackendUnavailable;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.IpAddress;
import dev.gyre.process.CallException;
import dev.gyre.process.ExitReason;
import dev.gyre.process.Processes;
import dev.gyre.process.Supervisor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs the chat, until it is told to end by SIGTERM or Ctrl-C. */
public final class ChatProgram {
    private static final String USAGE = """
            Usage: chat [--listen ADDRESS] [--port PORT] [--connections N] [--backend NAME]
            A chat server for lines over TCP. Talk to it with telnet or nc.

              --listen ADDRESS  where to listen (127.0.0.1: this machine only)
              --port PORT       at which port (7070; 0: one that is free)
              --connections N   how many may be connected at once (1000)
              --backend NAME    uring or threaded (the best that works)
              --help            show this
            """;

    private ChatProgram() {}

    /** What the command line says. Package-private for its test. */
    record Arguments(ChatOptions chat, IoOptions io) {}

    /**
     * Runs it. Exits with 1 if it cannot, and with 2 if it does not understand what it is told.
     *
     * @param arguments as {@code --help} says
     * @throws Exception never, as far as is known
     */
    public static void main(String[] arguments) throws Exception {
        if (List.of(arguments).contains("--help")) {
            System.out.print(USAGE);
            return;
        }
        Arguments understood;
        try {
            understood = parse(arguments);
        } catch (IllegalArgumentException wrong) {
            complain(String.valueOf(wrong.getMessage()));
            System.err.print(USAGE);
            System.exit(2);
            return;
        }
        try (Io io = Io.open(understood.io()); Processes node = Processes.open(io)) {
            run(node, understood.chat());
        } catch (BackendUnavailable unavailable) {
            fail(String.valueOf(unavailable.getMessage()));
        }
    }

    private static void run(Processes node, ChatOptions options) throws Exception {
        Supervisor chat;
        try {
            chat = Chat.start(node, options);
        } catch (CallException failure) {
            fail(switch (failure.reason()) {
                case ExitReason.Shutdown(Object advice) when advice != null -> advice.toString();
                case ExitReason reason -> "it cannot start: " + reason;
            });
            return;
        }
        // Everybody is told, and all connections are closed.
        AtomicBoolean told = new AtomicBoolean();
        Runtime.getRuntime().addShutdownHook(new Thread(
                () -> {
                    told.set(true);
                    chat.stop();
                    // Without this, the exit code would be the signal's.
                    Runtime.getRuntime().halt(0);
                },
                "chat-shutdown"));
        System.out.println(
                "listening at " + options.address().withPort(Chat.port(node)) + " on " + node.io().description());
        ExitReason _ = node.await(chat.pid());
        if (!told.get()) {
            complain("parts of it have failed too often; the log says why");
            Runtime.getRuntime().halt(1);
        }
    }

    private static void fail(String advice) {
        complain(advice);
        System.exit(1);
    }

    private static void complain(String advice) {
        System.err.println("chat: " + advice);
    }

    /** Package-private for its test. */
    static Arguments parse(String... arguments) {
        ChatOptions options = ChatOptions.DEFAULT;
        IoOptions io = IoOptions.DEFAULT;
        Deque<String> rest = new ArrayDeque<>(List.of(arguments));
        while (!rest.isEmpty()) {
            String option = rest.remove();
            switch (option) {
                case "--listen" -> options = options.withAddress(
                        IpAddress.parse(value(option, rest), options.address().port()));
                case "--port" ->
                    options = options.withAddress(options.address().withPort(number(option, rest, 65_535)));
                case "--connections" ->
                    options = options.withConnectionsMax(number(option, rest, Integer.MAX_VALUE));
                case "--backend" -> io = io.withBackend(value(option, rest));
                default -> throw new IllegalArgumentException("there is no option " + option);
            }
        }
        return new Arguments(options, io);
    }

    private static String value(String option, Deque<String> rest) {
        if (rest.isEmpty()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return rest.remove();
    }

    private static int number(String option, Deque<String> rest, int max) {
        String value = value(option, rest);
        if (!value.matches("\\d{1,9}") || Integer.parseInt(value) > max) {
            throw new IllegalArgumentException(option + " " + value + " is not a number of 0 to " + max);
        }
        return Integer.parseInt(value);
    }
}
