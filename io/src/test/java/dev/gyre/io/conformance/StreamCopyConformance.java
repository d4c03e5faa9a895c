package dev.gyre.io.conformance;

import static dev.gyre.io.conformance.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gyre.io.BufferedSink;
import dev.gyre.io.BufferedSource;
import dev.gyre.io.Connection;
import dev.gyre.io.Direction;
import dev.gyre.io.File;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.OpenOptions.Access;
import dev.gyre.io.OpenOptions.Flag;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Sink;
import dev.gyre.io.Source;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Copies between files, pipes and connections. */
@Tag("T25")
abstract class StreamCopyConformance {
    private static final OpenOptions WRITE = new OpenOptions(Access.WRITE, Set.of(), 0);

    /** More than all buffers on the way. */
    private static final byte[] CONTENT = new byte[3_000_000];

    static {
        new Random(5).nextBytes(CONTENT);
    }

    /** What bytes come from and go to. */
    enum Kind {
        FILE,
        PIPE,
        CONNECTION
    }

    /** Both ends of something: what is written to one comes out of the other. */
    private static final class Channel implements AutoCloseable {
        private final Source source;
        private final Sink sink;

        Channel(Io io, Kind kind, Path path) throws Exception {
            switch (kind) {
                case FILE -> {
                    sink = open(io, path, OpenOptions.REPLACE);
                    source = open(io, path, OpenOptions.READ);
                }
                case PIPE -> {
                    Pipes.make(io, path);
                    Caller.Call<File> reader = Caller.PLATFORM_THREAD.start(io, () -> open(io, path, OpenOptions.READ));
                    sink = open(io, path, WRITE);
                    source = reader.result();
                }
                default -> {
                    Sockets.Pair pair = Sockets.Pair.open(io);
                    sink = pair.client();
                    source = pair.server();
                }
            }
        }

        void end() throws IoException {
            if (sink instanceof Connection connection) {
                connection.shutdown(Direction.WRITE);
            } else {
                sink.close();
            }
        }

        @Override
        public void close() throws IoException {
            sink.close();
            source.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyByteIsCopied(Kind from, Io io, @TempDir Path folder) throws Exception {
        for (Kind to : Kind.values()) {
            for (Caller caller : Caller.values()) {
                String name = to + "-" + caller;
                assertCopies(caller, io, from, to, CONTENT.length, Long.MAX_VALUE, folder.resolve(name));
                assertCopies(caller, io, from, to, 0, Long.MAX_VALUE, folder.resolve(name + "-empty"));
                assertCopies(caller, io, from, to, 1000, 1000, folder.resolve(name + "-small"));
                assertCopies(caller, io, from, to, CONTENT.length, 1_234_567, folder.resolve(name + "-part"));
                assertCopies(caller, io, from, to, 1000, 0, folder.resolve(name + "-nothing"));
            }
        }
    }

    private static void assertCopies(Caller caller, Io io, Kind from, Kind to, int length, long max, Path folder)
            throws Exception {
        Folders.make(io, folder);
        byte[] content = Arrays.copyOf(CONTENT, length);
        byte[] expected = Arrays.copyOf(content, (int) Math.min(length, max));
        try (Channel in = new Channel(io, from, folder.resolve("in"));
                Channel out = new Channel(io, to, folder.resolve("out"))) {
            Caller.Call<Object> writing = caller.start(io, () -> {
                try {
                    in.sink.writeAll(content);
                    in.end();
                } catch (IoException unread) {
                    assertThat(max).as("all is read, and the writer hears " + unread).isLessThan(length);
                }
                return true;
            });
            if (from == Kind.FILE) {
                assertThat(writing.result()).isEqualTo(true);
            }
            Caller.Call<byte[]> reading = to == Kind.FILE ? null : caller.start(io, () -> readAll(out.source));
            assertThat(caller.<Long>run(io, () -> in.source.transferTo(out.sink, max)))
                    .as("%d bytes of %d from %s to %s by %s", max, length, from, to, caller)
                    .isEqualTo(expected.length);
            if (in.source instanceof File file && from == Kind.FILE) {
                assertThat(file.position()).isEqualTo(expected.length);
            }
            out.end();
            assertThat(reading == null ? readAll(out.source) : reading.result()).isEqualTo(expected);
            in.source.close();
            assertThat(writing.result()).isEqualTo(true);
        }
    }

    private static byte[] readAll(Source source) throws IoException {
        return new BufferedSource(source).readAll(CONTENT.length);
    }

    /** The kernel's ways begin where the buffers end. */
    @ParameterizedTest
    @EnumSource
    void whatIsInBuffersGoesFirst(Kind to, Io io, @TempDir Path folder) throws Exception {
        Path path = Folders.write(io, folder.resolve("in"), CONTENT);
        for (Caller caller : Caller.values()) {
            try (Channel out = new Channel(io, to, folder.resolve("out"));
                    BufferedSource source = new BufferedSource(open(io, path, OpenOptions.READ))) {
                Caller.Call<byte[]> reading = to == Kind.FILE ? null : caller.start(io, () -> readAll(out.source));
                caller.run(io, () -> {
                    BufferedSink sink = new BufferedSink(out.sink);
                    sink.writeInt(source.readInt());
                    sink.writeByte(source.readByte());
                    assertThat(source.transferTo(sink, 1_000_000)).isEqualTo(1_000_000);
                    sink.writeByte(source.readByte());
                    assertThat(source.transferTo(sink)).isEqualTo(CONTENT.length - 1_000_006);
                    assertThat(source.position()).isEqualTo(CONTENT.length);
                    sink.flush();
                });
                out.end();
                assertThat(reading == null ? readAll(out.source) : reading.result()).isEqualTo(CONTENT);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatTheKernelRefusesIsReadAndWritten(Caller caller, Io io, @TempDir Path folder) throws Exception {
        caller.run(io, () -> {
            Path from = Folders.write(io, folder.resolve("in"), "second");
            Path path = Folders.write(io, folder.resolve("out"), "first\n");
            OpenOptions append = new OpenOptions(Access.WRITE, Set.of(Flag.APPEND), 0);
            try (File in = open(io, from, OpenOptions.READ); File out = open(io, path, append)) {
                assertThat(in.transferTo(out)).isEqualTo(6);
            }
            assertThat(Folders.readText(io, path)).isEqualTo("first\nsecond");
        });
    }

    @Test
    @SuppressWarnings("try") // what the block closes is closed before, too
    void aFileThatDoesNotAllowItSaysSo(Io io, @TempDir Path folder) throws Exception {
        Path path = Folders.write(io, folder.resolve("file"), CONTENT);
        try (File reader = open(io, path, OpenOptions.READ);
                File other = open(io, path, OpenOptions.READ);
                File writer = open(io, folder.resolve("other"), OpenOptions.REPLACE);
                Sockets.Pair pair = Sockets.Pair.open(io)) {
            assertFails(Operation.READ_FILE, Reason.NOT_OPEN_FOR_READING, () -> writer.transferTo(other));
            reader.seekTo(CONTENT.length);
            assertFails(Operation.WRITE_FILE, Reason.NOT_OPEN_FOR_WRITING, () -> other.transferTo(reader));
            assertThatIllegalArgumentException().isThrownBy(() -> reader.transferTo(reader));
            assertFails(Operation.SEND_FILE, Reason.OPERATION_UNSUPPORTED, () -> writer.transferTo(pair.client()));
            writer.close();
            assertFails(Operation.SEEK, Reason.CLOSED, () -> reader.transferTo(writer));
            reader.close();
            assertFails(Operation.SEEK, Reason.CLOSED, () -> reader.transferTo(pair.client()));
        }
    }

    /** What is before the file's position has gone out; of what comes after it, not much. */
    @ParameterizedTest
    @EnumSource
    @Tag("T3")
    void aFileThatIsCanceledTellsHowFarItCame(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = Sockets.fileThatIsTooMuch(io, folder);
        try (Sockets.Pair pair = Sockets.Pair.open(io); File file = open(io, path, OpenOptions.READ)) {
            Stopping.assertStops(caller, io, () -> file.transferTo(pair.client()));
            long position = file.position();
            pair.client().shutdown(Direction.WRITE);
            assertThat(Sockets.drain(pair.server())).isBetween(position, position + 128 * 1024);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("T3")
    void aPipeThatIsCanceledLosesNothing(Caller caller, Io io, @TempDir Path folder) throws Exception {
        try (Channel in = new Channel(io, Kind.PIPE, folder.resolve("in"));
                Channel out = new Channel(io, Kind.PIPE, folder.resolve("out"))) {
            BufferedSource source = new BufferedSource(in.source);
            Caller.Call<Object> writing = caller.start(io, () -> {
                in.sink.writeAll(CONTENT);
                in.end();
                return true;
            });
            for (int i = 0; i < 3; i++) {
                Stopping.assertStops(caller, io, () -> source.transferTo(out.sink));
            }
            Caller.Call<byte[]> reading = caller.start(io, () -> readAll(out.source));
            caller.run(io, () -> source.transferTo(out.sink));
            out.end();
            assertThat(reading.result()).isEqualTo(CONTENT);
            assertThat(source.position()).isEqualTo(CONTENT.length);
            assertThat(writing.result()).isEqualTo(true);
        }
    }

    @Test
    void aFileThatIsCopiedToItselfDoesNotGoOnForEver(Io io, @TempDir Path folder) throws Exception {
        Path path = Folders.write(io, folder.resolve("file"), new byte[1000]);
        OpenOptions append = new OpenOptions(Access.WRITE, Set.of(OpenOptions.Flag.APPEND), 0);
        try (File source = open(io, path, OpenOptions.READ);
                File target = open(io, path, WRITE);
                File end = open(io, path, append)) {
            target.seekTo(500);
            assertThatIllegalArgumentException().isThrownBy(() -> source.transferTo(target))
                    .withMessageEndingWith("overlap: 1000 bytes at 0 and at 500");
            target.seekTo(1000);
            assertThat(source.transferTo(target)).isEqualTo(1000);
            assertThat(source.position()).isEqualTo(1000);
            assertThat(target.position()).isEqualTo(2000);
            assertThat(source.transferTo(end)).isEqualTo(1000);
            assertThat(source.stat().size()).isEqualTo(3000);
        }
    }

    @Test
    void aFileIsReadByLines(Io io, @TempDir Path folder) throws Exception {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            text.append("line ").append(i).append(i % 3 == 0 ? "\r\n" : "\n");
        }
        Path path = Folders.write(io, folder.resolve("lines"), text + "the last");
        try (BufferedSource lines = new BufferedSource(open(io, path, OpenOptions.READ), 100)) {
            for (int i = 0; i < 10_000; i++) {
                assertThat(lines.readLine(100)).isEqualTo("line " + i);
            }
            assertThat(lines.readLine(100)).isEqualTo("the last");
            assertThat(lines.readLine(100)).isNull();
        }
    }

    private static File open(Io io, Path path, OpenOptions options) throws IoException {
        return io.currentDirectory().openFile(path.toString(), options);
    }
}
