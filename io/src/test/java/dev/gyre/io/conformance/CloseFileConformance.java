package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.gyre.io.Directory;
import dev.gyre.io.File;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IoOptions;
import dev.gyre.io.OpenOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Closing files and folders at the end of their {@link Io} and after it: no descriptor is lost. */
@Tag("P9")
abstract class CloseFileConformance {
    private static final int CLOSERS = 2;
    private static final int FILES_EACH = 25;

    @ParameterizedTest
    @EnumSource
    void whatIsOpenCanBeClosedAfterTheEnd(Caller caller, Opener opener, @TempDir Path folder) throws Exception {
        try (Io another = opener.open(IoOptions.DEFAULT)) {
            Set<String> before = OpenDescriptors.now();
            Io io = opener.open(IoOptions.DEFAULT);
            File file = open(io, Folders.write(io, folder.resolve("file"), "hello"));
            Directory directory = io.currentDirectory().openDirectory(folder.toString());
            // So that there is something to give back.
            io.concurrent(() -> {
                file.read(new byte[5], 0);
                return directory.list();
            }).await();
            io.close();
            caller.run(another, () -> {
                file.close();
                file.close();
                directory.close();
                directory.close();
            });
            Eventually.assertEmpty("descriptors were left open", () -> OpenDescriptors.since(before));
        }
    }

    /** A close that the end of the Io overtakes is neither refused nor forgotten, wherever on its way it is. */
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "TASK")
    @StressRun
    void aFileIsClosedWhileItsIoIs(Caller caller, Opener opener, @TempDir Path folder) throws Exception {
        Set<String> before = OpenDescriptors.now();
        for (int i = 0; i < Rounds.of(100); i++) {
            Io io = opener.open(IoOptions.DEFAULT);
            Path path = Folders.write(io, folder.resolve("file"), "");
            CountDownLatch busy = new CountDownLatch(CLOSERS);
            List<Caller.Call<Object>> closing = new ArrayList<>();
            for (int j = 0; j < CLOSERS; j++) {
                List<AutoCloseable> open = openMany(io, path);
                closing.add(caller.start(io, () -> {
                    for (AutoCloseable each : open) {
                        each.close();
                        busy.countDown();
                    }
                    return null;
                }));
            }
            busy.await();
            io.close();
            for (Caller.Call<Object> each : closing) {
                assertThatCode(each::result).doesNotThrowAnyException();
            }
            Eventually.assertEmpty("descriptors were left open", () -> OpenDescriptors.since(before));
        }
    }

    private static List<AutoCloseable> openMany(Io io, Path path) throws IoException {
        List<AutoCloseable> open = new ArrayList<>();
        for (int i = 0; i < FILES_EACH; i++) {
            open.add(open(io, path));
            open.add(io.currentDirectory().openDirectory(path.getParent().toString()));
        }
        return open;
    }

    private static File open(Io io, Path path) throws IoException {
        return io.currentDirectory().openFile(path.toString(), OpenOptions.READ);
    }
}
