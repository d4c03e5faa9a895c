package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.Body;
import dev.gyre.io.CanceledException;
import dev.gyre.io.Io;
import java.time.Duration;

/** Asking something to stop that waits. */
final class Stopping {
    private Stopping() {}

    /** {@code body} waits, and ends in cancellation soon after it was asked to. */
    static <T> void assertStops(Caller caller, Io io, Body<T, Exception> body) throws Exception {
        Caller.Call<T> call = caller.start(io, body).blocked();
        long start = System.nanoTime();
        assertThatThrownBy(call::stop).isInstanceOf(CanceledException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }
}
