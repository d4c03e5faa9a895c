package dev.gyre.examples.store;

import dev.gyre.io.BackendUnavailable;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IoOptions;
import dev.gyre.io.IpAddress;
import dev.gyre.io.Reason;
import dev.gyre.io.spi.ClassFiles;
import dev.gyre.process.CallException;
import dev.gyre.process.ExitReason;
import dev.gyre.process.Processes;
import dev.gyre.process.ProcessesOptions;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs a store until SIGTERM or Ctrl-C. */
public final class StoreProgram {
    private static final String HELP = """
            A key-value store that speaks RESP, for redis-cli and every other client of Redis.

            Options:
              --bind ADDRESS         Where to listen. Default: 127.0.0.1
              --port N               The port; 0 for any that is free. Default: 6379
              --dir FOLDER           Where the file store.aof is. Default: the current folder
              --fsync POLICY         When changes are on the device: always (before they are acknowledged),
                                     everysec or no. Default: everysec
              --max-clients N        How many connections there may be at once. Default: 10000
              --rewrite-min BYTES    How long the file is at least before it is rewritten. Default: 67108864
              --reply-max BYTES      How long a reply may be before its last value, 65536 to 1073741824; who asks
                                     for more is disconnected. Default: 268435456
              --backend NAME         uring or threaded. Default: the best that works
              --loops N              Loops of io_uring. Default: one for each processor
              --help                 This
            """;

    private static final int PORT_MAX = 65_535;
    private static final int FAILED = 1;
    private static final int ASKED_WRONGLY = 2;

    private StoreProgram() {}

    /** What the command line says. Package-private for its test. */
    record Arguments(StoreOptions store, IoOptions io) {}

    /**
     * Runs it.
     *
     * @param arguments as {@code --help} says
     */
    public static void main(String[] arguments) {
        if (Arrays.asList(arguments).contains("--help")) {
            IO.print(HELP);
            return;
        }
        int code;
        try {
            code = run(parse(arguments));
        } catch (IllegalArgumentException wrong) {
            code = fail(ASKED_WRONGLY, wrong.getMessage() + " (see --help)");
        } catch (BackendUnavailable unavailable) {
            code = fail(FAILED, String.valueOf(unavailable.getMessage()));
        }
        if (code != 0) {
            System.exit(code);
        }
    }

    private static int run(Arguments arguments) throws BackendUnavailable {
        StoreOptions options = arguments.store();
        ClassFiles.load(StoreProgram.class);
        AtomicBoolean started = new AtomicBoolean();
        ProcessesOptions told = ProcessesOptions.DEFAULT.withCrashHandler(crash -> {
            // What the system refuses at the start is told below, with advice.
            if (started.get() || !(crash.reason() instanceof ExitReason.Failed(IOException _))) {
                ProcessesOptions.DEFAULT.crashHandler().accept(crash);
            }
        });
        try (Io io = Io.open(arguments.io()); Processes node = Processes.open(io, told)) {
            StoreServer server;
            try {
                server = StoreServer.start(node, options, StoreProgram::log);
            } catch (CallException failure) {
                return fail(FAILED, reason(failure, options));
            }
            started.set(true);
            AtomicBoolean stopped = new AtomicBoolean();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                stopped.set(true);
                server.stop();
                // Without this, the exit code would be the signal's.
                Runtime.getRuntime().halt(server.isSaved() ? 0 : FAILED);
            }, "store-shutdown"));
            IO.println("store: " + server.size() + " keys, fsync " + options.fsync() + ", on " + io.description()
                    + ", at " + options.address().withPort(server.port()));
            var _ = server.await();
            if (!stopped.get()) {
                Runtime.getRuntime().halt(fail(FAILED, "its processes have failed again and again; see above"));
            }
            return 0;
        }
    }

    /** Package-private for its test. */
    static Arguments parse(String... arguments) {
        StoreOptions store = StoreOptions.DEFAULT;
        IoOptions io = IoOptions.DEFAULT;
        Iterator<String> rest = Arrays.asList(arguments).iterator();
        while (rest.hasNext()) {
            String option = rest.next();
            if (!rest.hasNext()) {
                throw new IllegalArgumentException("'" + option + "' is no option, or its value is missing");
            }
            String value = rest.next();
            switch (option) {
                case "--bind" -> store = store.withAddress(IpAddress.parse(value, store.address().port()));
                case "--port" ->
                    store = store.withAddress(store.address().withPort((int) number(option, value, PORT_MAX)));
                case "--dir" -> store = store.withFolder(value);
                case "--fsync" -> store = store.withFsync(policy(value));
                case "--max-clients" ->
                    store = store.withClientsMax((int) number(option, value, Integer.MAX_VALUE));
                case "--rewrite-min" -> store = store.withRewriteMin(number(option, value, Long.MAX_VALUE));
                case "--reply-max" ->
                    store = store.withReplyMax((int) number(option, value, StoreOptions.REPLY_MAX_MOST));
                case "--backend" -> io = io.withBackend(value);
                case "--loops" -> io = io.withLoops((int) number(option, value, 1024));
                default -> throw new IllegalArgumentException("'" + option + "' is no option");
            }
        }
        return new Arguments(store, io);
    }

    private static long number(String option, String value, long max) {
        try {
            long number = Long.parseLong(value);
            if (number >= 0 && number <= max) {
                return number;
            }
        } catch (NumberFormatException none) {
            // Told below.
        }
        throw new IllegalArgumentException(option + " " + value + " is no number within 0.." + max);
    }

    private static FsyncPolicy policy(String value) {
        for (FsyncPolicy policy : FsyncPolicy.values()) {
            if (policy.toString().equals(value.toLowerCase(Locale.ROOT))) {
                return policy;
            }
        }
        throw new IllegalArgumentException("--fsync " + value + " is none of always, everysec, no");
    }

    /** Why it could not be started, and what can be done about it. */
    private static String reason(CallException failure, StoreOptions options) {
        Throwable cause = failure.getCause();
        if (cause instanceof IoException known && known.reason() == Reason.ADDRESS_IN_USE) {
            return "another program listens at " + options.address() + "; end that one, or choose another --port";
        }
        return String.valueOf(cause == null ? failure.getMessage() : cause.getMessage());
    }

    private static int fail(int code, String message) {
        log(message);
        return code;
    }

    private static void log(String message) {
        System.err.println("store: " + message);
    }
}
