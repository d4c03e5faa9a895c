package dev.gyre.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.gyre.io.Advice;
import dev.gyre.io.BackendUnavailable;
import dev.gyre.io.Batch;
import dev.gyre.io.Change;
import dev.gyre.io.Child;
import dev.gyre.io.Command;
import dev.gyre.io.ConnectOptions;
import dev.gyre.io.Connection;
import dev.gyre.io.ConnectionPair;
import dev.gyre.io.Direction;
import dev.gyre.io.DatagramOptions;
import dev.gyre.io.DatagramSocket;
import dev.gyre.io.Directory;
import dev.gyre.io.ErrorNumber;
import dev.gyre.io.File;
import dev.gyre.io.FileKind;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Listing;
import dev.gyre.io.Locking;
import dev.gyre.io.Mapping;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.MulticastGroup;
import dev.gyre.io.MulticastOptions;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Renaming;
import dev.gyre.io.SocketOption;
import dev.gyre.io.SocketType;
import dev.gyre.io.Stdio;
import dev.gyre.io.Timeout;
import dev.gyre.io.Watcher;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every call to the kernel fails once, with every error number there is. Then it is made again, or its caller hears the
 * reason that the operation declares, or a fault is reported as one; and nothing stays open.
 */
public abstract class FaultConformance extends SocketFaultConformance {
    private static final OpenOptions READ_AND_WRITE =
            new OpenOptions(OpenOptions.Access.READ_WRITE, Set.of(OpenOptions.Flag.CREATE), 0600);

    private static final MulticastGroup GROUP = new MulticastGroup(IpAddress.parse("239.255.71.1", 0));

    private static final int SIGCONT = 18;

    /** How the failure of a call is judged. */
    private enum Kind {
        /** It never waits, and so is never made again. */
        IMMEDIATE,

        /** It may wait, and is made again after a signal. */
        WAITING,

        /** So it is, and after having found nothing to do as well. */
        SOCKET
    }

    /** A use of the interface that makes the call. */
    private interface Use {
        void run(Scene scene) throws IoException;
    }

    /** The same in a folder. */
    private interface FolderUse {
        void run(Directory folder) throws IoException;
    }

    /** A call on behalf of an operation. */
    enum Call {
        LISTEN_SOCKET(Operation.LISTEN, "socket", Kind.IMMEDIATE, Scene::listen),
        LISTEN_OPTION(Operation.SET_OPTION, "setOption", Kind.IMMEDIATE, Scene::listen),
        LISTEN_BIND(Operation.LISTEN, "bind", Kind.IMMEDIATE, Scene::listen),
        LISTEN(Operation.LISTEN, "listen", Kind.IMMEDIATE, Scene::listen),
        LISTEN_ADDRESS(Operation.LISTEN, "localAddress", Kind.IMMEDIATE, Scene::listen),
        CONNECT_SOCKET(Operation.CONNECT, "socket", Kind.IMMEDIATE, Scene::connect),
        CONNECT_OPTION(Operation.SET_OPTION, "setOption", Kind.IMMEDIATE, Scene::connect),
        CONNECT_BIND(Operation.CONNECT, "bind", Kind.IMMEDIATE, Scene::connectFromLoopback),
        CONNECT(Operation.CONNECT, "connect", Kind.WAITING, Scene::connect),
        CONNECT_PAIR(Operation.CONNECT_PAIR, "socketPair", Kind.IMMEDIATE,
                scene -> scene.io.connectPair(SocketType.STREAM).close()),
        SET_OPTION(Operation.SET_OPTION, "setOption", Kind.IMMEDIATE,
                scene -> scene.client.setOption(SocketOption.KEEP_ALIVE, true)),
        GET_OPTION(Operation.GET_OPTION, "option", Kind.IMMEDIATE,
                scene -> scene.client.option(SocketOption.KEEP_ALIVE)),
        INTERFACE_INDEX(Operation.FIND_INTERFACE, "interfaceIndex", Kind.IMMEDIATE,
                scene -> scene.io.interfaceIndex("lo")),
        INTERFACE_NAME(Operation.FIND_INTERFACE, "interfaceName", Kind.IMMEDIATE,
                scene -> scene.io.interfaceName(1)),
        PASS(Operation.WRITE, "sendWith", Kind.SOCKET, Scene::pass),
        TAKE_PASSED(Operation.READ, "receiveWith", Kind.SOCKET, Scene::pass),
        PEER_CREDENTIALS(Operation.PEER_CREDENTIALS, "peerCredentials", Kind.IMMEDIATE, Scene::askForPeer),
        ACCEPT(Operation.ACCEPT, "accept", Kind.WAITING, scene -> scene.listener.accept().close()),
        READ(Operation.READ, "receive", Kind.SOCKET, scene -> scene.server.read(new byte[1])),
        WRITE(Operation.WRITE, "send", Kind.SOCKET, scene -> scene.client.writeAll(new byte[1])),
        SHUTDOWN(Operation.SHUTDOWN, "shutdown", Kind.IMMEDIATE, scene -> scene.client.shutdown(Direction.WRITE)),
        LOCAL_ADDRESS(Operation.LOCAL_ADDRESS, "localAddress", Kind.IMMEDIATE, scene -> scene.client.localAddress()),
        REMOTE_ADDRESS(
                Operation.REMOTE_ADDRESS, "remoteAddress", Kind.IMMEDIATE, scene -> scene.server.remoteAddress()),
        COPY_FROM_CONNECTION(
                Operation.READ, "receive", Kind.SOCKET, scene -> scene.server.transferTo(scene.client, 1)),
        COPY_TO_CONNECTION(Operation.WRITE, "send", Kind.SOCKET, scene -> scene.server.transferTo(scene.client, 1)),
        BIND_SOCKET(Operation.BIND, "datagramSocket", Kind.IMMEDIATE, Scene::bind),
        BIND_FLAG(Operation.BIND, "setOption", Kind.IMMEDIATE, Scene::bind),
        BIND(Operation.BIND, "bind", Kind.IMMEDIATE, Scene::bind),
        BIND_ADDRESS(Operation.BIND, "localAddress", Kind.IMMEDIATE, Scene::bind),
        SEND(Operation.SEND, "sendDatagrams", Kind.SOCKET, Scene::sendDatagram),
        RECEIVE(Operation.RECEIVE, "receiveDatagrams", Kind.SOCKET, Scene::sendDatagram),
        CONNECT_DATAGRAMS(Operation.CONNECT, "connectDatagrams", Kind.IMMEDIATE, Scene::connectDatagrams),
        JOIN_GROUP(Operation.JOIN_GROUP, "setMember", Kind.IMMEDIATE, scene -> scene.datagrams.join(GROUP)),
        LEAVE_GROUP(Operation.LEAVE_GROUP, "setMember", Kind.IMMEDIATE, scene -> scene.datagrams.leave(GROUP)),
        SET_MULTICAST(
                Operation.SET_MULTICAST, "setMulticast", Kind.IMMEDIATE,
                scene -> scene.datagrams.multicast(MulticastOptions.DEFAULT)),
        SEND_FILE(
                Operation.SEND_FILE, "sendFile", Kind.SOCKET,
                scene -> scene.client.sendFile(scene.file(), 0, 1, Timeout.NONE)),
        COPY_FILE_TO_CONNECTION(
                Operation.SEND_FILE, "sendFile", Kind.SOCKET, scene -> scene.file().transferTo(scene.client)),
        COPY_FILE(Operation.COPY, "copy", Kind.WAITING, Scene::copyFile),
        COPY_FROM_FILE(Operation.READ_FILE, "read", Kind.WAITING, Scene::copyFile),
        OPEN_FILE(Operation.OPEN_FILE, "openFile", Kind.WAITING, scene -> scene.openFile().close()),
        OPEN_DIRECTORY(
                Operation.OPEN_DIRECTORY, "openDirectory", Kind.WAITING,
                scene -> scene.io.currentDirectory().openDirectory(scene.folder.toString()).close()),
        STAT_PATH(
                Operation.STAT, "stat", Kind.WAITING,
                scene -> scene.io.currentDirectory().stat(scene.folder.toString())),
        STAT(Operation.STAT, "stat", Kind.WAITING, scene -> scene.file().stat()),
        LIST(Operation.LIST, "list", Kind.WAITING, Scene::list),
        READ_FILE(Operation.READ_FILE, "read", Kind.WAITING, scene -> scene.file().read(new byte[1], 0)),
        WRITE_FILE(Operation.WRITE_FILE, "write", Kind.WAITING, scene -> scene.file().write(new byte[1], 0)),
        READ_STREAM(Operation.READ_FILE, "read", Kind.WAITING, scene -> scene.file().read(new byte[1])),
        READ_PARTS(
                Operation.READ_FILE, "read", Kind.WAITING,
                scene -> scene.file().read(List.of(MemorySegment.ofArray(new byte[1])), 0)),
        WRITE_PARTS(
                Operation.WRITE_FILE, "write", Kind.WAITING,
                scene -> scene.file().write(List.of(MemorySegment.ofArray(new byte[1])))),
        POSITION(Operation.SEEK, "moveTo", Kind.IMMEDIATE, scene -> scene.file().position()),
        LOCK(Operation.LOCK, "lock", Kind.WAITING, scene -> scene.file().lock(Locking.SHARED)),
        UNLOCK(Operation.LOCK, "lock", Kind.WAITING, scene -> scene.file().unlock()),
        SYNC(Operation.SYNC, "sync", Kind.WAITING, scene -> scene.file().sync()),
        DATA_SYNC(Operation.SYNC, "sync", Kind.WAITING, scene -> scene.file().dataSync()),
        SYNC_FOLDER(Operation.SYNC, "sync", Kind.WAITING, scene -> scene.inFolder(Directory::sync)),
        LISTING(Operation.LIST, "list", Kind.WAITING, scene -> scene.inFolder(folder -> {
            try (Listing listing = folder.listing()) {
                listing.next();
            }
        })),
        ACCESS(Operation.ACCESS, "access", Kind.WAITING, scene -> scene.inFolder(folder -> folder.access("file"))),
        MAKE_DIRECTORY(
                Operation.MAKE_DIRECTORY, "makeDirectory", Kind.WAITING,
                scene -> scene.inFolder(folder -> folder.makeDirectory("made"))),
        RENAME(
                Operation.RENAME, "rename", Kind.WAITING,
                scene -> scene.inFolder(folder -> folder.rename("file", "renamed"))),
        HARD_LINK(
                Operation.HARD_LINK, "hardLink", Kind.WAITING,
                scene -> scene.inFolder(folder -> folder.hardLink("file", folder, "link"))),
        SYMLINK(
                Operation.SYMLINK, "symlink", Kind.WAITING,
                scene -> scene.inFolder(folder -> folder.symlink("file", "symlink"))),
        MAKE_NODE(
                Operation.MAKE_NODE, "makeNode", Kind.WAITING,
                scene -> scene.inFolder(folder -> folder.makeNode("node", FileKind.PIPE, 0600, 0))),
        READ_LINK(
                Operation.READ_LINK, "readLink", Kind.WAITING,
                scene -> scene.inFolder(folder -> folder.readLink("to-file"))),
        REAL_PATH(
                Operation.REAL_PATH, "realPath", Kind.WAITING,
                scene -> scene.inFolder(folder -> folder.realPath("file"))),
        DELETE_FILE(
                Operation.DELETE_FILE, "delete", Kind.WAITING,
                scene -> scene.inFolder(folder -> folder.deleteFile("file"))),
        DELETE_DIRECTORY(
                Operation.DELETE_DIRECTORY, "delete", Kind.WAITING,
                scene -> scene.inFolder(folder -> folder.deleteDirectory("empty"))),
        SET_PERMISSIONS_OF_PATH(
                Operation.SET_PERMISSIONS, "setPermissions", Kind.WAITING,
                scene -> scene.inFolder(folder -> folder.setPermissions("file", 0644))),
        SET_OWNER_OF_PATH(
                Operation.SET_OWNER, "setOwner", Kind.WAITING,
                scene -> scene.inFolder(folder -> folder.setOwner("file", -1, -1))),
        SET_TIMES_OF_PATH(
                Operation.SET_TIMES, "setTimes", Kind.WAITING,
                scene -> scene.inFolder(folder -> folder.setTimes("file", null, null))),
        SET_PERMISSIONS(
                Operation.SET_PERMISSIONS, "setPermissions", Kind.WAITING,
                scene -> scene.file().setPermissions(0644)),
        SET_OWNER(Operation.SET_OWNER, "setOwner", Kind.WAITING, scene -> scene.file().setOwner(-1, -1)),
        SET_TIMES(Operation.SET_TIMES, "setTimes", Kind.WAITING, scene -> scene.file().setTimes(null, null)),
        TRUNCATE(Operation.TRUNCATE, "truncate", Kind.WAITING, scene -> scene.file().truncate(1)),
        ALLOCATE(Operation.ALLOCATE, "allocate", Kind.WAITING, scene -> scene.file().allocate(0, 1)),
        SEEK(Operation.SEEK, "seek", Kind.WAITING, scene -> scene.file().seekHole(0)),
        STAT_FILE_SYSTEM(
                Operation.STAT_FILE_SYSTEM, "statFileSystem", Kind.WAITING, scene -> scene.file().statFileSystem()),
        STAT_FILE_SYSTEM_OF_FOLDER(
                Operation.STAT_FILE_SYSTEM, "statFileSystem", Kind.WAITING,
                scene -> scene.inFolder(Directory::statFileSystem)),
        ADVISE(Operation.ADVISE, "advise", Kind.WAITING, scene -> scene.file().advise(Advice.NORMAL, 0, 0)),
        LIST_EXTENDED_ATTRIBUTES(
                Operation.LIST_EXTENDED_ATTRIBUTES, "listAttributes", Kind.WAITING,
                scene -> scene.file().listExtendedAttributes()),
        LIST_EXTENDED_ATTRIBUTES_OF_PATH(
                Operation.LIST_EXTENDED_ATTRIBUTES, "listAttributes", Kind.WAITING,
                scene -> scene.inFolder(folder -> folder.listExtendedAttributes("file"))),
        GET_EXTENDED_ATTRIBUTE(
                Operation.GET_EXTENDED_ATTRIBUTE, "getAttribute", Kind.WAITING,
                scene -> scene.file().getExtendedAttribute("user.a")),
        GET_EXTENDED_ATTRIBUTE_OF_PATH(
                Operation.GET_EXTENDED_ATTRIBUTE, "getAttribute", Kind.WAITING,
                scene -> scene.inFolder(folder -> folder.getExtendedAttribute("file", "user.a"))),
        SET_EXTENDED_ATTRIBUTE(
                Operation.SET_EXTENDED_ATTRIBUTE, "setAttribute", Kind.WAITING,
                scene -> scene.file().setExtendedAttribute("user.b", new byte[1])),
        SET_EXTENDED_ATTRIBUTE_OF_PATH(
                Operation.SET_EXTENDED_ATTRIBUTE, "setAttribute", Kind.WAITING,
                scene -> scene.inFolder(folder -> folder.setExtendedAttribute("file", "user.b", new byte[1]))),
        REMOVE_EXTENDED_ATTRIBUTE(
                Operation.REMOVE_EXTENDED_ATTRIBUTE, "removeAttribute", Kind.WAITING,
                scene -> scene.file().removeExtendedAttribute("user.a")),
        REMOVE_EXTENDED_ATTRIBUTE_OF_PATH(
                Operation.REMOVE_EXTENDED_ATTRIBUTE, "removeAttribute", Kind.WAITING,
                scene -> scene.inFolder(folder -> folder.removeExtendedAttribute("file", "user.a"))),
        EXECUTABLE_PATH(Operation.EXECUTABLE_PATH, "readLink", Kind.WAITING, scene -> scene.io.executablePath()),
        MAP(Operation.MAP, "map", Kind.WAITING, scene -> scene.mapped(Arena.ofAuto())),
        SYNC_MAPPED(
                Operation.SYNC_MAPPED, "syncMapped", Kind.WAITING,
                scene -> scene.io.syncMapped(scene.mapped(Arena.ofAuto()))),
        OPEN_WATCHER(
                Operation.OPEN_WATCHER, "openWatcher", Kind.IMMEDIATE, scene -> scene.io.watcher().close()),
        WATCH(Operation.WATCH, "watch", Kind.WAITING, Scene::watch),
        NEXT_CHANGE(Operation.NEXT_CHANGE, "changes", Kind.WAITING, Scene::watch),
        SPAWN(Operation.SPAWN, "spawn", Kind.WAITING, Scene::spawn),
        PIPE(Operation.SPAWN, "pipe", Kind.IMMEDIATE, Scene::spawn),
        SECOND_PIPE(Operation.SPAWN, "pipe", Kind.IMMEDIATE, Scene::spawn),
        THIRD_PIPE(Operation.SPAWN, "pipe", Kind.IMMEDIATE, Scene::spawn),
        WORKING_DIRECTORY(Operation.SPAWN, "openWorkingDirectory", Kind.WAITING, Scene::spawn),
        AWAIT_CHILD(Operation.AWAIT_CHILD, "awaitEnd", Kind.WAITING, Scene::awaitChild),
        POLL_CHILD(Operation.AWAIT_CHILD, "pollEnd", Kind.IMMEDIATE, scene -> scene.child().poll()),
        SIGNAL_CHILD(Operation.SIGNAL_CHILD, "signal", Kind.IMMEDIATE, scene -> scene.child().signal(SIGCONT)),
        CLOSE(Operation.CLOSE, "close", Kind.IMMEDIATE, scene -> scene.file().close());

        /** Then the file is read and written. */
        private static final Set<ErrorNumber> NOT_BY_KERNEL = Set.of(
                ErrorNumber.EBADF, ErrorNumber.EINVAL, ErrorNumber.ENOSYS, ErrorNumber.ENOTTY, ErrorNumber.EOPNOTSUPP,
                ErrorNumber.EXDEV);

        private final Operation operation;
        private final String name;
        private final Kind kind;
        @SuppressWarnings("ImmutableEnumChecker") // they keep nothing
        private final Use use;

        Call(Operation operation, String name, Kind kind, Use use) {
            this.operation = operation;
            this.name = name;
            this.kind = kind;
            this.use = use;
        }

        /** Whether it comes after the last one that needs no files. */
        boolean needsFiles() {
            return compareTo(SEND_FILE) >= 0;
        }

        /** How many calls of that name come before. */
        int others() {
            return switch (this) {
                case SECOND_PIPE -> 1;
                case THIRD_PIPE -> 2;
                default -> 0;
            };
        }

        /** What the caller hears if the first call fails with that number; null if nothing. */
        @Nullable Throwable expected(ErrorNumber error) {
            if (isMadeAgain(error) || isHandled(error)) {
                return null;
            }
            if (error == ErrorNumber.ETIME && kind != Kind.IMMEDIATE) {
                return operation.failure(Reason.TIMED_OUT, "it");
            }
            boolean noPort = (this == CONNECT && error == ErrorNumber.EADDRNOTAVAIL)
                    || ((this == LISTEN_BIND || this == BIND || this == CONNECT_BIND)
                            && error == ErrorNumber.EADDRINUSE);
            if (this == CONNECT_DATAGRAMS && error == ErrorNumber.EINVAL) {
                return declared(ErrorNumber.EADDRNOTAVAIL);
            }
            return noPort ? operation.failure(Reason.EPHEMERAL_PORTS_EXHAUSTED, "it") : declared(error);
        }

        private boolean isMadeAgain(ErrorNumber error) {
            return switch (kind) {
                case IMMEDIATE -> false;
                case WAITING -> operation.retries(error.code()) || error == ErrorNumber.ECANCELED;
                case SOCKET -> operation.retries(error.code())
                        || error == ErrorNumber.ECANCELED
                        || error == ErrorNumber.EAGAIN;
            };
        }

        /**
         * A file that cannot be sent from may be readable, as one that the kernel does not copy; there may be no hole;
         * a child may run, or have ended; a descriptor is closed, whatever interrupts that.
         */
        private boolean isHandled(ErrorNumber error) {
            return (operation == Operation.SEND_FILE
                            && (error == ErrorNumber.EINVAL || error == ErrorNumber.EOVERFLOW))
                    || (this == COPY_FILE && NOT_BY_KERNEL.contains(error))
                    || (this == SEEK && error == ErrorNumber.ENXIO)
                    || (this == POLL_CHILD && error == ErrorNumber.EAGAIN)
                    || (this == SIGNAL_CHILD && error == ErrorNumber.ESRCH)
                    || (this == CLOSE && error == ErrorNumber.EINTR);
        }

        private Throwable declared(ErrorNumber error) {
            try {
                return operation.failure(error.code(), "it");
            } catch (AssertionError fault) {
                return fault;
            }
        }
    }

    /** What the calls are made on: a connection with a byte under way, a second one to be accepted, and a file. */
    private static final class Scene implements AutoCloseable {
        private final Io io;
        private final Path folder;
        private final Listener listener;
        private final Connection client;
        private final Connection server;
        private final Connection waiting;
        private final DatagramSocket datagrams;
        private final @Nullable File file;
        private @Nullable Child child;

        Scene(Io io, Path folder, boolean files) throws IoException {
            this.io = io;
            this.folder = folder;
            listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT);
            client = io.connect(listener.localAddress());
            server = listener.accept();
            client.writeAll(new byte[1]);
            waiting = io.connect(listener.localAddress());
            datagrams = io.bind(Ip4Address.loopback(0), DatagramOptions.DEFAULT);
            file = files ? openFile() : null;
        }

        File file() {
            if (file == null) {
                throw new AssertionError("there is no file");
            }
            return file;
        }

        File openFile() throws IoException {
            return io.currentDirectory().openFile(folder.resolve("file").toString(), READ_AND_WRITE);
        }

        /** A child that runs until the scene is closed. */
        Child child() throws IoException {
            if (child == null) {
                child = io.spawn(Command.of("sleep", "1000"));
            }
            return child;
        }

        /** One that is made again waits for a child that goes on. */
        void awaitChild() throws IoException {
            Child running = child();
            try {
                io.within(Timeout.after(Duration.ofMillis(500)), running::await);
                throw new AssertionError(running + " has ended");
            } catch (TimeoutException waits) {
                assertThat(running.poll()).isNull();
            }
        }

        void spawn() throws IoException {
            Command command = Command.of("true").withDirectory("/");
            io.spawn(command.withInput(Stdio.PIPE).withOutput(Stdio.PIPE).withError(Stdio.PIPE)).close();
        }

        void copyFile() throws IoException {
            try (File empty = io.currentDirectory().openFile(folder.resolve("copy").toString(), OpenOptions.REPLACE)) {
                file().transferTo(empty);
                file().transferTo(empty);
            }
        }

        void listen() throws IoException {
            io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT).close();
        }

        void connect() throws IoException {
            io.connect(listener.localAddress()).close();
        }

        void connectFromLoopback() throws IoException {
            io.connect(listener.localAddress(), ConnectOptions.DEFAULT.withLocal(Ip4Address.loopback(0))).close();
        }

        void pass() throws IoException {
            MemorySegment one = MemorySegment.ofArray(new byte[1]);
            try (ConnectionPair pair = io.connectPair(SocketType.STREAM)) {
                pair.first().writeWith(one, List.of(pair.second()));
                pair.second().readWith(one, 1).close();
            }
        }

        void askForPeer() throws IoException {
            try (ConnectionPair pair = io.connectPair(SocketType.STREAM)) {
                pair.first().peerCredentials();
            }
    }

        void bind() throws IoException {
            io.bind(Ip4Address.loopback(0), DatagramOptions.DEFAULT.with(DatagramOptions.Flag.BROADCAST)).close();
        }

        void sendDatagram() throws IoException {
            MemorySegment buffer = MemorySegment.ofArray(new byte[1]);
            datagrams.send(buffer, datagrams.localAddress());
            datagrams.receive(buffer);
        }

        void connectDatagrams() throws IoException {
            datagrams.connect(datagrams.localAddress());
        }

        MemorySegment mapped(Arena arena) throws IoException {
            return file().map(Mapping.READ_WRITE, 0, 1, arena);
        }

        void watch() throws IoException {
            try (Watcher watcher = io.watcher()) {
                inFolder(folder -> {
                    watcher.watch(folder, "file", Set.of(Change.ATTRIBUTES));
                    folder.setPermissions("file", 0600);
                    watcher.next();
                });
            }
        }

        void list() throws IoException {
            inFolder(Directory::list);
        }

        /** Does something in a folder that has a file, a symbolic link to it, and an empty folder. */
        void inFolder(FolderUse use) throws IoException {
            try (Directory directory = io.currentDirectory().openDirectory(folder.toString())) {
                use.run(directory);
            }
        }

        @Override
        public void close() throws IoException {
            waiting.close();
            server.close();
            client.close();
            listener.close();
            datagrams.close();
            if (file != null) {
                file.close();
            }
            if (child != null) {
                child.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void failsWithEachErrorNumber(Call call) throws BackendUnavailable, IOException {
        Assumptions.assumeTrue(hasFiles() || !call.needsFiles(), "skipped: the backend has no files");
        Assumptions.assumeTrue(!call.name.endsWith("Attribute") || hasAttributes(),
                "skipped: the file system of " + folder + " has no extended attributes");
        try (Io io = open()) {
            FaultyKernel kernel = FaultyKernel.before((PosixIo) io);
            for (ErrorNumber error : ErrorNumber.values()) {
                String what = call + ", " + error;
                if (hasFiles()) {
                    furnish();
                }
                try (Scene scene = new Scene(io, folder, hasFiles())) {
                    kernel.fail(call.name, call.others(), error.code());
                    Throwable thrown = catchThrowable(() -> call.use.run(scene));
                    assertThat(kernel.hasFailed()).as(what + ": the call was made").isTrue();
                    assertIs(call.expected(error), thrown, what);
                }
                assertThat(kernel.open()).as(what + ": what is left open").isZero();
            }
        }
    }

    /** {@code EINVAL} means two things: where a folder does not go into itself, the file system cannot do it. */
    @Test
    void renamingThatAFileSystemDoesNotHaveIsToldAsThat() throws Exception {
        Assumptions.assumeTrue(hasFiles(), "skipped: the backend has no files");
        furnish();
        try (Io io = open(); Directory directory = io.currentDirectory().openDirectory(folder.toString())) {
            FaultyKernel kernel = FaultyKernel.before((PosixIo) io);
            for (Renaming renaming : Renaming.values()) {
                kernel.fail("rename", ErrorNumber.EINVAL.code());
                assertThat(catchThrowable(() -> directory.rename("file", directory, "empty/renamed", renaming)))
                        .isInstanceOfSatisfying(IoException.class, failed -> assertThat(failed.reason()).isEqualTo(
                                renaming == Renaming.REPLACE ? Reason.INTO_ITSELF : Reason.OPERATION_UNSUPPORTED));
                kernel.fail("rename", ErrorNumber.EINVAL.code());
                assertThat(catchThrowable(() -> directory.rename("empty", directory, "empty/renamed", renaming)))
                        .isInstanceOfSatisfying(IoException.class,
                                failed -> assertThat(failed.reason()).isEqualTo(Reason.INTO_ITSELF));
            }
        }
    }

    /** Signals end operations of a batch, and the {@code Io} closes before they are made again: the rest is let go. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Tag("T23")
    @SuppressWarnings("try") // it is closed in the middle, too
    void interruptedOperationsOfABatchAreMadeAgain(boolean ioCloses) throws Exception {
        Assumptions.assumeTrue(hasFiles(), "skipped: the backend has no files");
        Files.write(folder.resolve("file"), new byte[8]);
        try (Io io = open()) {
            FaultyKernel kernel = FaultyKernel.before((PosixIo) io);
            kernel.interruptEachThirdOfABatch();
            Arena arena = io.arena();
            Batch batch = io.batch(8);
            MemorySegment buffer = arena.allocate(8);
            File file = io.currentDirectory().openFile(folder.resolve("file").toString(), READ_AND_WRITE);
            for (int i = 0; i < 8; i++) {
                batch.write(file, buffer.asSlice(i, 1), i);
            }
            batch.submit();
            file.close();
            if (ioCloses) {
                kernel.awaitEndsOfABatch(8);
                io.close();
                assertThat(catchThrowable(batch::await)).isInstanceOf(IllegalStateException.class);
            } else {
                batch.await();
                for (int i = 0; i < 8; i++) {
                    int number = i;
                    if (i % 3 == 0) {
                        assertThat(catchThrowable(() -> batch.count(number))).hasMessageContaining("closed");
                    } else {
                        assertThat(batch.count(i)).isEqualTo(1);
                    }
                }
            }
            batch.close();
            arena.close();
            assertThat(kernel.open()).isZero();
        }
    }

    private boolean hasAttributes() throws IOException {
        return Files.getFileStore(folder).supportsFileAttributeView("user");
    }

    /** As with one that runs as another user. It goes on, and is closed all the same. */
    @Test
    void aChildThatMayNotBeKilledIsClosed() throws Exception {
        Assumptions.assumeTrue(hasFiles(), "skipped: the backend has no processes");
        try (Io io = open()) {
            FaultyKernel kernel = FaultyKernel.before((PosixIo) io);
            Child child = io.spawn(Command.of("sleep", "1000"));
            kernel.fail("signal", ErrorNumber.EPERM.code());
            assertIs(Operation.SIGNAL_CHILD.failure(Reason.PERMISSION_DENIED, "it"), catchThrowable(child::close),
                    "the first close");
            child.close();
            ProcessHandle process = ProcessHandle.of(child.pid()).orElseThrow();
            assertThat(process.isAlive()).isTrue();
            process.destroyForcibly();
            process.onExit().join();
        }
    }

    /** Nobody would know of the child, or could close its pipes. */
    @ParameterizedTest
    @CsvSource({"fileDescriptor, 0", "fileDescriptor, 1", "fileDescriptor, 2", "closeNow, 0", "closeNow, 1",
        "closeNow, 2", "closeNow, 3"})
    @Tag("T24")
    void aChildIsEndedWhereMemoryRunsOut(String call, int others) throws Exception {
        Assumptions.assumeTrue(hasFiles(), "skipped: the backend has no processes");
        Command command = Command.of("sleep", "1000").withDirectory("/").withInput(Stdio.PIPE).withOutput(Stdio.PIPE)
                .withError(Stdio.PIPE);
        try (Io io = open()) {
            FaultyKernel kernel = FaultyKernel.before((PosixIo) io);
            List<ProcessHandle> before = ProcessHandle.current().children().toList();
            Error shortage = new OutOfMemoryError("as the test will have it");
            kernel.replace(call, others, () -> {
                throw shortage;
            });
            assertThat(catchThrowable(() -> io.spawn(command))).isSameAs(shortage);
            assertThat(kernel.open()).as("what is left open").isZero();
            assertThat(ProcessHandle.current().children()).as("children").containsExactlyElementsOf(before);
        }
    }

    /** What uses of the folder find; whatever the one before has made or removed. */
    private void furnish() throws IOException {
        Files.write(folder.resolve("file"), new byte[1]);
        if (hasAttributes()) {
            Files.setAttribute(folder.resolve("file"), "user:a", new byte[1]);
        }
        Files.createDirectories(folder.resolve("empty"));
        Files.deleteIfExists(folder.resolve("made"));
        Files.deleteIfExists(folder.resolve("link"));
        Files.deleteIfExists(folder.resolve("symlink"));
        Files.deleteIfExists(folder.resolve("node"));
        Files.deleteIfExists(folder.resolve("to-file"));
        Files.createSymbolicLink(folder.resolve("to-file"), Path.of("file"));
    }
}
