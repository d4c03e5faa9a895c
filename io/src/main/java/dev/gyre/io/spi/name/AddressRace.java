package dev.gyre.io.spi.name;

import dev.gyre.io.BoundedQueue;
import dev.gyre.io.CanceledException;
import dev.gyre.io.Clock;
import dev.gyre.io.ConcurrencyUnavailable;
import dev.gyre.io.Connection;
import dev.gyre.io.DatagramOptions;
import dev.gyre.io.DatagramSocket;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.IpFamily;
import dev.gyre.io.Lookup;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Timeout;
import dev.gyre.io.Timestamp;
import dev.gyre.io.spi.name.DestinationOrder.Candidate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Connects to the one of a host's addresses that answers first (RFC 8305, "Happy Eyeballs").
 *
 * <p>A task looks the name up, and each attempt to connect is a task; they tell the caller by a queue. An attempt
 * begins when the one before it has failed, or has had 250 ms; IPv6 and IPv4 take turns, the best of each by {@link
 * DestinationOrder} first. If an IPv4 address is known first, the IPv6 addresses have another 50 ms to arrive. The
 * first connection wins; the lookup and the other attempts are canceled, and connections that come too late are closed,
 * before the caller goes on. Where no further task can be had, addresses are tried one after the other.
 */
final class AddressRace {
    private static final Duration RESOLUTION_DELAY = Duration.ofMillis(50);
    private static final Duration ATTEMPT_DELAY = Duration.ofMillis(250);
    private static final int EVENTS_MAX = 16;

    private final Io io;
    private final String host;
    private final int port;
    private final BoundedQueue<Event> events;
    private final List<Candidate> untried = new ArrayList<>();
    private @Nullable IpFamily lastTried;
    private @Nullable IoException failure;
    private boolean lookingUp = true;
    private int running;

    /** When the next attempt may begin, on {@link Clock#AWAKE}. */
    private Timestamp due;

    /** What a task tells the caller. */
    private sealed interface Event {
        /** The lookup has found an address. */
        record Found(IpAddress address) implements Event {}

        /** The lookup is over. */
        record LookupEnded(@Nullable IoException failure) implements Event {}

        /** An attempt has succeeded. */
        record Connected(Connection connection) implements Event {}

        /** An attempt has failed. */
        record Failed(IoException failure) implements Event {}

        /** A task has ended in a way that none should. */
        record Broken(Throwable thrown) implements Event {}
    }

    AddressRace(Io io, String host, int port) {
        this.io = io;
        this.host = host;
        this.port = port;
        this.events = io.queue(EVENTS_MAX);
        this.due = io.now(Clock.AWAKE);
    }

    /** The winner, which is the caller's. Closes the lookup. */
    Connection run(Lookup lookup) throws IoException {
        try (lookup) {
            Connection winner = null;
            try (Group<RuntimeException> group = io.group(_ -> {})) {
                try {
                    group.concurrent(() -> lookUp(lookup));
                } catch (ConcurrencyUnavailable _) {
                    return inTurn(lookup);
                }
                winner = race(group);
            } finally {
                closeAllBut(winner);
            }
            return winner;
        }
    }

    private Connection race(Group<RuntimeException> group) throws IoException {
        while (true) {
            if (!untried.isEmpty() && io.now(Clock.AWAKE).compareTo(due) >= 0) {
                Connection made = attempt(group, best());
                if (made != null) {
                    return made;
                }
            }
            if (untried.isEmpty() && running == 0 && !lookingUp) {
                throw failure != null ? failure : Operation.LOOKUP.failure(Reason.NO_ADDRESS, host);
            }
            switch (nextEvent()) {
                case null -> {}
                case Event.Found(IpAddress address) -> found(address);
                case Event.LookupEnded(IoException failed) -> lookupEnded(failed);
                case Event.Connected(Connection connection) -> {
                    return connection;
                }
                case Event.Failed(IoException failed) -> attemptFailed(failed);
                case Event.Broken(Throwable thrown) ->
                    throw new IllegalStateException("an attempt to connect to " + host + " broke off", thrown);
            }
        }
    }

    /** Null when the next attempt is due. */
    private @Nullable Event nextEvent() {
        if (untried.isEmpty()) {
            return events.get();
        }
        try {
            return io.within(Timeout.at(due), events::get);
        } catch (TimeoutException _) {
            return null;
        }
    }

    private void found(IpAddress address) {
        boolean first = untried.isEmpty() && lastTried == null;
        boolean isSix = IpFamily.of(address) == IpFamily.IP6;
        untried.add(Candidate.of(address.withPort(port), sourceOf(address)));
        DestinationOrder.sort(untried);
        if (lastTried == null && (first || isSix)) {
            Timestamp now = io.now(Clock.AWAKE);
            due = isSix || !lookingUp ? now : now.plus(RESOLUTION_DELAY);
        }
    }

    /** From which address of this machine it would be reached: connecting a socket of datagrams sends nothing. */
    private @Nullable IpAddress sourceOf(IpAddress address) {
        IpAddress any = switch (address) {
            case Ip4Address _ -> Ip4Address.unspecified(0);
            case Ip6Address _ -> Ip6Address.unspecified(0);
        };
        try (DatagramSocket socket = io.bind(any, DatagramOptions.DEFAULT)) {
            socket.connect(address.withPort(port));
            return socket.localAddress() instanceof IpAddress source ? source : null;
        } catch (IoException _) {
            return null;
        }
    }

    private void lookupEnded(@Nullable IoException failed) {
        lookingUp = false;
        if (failed != null) {
            noteFailure(failed);
        }
        if (lastTried == null) {
            due = io.now(Clock.AWAKE);
        }
    }

    private void attemptFailed(IoException failed) {
        running--;
        noteFailure(failed);
        due = io.now(Clock.AWAKE);
    }

    /** The first one is what the caller gets: of the address that was thought to be the best. */
    private void noteFailure(IoException failed) {
        if (failure == null) {
            failure = failed;
        } else {
            failure.addSuppressed(failed);
        }
    }

    /** Families take turns as long as there are addresses of both. */
    private Candidate best() {
        return untried.stream()
                .filter(candidate -> IpFamily.of(candidate.address()) != lastTried)
                .findFirst()
                .orElse(untried.getFirst());
    }

    private void take(Candidate candidate) {
        untried.remove(candidate);
        lastTried = IpFamily.of(candidate.address());
    }

    /** Where no task can be had, waits for those that run; if there are none, makes the attempt on the spot. */
    private @Nullable Connection attempt(Group<RuntimeException> group, Candidate candidate) {
        due = io.now(Clock.AWAKE).plus(ATTEMPT_DELAY);
        try {
            group.concurrent(() -> connect(candidate.address()));
            running++;
            take(candidate);
            return null;
        } catch (ConcurrencyUnavailable _) {
            return running == 0 ? attempt(candidate) : null;
        }
    }

    private @Nullable Connection attempt(Candidate candidate) {
        take(candidate);
        try {
            return io.connect(candidate.address());
        } catch (IoException failed) {
            noteFailure(failed);
            due = io.now(Clock.AWAKE);
            return null;
        }
    }

    private void connect(IpAddress address) {
        tell(() -> {
            try {
                return new Event.Connected(io.connect(address));
            } catch (IoException failed) {
                return new Event.Failed(failed);
            }
        });
    }

    private void lookUp(Lookup lookup) {
        tell(() -> {
            try {
                for (IpAddress address = lookup.next(); address != null; address = lookup.next()) {
                    events.put(new Event.Found(address));
                }
                return new Event.LookupEnded(null);
            } catch (IoException failed) {
                return new Event.LookupEnded(failed);
            }
        });
    }

    /** Tells how something ended, whatever it was; the caller would wait for it for ever. */
    private void tell(Supplier<Event> end) {
        Event event;
        try {
            event = end.get();
        } catch (CanceledException canceled) {
            throw canceled;
        } catch (RuntimeException | Error broken) {
            event = new Event.Broken(broken);
        }
        boolean told = false;
        try {
            events.put(event);
            told = true;
        } finally {
            if (!told && event instanceof Event.Connected(Connection connection)) {
                connection.close();
            }
        }
    }

    private void closeAllBut(@Nullable Connection winner) {
        List<Event> left = new ArrayList<>();
        io.protect(() -> events.get(left, 0, EVENTS_MAX));
        for (Event event : left) {
            if (event instanceof Event.Connected(Connection connection) && connection != winner) {
                connection.close();
            }
        }
    }

    private Connection inTurn(Lookup lookup) throws IoException {
        for (IpAddress address : lookup.all()) {
            found(address);
        }
        while (!untried.isEmpty()) {
            Connection made = attempt(best());
            if (made != null) {
                return made;
            }
        }
        throw failure != null ? failure : Operation.LOOKUP.failure(Reason.NO_ADDRESS, host);
    }
}
