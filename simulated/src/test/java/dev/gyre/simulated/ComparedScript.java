package dev.gyre.simulated;

import dev.gyre.io.Address;
import dev.gyre.io.Body;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IpAddress;
import dev.gyre.io.Timeout;
import dev.gyre.io.UnixAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeoutException;

/**
 * A random sequence of what can be done to a kernel, and what it answered. Addresses are told by names, since each
 * kernel chooses ports of its own.
 */
abstract class ComparedScript {
    /** The answer of what did not end in time. */
    static final String WAITS = "it waits";

    final Io io;
    final Random random;
    private final Map<Integer, String> ports = new HashMap<>();
    private final Map<String, String> unixNames = new HashMap<>();
    private final List<String> answers = new ArrayList<>();
    private boolean ambiguous;

    ComparedScript(Io io, long seed) {
        this.io = io;
        this.random = new Random(seed);
    }

    /** Something that is done, and its answer as text. */
    interface Step {
        String take() throws Exception;
    }

    /** Does something that is chosen at random. */
    abstract void next() throws Exception;

    /** Closes what is open. */
    abstract void close() throws Exception;

    /** Does so much, and closes what is open. */
    final void run(int steps) throws Exception {
        try {
            while (answers.size() < steps) {
                next();
            }
        } finally {
            close();
        }
    }

    /** A line for each step. */
    final List<String> answers() {
        return answers;
    }

    /** Whether the kernel chose a port that it had chosen before, so that an address is not what it was. */
    final boolean isAmbiguous() {
        return ambiguous;
    }

    /** Takes note of an address of which the kernel chose the port. */
    final void chosen(Address address) {
        ambiguous |= address instanceof IpAddress ip && ports.containsKey(ip.port());
    }

    final void step(String what, Step step) throws Exception {
        String answer;
        try {
            answer = step.take();
        } catch (IoException refused) {
            answer = refused.operation() + ": " + refused.reason();
        } catch (IllegalArgumentException senseless) {
            answer = "it makes no sense";
        } catch (TimeoutException late) {
            answer = WAITS;
        }
        answers.add(what + " -> " + answer);
    }

    /** Does what may have to wait. */
    final <T> T within(Timeout limit, Body<T, Exception> body) throws Exception {
        return io.within(limit, body);
    }

    <T> T anyOf(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    /** Whether something happens that does so once in so many times. */
    boolean once(int times) {
        return random.nextInt(times) == 0;
    }

    final String name(Address address) {
        return switch (address) {
            case null -> "nobody";
            case UnixAddress unix when unix.path().isEmpty() -> "unnamed";
            case UnixAddress unix -> unixNames.computeIfAbsent(unix.path(), _ -> "U" + unixNames.size());
            case IpAddress ip when ip.port() == 0 -> ip.toString();
            case IpAddress ip -> ip.withPort(0) + " "
                    + ports.computeIfAbsent(ip.port(), _ -> "P" + ports.size());
        };
    }
}
