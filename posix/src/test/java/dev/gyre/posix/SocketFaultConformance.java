package dev.gyre.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.gyre.io.BackendUnavailable;
import dev.gyre.io.Connection;
import dev.gyre.io.ConnectionPair;
import dev.gyre.io.ControlData;
import dev.gyre.io.Datagram;
import dev.gyre.io.DatagramOptions;
import dev.gyre.io.DatagramSocket;
import dev.gyre.io.ErrorNumber;
import dev.gyre.io.File;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.SocketType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls on sockets that fail in a moment in which something could get lost, or for a reason that has to be found. */
abstract class SocketFaultConformance {
    private static final OpenOptions READ_AND_WRITE =
            new OpenOptions(OpenOptions.Access.READ_WRITE, Set.of(OpenOptions.Flag.CREATE), 0600);

    @TempDir
    Path folder;

    /**
     * The backend.
     *
     * @return a new one
     * @throws BackendUnavailable if it does not work here
     */
    protected abstract Io open() throws BackendUnavailable;

    /**
     * Whether it has files that can be written.
     *
     * @return true, unless it says otherwise
     */
    protected boolean hasFiles() {
        return true;
    }

    /** Whatever fails after a message has come: what was passed along has an owner, or is closed. */
    @ParameterizedTest
    @ValueSource(strings = {"receiveWith", "adopt", "localAddress", "socketDescriptor", "fileDescriptor",
        "datagramFlags", "remoteAddress"})
    @Tag("T13")
    void whatWasPassedIsClosedWhereMemoryRunsOut(String call) throws Exception {
        Passed what = switch (call) {
            case "fileDescriptor" -> Passed.FILES;
            case "datagramFlags", "remoteAddress" -> Passed.DATAGRAM_SOCKETS;
            default -> Passed.CONNECTIONS;
        };
        Assumptions.assumeTrue(hasFiles() || what != Passed.FILES, "skipped: the backend has no files");
        for (int others = 0; others < (call.equals("receiveWith") ? 1 : 2); others++) {
            try (Io io = open()) {
                FaultyKernel kernel = FaultyKernel.before((PosixIo) io);
                receivePassed(io, _ -> {}, what);
                int made = others;
                assertThat(catchThrowable(() -> receivePassed(io, _ -> kernel.replace(call, made, () -> {
                    throw new OutOfMemoryError("as the test will have it");
                }), what))).isInstanceOf(OutOfMemoryError.class);
                assertThat(kernel.open()).as("what is left open").isZero();
            }
        }
    }

    /** Something that opens a descriptor. */
    @FunctionalInterface
    private interface Opening {
        AutoCloseable open() throws Exception;
    }

    /** A descriptor that the kernel has given is closed where there is no memory for what is to own it. */
    @Test
    @Tag("T12")
    void aSocketIsClosedWhereMemoryRunsOut() throws Exception {
        try (Io io = open(); Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT)) {
            FaultyKernel kernel = FaultyKernel.before((PosixIo) io);
            String call = "socketDescriptor";
            assertClosed(kernel, call, 0, () -> io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT));
            assertClosed(kernel, call, 0, () -> io.bind(Ip4Address.loopback(0), DatagramOptions.DEFAULT));
            assertClosed(kernel, call, 0, () -> io.connectPair(SocketType.STREAM));
            assertClosed(kernel, call, 1, () -> io.connectPair(SocketType.STREAM));
            assertClosed(kernel, call, 0, () -> io.connect(listener.localAddress()));
            // Both have come.
            assertClosed(kernel, call, 0, listener::accept);
        }
    }

    @Test
    @Tag("T10")
    void aFileIsClosedWhereMemoryRunsOut() throws Exception {
        Assumptions.assumeTrue(hasFiles(), "skipped: the backend has no files");
        try (Io io = open()) {
            FaultyKernel kernel = FaultyKernel.before((PosixIo) io);
            String path = folder.resolve("opened").toString();
            String call = "fileDescriptor";
            assertClosed(kernel, call, 0, () -> io.currentDirectory().openFile(path, READ_AND_WRITE));
            assertClosed(kernel, call, 0, () -> io.currentDirectory().openDirectory(folder.toString()));
            assertClosed(kernel, call, 0, () -> io.currentDirectory().listing());
            assertClosed(kernel, call, 0, io::watcher);
        }
    }

    private static void assertClosed(FaultyKernel kernel, String call, int others, Opening opening) throws Exception {
        int before = kernel.open();
        opening.open().close();
        assertThat(kernel.open()).isEqualTo(before);
        kernel.replace(call, others, () -> {
            throw new OutOfMemoryError("as the test will have it");
        });
        assertThat(catchThrowable(opening::open)).isInstanceOf(OutOfMemoryError.class);
        assertThat(kernel.open()).as("what is left open").isEqualTo(before);
    }

    @Test
    @Tag("T13")
    void whatWasPassedIsClosedWhereItsSocketCloses() throws Exception {
        try (Io io = open()) {
            FaultyKernel kernel = FaultyKernel.before((PosixIo) io);
            Consumer<Connection> closing = receiver -> kernel.replace("receiveWith", 0, () -> {
                receiver.close();
                return 0;
            });
            Throwable thrown = catchThrowable(() -> receivePassed(io, closing, Passed.CONNECTIONS));
            assertIs(Operation.READ.failure(Reason.CLOSED, "it"), thrown, "a read that meets the close");
            assertThat(kernel.open()).as("what is left open").isZero();
        }
    }

    @Test
    @Tag("T13")
    void whatWasPassedAndCannotBeAskedIsClosed() throws Exception {
        try (Io io = open()) {
            FaultyKernel kernel = FaultyKernel.before((PosixIo) io);
            for (Passed what : List.of(Passed.CONNECTIONS, Passed.DATAGRAM_SOCKETS)) {
                Throwable thrown = catchThrowable(() ->
                        receivePassed(io, _ -> kernel.replace("adopt", 1, () -> null), what));
                assertIs(Operation.READ.failure(ErrorNumber.EOPNOTSUPP.code(), "it"), thrown, "the second of two");
                assertThat(kernel.open()).as("what is left open").isZero();
            }
            int error = ErrorNumber.ENOBUFS.code();
            Throwable thrown = catchThrowable(() ->
                    receivePassed(io, _ -> kernel.fail("remoteAddress", 1, error), Passed.DATAGRAM_SOCKETS));
            assertIs(Operation.REMOTE_ADDRESS.failure(error, "it"), thrown, "the second of two");
            assertThat(kernel.open()).as("what is left open").isZero();
        }
    }

    /** Each of them fails to be closed, which does not keep the others open. */
    @Test
    @Tag("T13")
    void whatWasPassedIsClosedWhereClosingFails() throws Exception {
        try (Io io = open()) {
            FaultyKernel kernel = FaultyKernel.before((PosixIo) io);
            Error first = new OutOfMemoryError("as the test will have it");
            Error second = new OutOfMemoryError("as the test will have it");
            Throwable thrown = catchThrowable(() -> receivePassed(io, _ -> kernel.replace("adopt", 1, () -> {
                kernel.replace("closeNow", 0, () -> {
                    kernel.replace("closeNow", 0, () -> {
                        throw second;
                    });
                    throw first;
                });
                return null;
            }), Passed.CONNECTIONS));
            assertIs(Operation.READ.failure(ErrorNumber.EOPNOTSUPP.code(), "it"), thrown, "the second of two");
            assertThat(thrown.getSuppressed()).containsExactly(first, second);
            assertThat(kernel.open()).as("what is left open").isZero();
        }
    }

    /** Where the interface is known, it is something else that the kernel finds fault with. */
    @Test
    @Tag("T14")
    void aLinkLocalDestinationThatIsRefusedLacksItsInterface() throws Exception {
        IpAddress address = IpAddress.parse("fe80::1", 9);
        Datagram datagram = new Datagram(MemorySegment.ofArray(new byte[1])).address(address);
        int error = ErrorNumber.EINVAL.code();
        try (Io io = open(); DatagramSocket socket = io.bind(Ip4Address.loopback(0), DatagramOptions.DEFAULT)) {
            FaultyKernel kernel = FaultyKernel.before((PosixIo) io);
            kernel.fail("sendDatagrams", error);
            assertIs(Operation.SEND.failure(Reason.INTERFACE_MISSING, "it"),
                    catchThrowable(() -> socket.send(datagram)), "send");
            kernel.fail("sendDatagrams", error);
            datagram.controlToSend(ControlData.NONE.withInterface(1));
            assertIs(Operation.SEND.failure(error, "it"), catchThrowable(() -> socket.send(datagram)), "by lo");
            kernel.fail("connectDatagrams", error);
            assertIs(Operation.CONNECT.failure(Reason.INTERFACE_MISSING, "it"),
                    catchThrowable(() -> socket.connect(address)), "connect");
        }
    }

    private enum Passed {
        CONNECTIONS,
        FILES,
        DATAGRAM_SOCKETS
    }

    /** Passes two of a kind, and does something before they are received. */
    private void receivePassed(Io io, Consumer<Connection> before, Passed what) throws IOException {
        MemorySegment one = MemorySegment.ofArray(new byte[1]);
        try (ConnectionPair way = io.connectPair(SocketType.STREAM)) {
            switch (what) {
                case CONNECTIONS -> way.first().writeWith(one, List.of(way.first(), way.first()));
                case FILES -> {
                    String path = folder.resolve("passed").toString();
                    try (File file = io.currentDirectory().openFile(path, READ_AND_WRITE)) {
                        way.first().writeWith(one, List.of(file, file));
                    }
                }
                case DATAGRAM_SOCKETS -> {
                    try (DatagramSocket socket = io.bind(Ip4Address.loopback(0), DatagramOptions.DEFAULT)) {
                        way.first().writeWith(one, List.of(socket, socket));
                    }
                }
            }
            before.accept(way.second());
            way.second().readWith(one, 2).close();
        }
    }

    static void assertIs(@Nullable Throwable expected, @Nullable Throwable thrown, String what) {
        switch (expected) {
            case null -> assertThat(thrown).as(what).isNull();
            case IoException declared -> {
                assertThat(thrown).as(what).isInstanceOf(IoException.class);
                IoException failure = (IoException) thrown;
                assertThat(failure.operation()).as(what).isEqualTo(declared.operation());
                assertThat(failure.reason()).as(what).isEqualTo(declared.reason());
                assertThat(failure.errorNumber()).as(what).isEqualTo(declared.errorNumber());
            }
            default -> assertThat(thrown).as(what).isInstanceOf(expected.getClass());
        }
    }
}
