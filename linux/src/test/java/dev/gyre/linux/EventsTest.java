package dev.gyre.linux;

import static dev.gyre.linux.Native.assertFails;
import static dev.gyre.linux.Native.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.linux.layout.Pollfd;
import dev.gyre.linux.layout.Timespec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class EventsTest {
    private final Arena arena = Arena.ofShared();
    private final MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
    private final int event = ok(Events.eventfd(0, Events.EFD_CLOEXEC | Events.EFD_NONBLOCK));

    @AfterEach
    void close() {
        ok(Files.close(event));
        arena.close();
    }

    @Test
    void eventsAreCountedAndTaken() {
        assertFails(Files.read(event, count, 8), Errno.EAGAIN);
        add(3);
        add(4);
        assertThat(Files.read(event, count, 8)).isEqualTo(8);
        assertThat(count.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(7);
        assertFails(Files.read(event, count, 8), Errno.EAGAIN);
    }

    @Test
    void pollTellsWhatIsReady() {
        MemorySegment pollfds = arena.allocate(Pollfd.LAYOUT, 2);
        Pollfd.set(pollfds, 0, event, Events.POLLIN);
        Pollfd.set(pollfds, 1, event, Events.POLLIN | Events.POLLOUT);
        MemorySegment soon = arena.allocate(Timespec.LAYOUT);

        assertThat(Events.ppoll(pollfds, 1, soon)).isZero();
        assertThat(Events.ppoll(pollfds, 2, MemorySegment.NULL)).isEqualTo(1);
        assertThat(Pollfd.revents(pollfds, 0)).isZero();
        assertThat(Pollfd.revents(pollfds, 1)).isEqualTo(Events.POLLOUT);

        add(1);
        assertThat(Events.ppoll(pollfds, 2, MemorySegment.NULL)).isEqualTo(2);
        assertThat(Pollfd.revents(pollfds, 0)).isEqualTo(Events.POLLIN);
        assertThat(Pollfd.revents(pollfds, 1)).isEqualTo(Events.POLLIN | Events.POLLOUT);
    }

    @Test
    void pollWaitsForAsLongAsItIsTold() {
        MemorySegment timeout = arena.allocate(Timespec.LAYOUT);
        Timespec.set(timeout, TimeUnit.MILLISECONDS.toNanos(30));
        long start = System.nanoTime();
        assertThat(Events.ppoll(MemorySegment.NULL, 0, timeout)).isZero();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(30));
    }

    private void add(long value) {
        count.set(ValueLayout.JAVA_LONG, 0, value);
        assertThat(Files.write(event, count, 8)).isEqualTo(8);
    }
}
