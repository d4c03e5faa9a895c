package dev.gyre.linux;

import static dev.gyre.linux.Native.assertFails;
import static dev.gyre.linux.Native.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.linux.layout.EpollEvent;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class EpollTest {
    private final Arena arena = Arena.ofShared();
    private final MemorySegment event = arena.allocate(EpollEvent.LAYOUT);
    private final MemorySegment answers = arena.allocate(EpollEvent.LAYOUT, 4);
    private final int set = ok(Epoll.create(Epoll.EPOLL_CLOEXEC));
    private final int first = ok(Events.eventfd(0, Events.EFD_CLOEXEC));
    private final int second = ok(Events.eventfd(0, Events.EFD_CLOEXEC));

    @AfterEach
    void close() {
        ok(Files.close(set));
        ok(Files.close(first));
        ok(Files.close(second));
        arena.close();
    }

    @Test
    void descriptorsAreReportedByTheirNames() {
        watch(first, Epoll.EPOLLIN, 0x1_2345_6789L);
        watch(second, Epoll.EPOLLIN, 2);
        assertThat(answer(0)).isZero();

        add(second);
        assertThat(answer(-1)).isEqualTo(1);
        assertThat(EpollEvent.data(answers, 0)).isEqualTo(2);
        assertThat(EpollEvent.events(answers, 0)).isEqualTo(Epoll.EPOLLIN);

        add(first);
        assertThat(answer(-1)).isEqualTo(2);
        assertThat(new long[] {EpollEvent.data(answers, 0), EpollEvent.data(answers, 1)})
                .containsExactlyInAnyOrder(0x1_2345_6789L, 2);
    }

    @Test
    void edgesAreReportedOnceEach() {
        watch(first, Epoll.EPOLLIN | Epoll.EPOLLET, 1);
        add(first);
        assertThat(answer(0)).isEqualTo(1);
        assertThat(answer(0)).isZero();
        add(first);
        assertThat(answer(0)).isEqualTo(1);
    }

    @Test
    void oneShotWaitsToBeAskedAgain() {
        watch(first, Epoll.EPOLLIN | Epoll.EPOLLONESHOT, 1);
        add(first);
        assertThat(answer(0)).isEqualTo(1);
        add(first);
        assertThat(answer(0)).isZero();
        EpollEvent.set(event, Epoll.EPOLLIN | Epoll.EPOLLONESHOT, 1);
        ok(Epoll.control(set, Epoll.EPOLL_CTL_MOD, first, event));
        assertThat(answer(0)).isEqualTo(1);
    }

    @Test
    void whatIsNotWatchedIsRefused() {
        assertFails(Epoll.control(set, Epoll.EPOLL_CTL_DEL, first, MemorySegment.NULL), Errno.ENOENT);
        watch(first, Epoll.EPOLLIN, 1);
        EpollEvent.set(event, Epoll.EPOLLIN, 1);
        assertFails(Epoll.control(set, Epoll.EPOLL_CTL_ADD, first, event), Errno.EEXIST);
        assertFails(Epoll.control(set, Epoll.EPOLL_CTL_ADD, set, event), Errno.EINVAL);
        ok(Epoll.control(set, Epoll.EPOLL_CTL_DEL, first, MemorySegment.NULL));
        add(first);
        assertThat(answer(0)).isZero();
    }

    private void watch(int fd, int events, long name) {
        EpollEvent.set(event, events, name);
        ok(Epoll.control(set, Epoll.EPOLL_CTL_ADD, fd, event));
    }

    private int answer(int timeoutMillis) {
        return Epoll.await(set, answers, 4, timeoutMillis);
    }

    private void add(int fd) {
        assertThat(Files.write(fd, arena.allocateFrom(ValueLayout.JAVA_LONG, 1), Long.BYTES)).isEqualTo(8);
    }
}
