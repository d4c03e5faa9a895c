package dev.gyre.io.conformance;

import static dev.gyre.io.conformance.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gyre.io.Address;
import dev.gyre.io.Connection;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Task;
import dev.gyre.io.UnixAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Listening, and why it can fail. */
@Tag("L1")
abstract class ListenConformance {
    private static final ListenOptions SHARED = ListenOptions.DEFAULT.withReusePort(true);

    @ParameterizedTest
    @EnumSource
    @Tag("T12")
    @Tag("T13")
    void theListenerSaysWhereItReallyIs(Sockets.Family family, Io io, @TempDir Path folder) throws Exception {
        try (Listener listener = family.listen(io, folder); Sockets.Pair pair = Sockets.Pair.open(io, listener)) {
            Address address = listener.localAddress();
            if (address instanceof IpAddress ip) {
                assertThat(ip.port()).isPositive();
            }
            assertThat(pair.client().remoteAddress()).isEqualTo(address);
            assertThat(pair.server().localAddress()).isEqualTo(address);
            assertThat(listener).asString().contains(address.toString());
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("L3")
    void anAddressHasOneListener(Sockets.Family family, Io io, @TempDir Path folder) throws Exception {
        try (Listener listener = family.listen(io, folder)) {
            IoException failure = assertFails(Operation.LISTEN, Reason.ADDRESS_IN_USE,
                    () -> io.listen(listener.localAddress(), ListenOptions.DEFAULT));
            assertThat(failure)
                    .hasMessage("listen " + listener.localAddress() + ": the address is in use (EADDRINUSE)");
        }
    }

    @Test
    @Tag("L2")
    void reuseAddressTakesAPortWhoseConnectionsHaveNotTimedOut(Io io) throws Exception {
        ListenOptions exclusive = ListenOptions.DEFAULT.withReuseAddress(false);
        Address address;
        try (Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT);
                Sockets.Pair pair = Sockets.Pair.open(io, listener)) {
            address = listener.localAddress();
            // The end that closes first is the one whose port stays occupied.
            pair.server().close();
            Sockets.assertEnds(pair.client());
        }
        assertFails(Operation.LISTEN, Reason.ADDRESS_IN_USE, () -> io.listen(address, exclusive));
        io.listen(address, ListenOptions.DEFAULT).close();
    }

    @Test
    @Tag("L2")
    void reuseAddressDoesNotShareAPort(Io io) throws Exception {
        try (Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT.withReuseAddress(true))) {
            assertFails(Operation.LISTEN, Reason.ADDRESS_IN_USE, () -> io.listen(listener.localAddress(), SHARED));
        }
    }

    @Test
    @Tag("L2")
    void reusePortSharesAPortAmongThoseWhoAskForIt(Io io) throws Exception {
        int connections = 32;
        AtomicInteger accepted = new AtomicInteger();
        try (Listener first = io.listen(Ip4Address.loopback(0), SHARED);
                Listener second = io.listen(first.localAddress(), SHARED)) {
            assertThat(second.localAddress()).isEqualTo(first.localAddress());
            assertFails(Operation.LISTEN, Reason.ADDRESS_IN_USE,
                    () -> io.listen(first.localAddress(), ListenOptions.DEFAULT));
            List<Task<Object, Exception>> acceptors = new ArrayList<>();
            for (Listener listener : List.of(first, second)) {
                acceptors.add(io.concurrent(() -> {
                    while (true) {
                        try (Connection _ = listener.accept()) {
                            accepted.incrementAndGet();
                        }
                    }
                }));
            }
            for (int i = 0; i < connections; i++) {
                try (Connection client = io.connect(first.localAddress())) {
                    Sockets.assertEnds(client);
                }
            }
            assertThat(accepted).hasValue(connections);
            for (Task<Object, Exception> acceptor : acceptors) {
                Sockets.cancel(acceptor);
            }
        }
    }

    @Test
    @Tag("L3")
    void anAddressOfNoInterfaceIsNotAvailable(Io io) {
        // TEST-NET-1 (RFC 5737).
        assertFails(Operation.LISTEN, Reason.ADDRESS_NOT_AVAILABLE,
                () -> io.listen(Ip4Address.parse("192.0.2.1", 0), ListenOptions.DEFAULT));
    }

    @Test
    @Tag("T13")
    void aPathMayBeAsLongAsItsFieldAndNoLonger(Io io) throws Exception {
        String name = "\0gyre-" + ProcessHandle.current().pid() + "-";
        UnixAddress longest = new UnixAddress(name + "x".repeat(108 - name.length()));
        try (Listener listener = io.listen(longest, ListenOptions.DEFAULT);
                Sockets.Pair pair = Sockets.Pair.open(io, listener)) {
            assertThat(listener.localAddress()).isEqualTo(longest);
            assertThat(pair.client().remoteAddress()).isEqualTo(longest);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new UnixAddress("x".repeat(108)))
                .withMessageContaining("107");
        assertThatIllegalArgumentException().isThrownBy(() -> new UnixAddress(longest.path() + "x"))
                .withMessageContaining("108");
        assertThatIllegalArgumentException().isThrownBy(() -> new UnixAddress("a\0b"));
    }

    @Test
    @Tag("T13")
    void thePathOfALongNameIsTaken(Io io, @TempDir Path folder) throws Exception {
        int room = 107 - folder.toString().length() - 1;
        if (room < 1) {
            throw Skip.because("a temporary folder with a path of at most 105 bytes", folder);
        }
        UnixAddress longest = new UnixAddress(folder.resolve("x".repeat(room)).toString());
        try (Listener listener = io.listen(longest, ListenOptions.DEFAULT)) {
            assertThat(listener.localAddress()).isEqualTo(longest);
            io.connect(longest).close();
        }
    }

    @Test
    void closingLetsGoOfTheAddress(Io io) throws Exception {
        Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT);
        Address address = listener.localAddress();
        listener.close();
        listener.close();
        assertThat(listener.localAddress()).as("still known").isEqualTo(address);
        assertFails(Operation.ACCEPT, Reason.CLOSED, listener::accept);
        assertFails(Operation.CONNECT, Reason.CONNECTION_REFUSED, () -> io.connect(address));
        io.listen(address, ListenOptions.DEFAULT).close();
    }

    @Test
    void theQueueOfAClosedListenerIsReset(Io io) throws Exception {
        Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT);
        try (Connection waiting = io.connect(listener.localAddress())) {
            listener.close();
            assertFails(Operation.READ, Reason.CONNECTION_RESET, () -> Sockets.readOne(waiting));
        }
    }
}
