package dev.gyre.io.conformance;

import dev.gyre.io.File;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.OpenOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tasks that never have to wait, because all they want is there, leave others their turns. */
@Tag("T3")
abstract class FairnessConformance {
    /** Enough to keep each processor busy for as long as they like. */
    private static final int BUSY = 2 * Runtime.getRuntime().availableProcessors();

    private static final int TURNS = 20;

    @ParameterizedTest
    @EnumSource
    void writersThatAlwaysFindRoom(Caller caller, Io io) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        List<Sockets.Pair> pairs = new ArrayList<>();
        List<Caller.Call<?>> calls = new ArrayList<>();
        for (int i = 0; i < BUSY; i++) {
            Sockets.Pair pair = Sockets.Pair.open(io);
            pairs.add(pair);
            calls.add(Caller.PLATFORM_THREAD.start(io, () -> Sockets.drain(pair.server())));
            calls.add(caller.start(io, () -> {
                byte[] bytes = new byte[64];
                while (!over.get()) {
                    pair.client().writeAll(bytes);
                }
                pair.client().close();
                return null;
            }));
        }
        othersHaveTheirTurns(io);
        over.set(true);
        for (Caller.Call<?> call : calls) {
            call.result();
        }
        for (Sockets.Pair pair : pairs) {
            pair.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void readersOfAFileThatIsInMemory(Caller caller, Io io, @TempDir Path folder) throws Exception {
        Path path = Files.write(folder.resolve("file"), new byte[64]);
        AtomicBoolean over = new AtomicBoolean();
        try (File file = io.currentDirectory().openFile(path.toString(), OpenOptions.READ)) {
            List<Caller.Call<?>> calls = new ArrayList<>();
            for (int i = 0; i < BUSY; i++) {
                calls.add(caller.start(io, () -> {
                    byte[] bytes = new byte[64];
                    while (!over.get()) {
                        file.read(bytes, 0);
                    }
                    return null;
                }));
            }
            othersHaveTheirTurns(io);
            over.set(true);
            for (Caller.Call<?> call : calls) {
                call.result();
            }
        }
    }

    /** As often as they sleep, they must be woken, and run. */
    private static void othersHaveTheirTurns(Io io) throws Exception {
        try (Group<IoException> others = io.group()) {
            for (int i = 0; i < BUSY; i++) {
                others.concurrent(() -> {
                    for (int turn = 0; turn < TURNS; turn++) {
                        io.sleep(Duration.ofMillis(1));
                    }
                });
            }
            others.await();
        }
    }
}
