package dev.gyre.uring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.File;
import dev.gyre.io.FileStat;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IoOptions;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Task;
import dev.gyre.io.conformance.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A loop goes on while a file system has its users wait for the state of an open file. */
@Tag("T10")
final class HeldStatTest {
    @Test
    void theStateOfAnOpenFileMayTakeItsTime(@TempDir Path folder) throws Exception {
        assertThat(ChildJvm.runWithMounts(Program.class, folder.toString()))
                .containsExactlyElementsOf(List.of("others go on", "12345", "others go on", "12345"));
    }

    /** Twice, as it has to be found out first what kind of file system it is. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) throws Exception {
            Path folder = Path.of(arguments[0]);
            HeldFileSystem system = HeldFileSystem.mount(folder);
            endAfter(Duration.ofSeconds(20));
            try (Io io = Io.open(IoOptions.DEFAULT.withBackend("uring").withLoops(1));
                    File file = io.currentDirectory().openFile(
                            folder.resolve(HeldFileSystem.FILE).toString(), OpenOptions.READ)) {
                for (int i = 0; i < 2; i++) {
                    Task<FileStat, IoException> asking = io.concurrent(file::stat);
                    system.awaitQuestion();
                    for (int j = 0; j < 3; j++) {
                        io.concurrent(() -> {
                            io.sleep(Duration.ofMillis(1));
                            return null;
                        }).await();
                    }
                    System.out.println("others go on");
                    system.allow();
                    System.out.println(asking.await().size());
                }
            }
        }

        private static void endAfter(Duration patience) {
            Thread.ofPlatform().daemon().start(() -> {
                LockSupport.parkNanos(patience.toNanos());
                System.out.println("the loop stands still");
                Runtime.getRuntime().halt(0);
            });
        }
    }
}
