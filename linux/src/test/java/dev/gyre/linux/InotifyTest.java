package dev.gyre.linux;

import static dev.gyre.linux.Native.assertFails;
import static dev.gyre.linux.Native.intAt;
import static dev.gyre.linux.Native.ok;
import static dev.gyre.linux.Native.path;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.linux.layout.InotifyEvent;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("T11")
final class InotifyTest {
    @TempDir
    private Path directory;

    @Test
    void changesAreRead() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            int queue = ok(Inotify.init(Inotify.IN_CLOEXEC | Inotify.IN_NONBLOCK));
            MemorySegment path = path(arena, directory);
            int watch = ok(Inotify.addWatch(queue, path, Inotify.IN_CREATE | Inotify.IN_MASK_CREATE));
            assertThat(watch).isPositive();
            assertFails(Inotify.addWatch(queue, path, Inotify.IN_CREATE | Inotify.IN_MASK_CREATE), Errno.EEXIST);
            java.nio.file.Files.createDirectory(directory.resolve("made"));
            MemorySegment events = arena.allocate(4096, 8);
            assertThat(Files.read(queue, events, 4096)).isEqualTo(InotifyEvent.SIZE + 16);
            assertThat(intAt(events, InotifyEvent.WD)).isEqualTo(watch);
            assertThat(intAt(events, InotifyEvent.MASK)).isEqualTo(Inotify.IN_CREATE | Inotify.IN_ISDIR);
            assertThat(intAt(events, InotifyEvent.COOKIE)).isZero();
            assertThat(intAt(events, InotifyEvent.LEN)).isEqualTo(16);
            assertThat(events.getString(InotifyEvent.NAME)).isEqualTo("made");

            ok(Inotify.removeWatch(queue, watch));
            assertThat(Files.read(queue, events, 4096)).isEqualTo(InotifyEvent.SIZE);
            assertThat(intAt(events, InotifyEvent.MASK)).isEqualTo(Inotify.IN_IGNORED);
            assertFails(Inotify.removeWatch(queue, watch), Errno.EINVAL);
            assertFails(Files.read(queue, events, 4096), Errno.EAGAIN);
            assertFails(Inotify.addWatch(queue, path(arena, "/none"), Inotify.IN_CREATE), Errno.ENOENT);
            ok(Files.close(queue));
        }
    }
}
