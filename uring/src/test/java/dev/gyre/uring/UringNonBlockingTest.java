package dev.gyre.uring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.BackendUnavailable;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.conformance.NonBlockingConformance;
import dev.gyre.linux.Files;

/** Sockets that do not block. */
final class UringNonBlockingTest extends NonBlockingConformance {
    @Override
    protected Io open() throws BackendUnavailable {
        return Io.open(IoOptions.DEFAULT.withBackend("uring"));
    }

    @Override
    protected void makeNonBlocking(int descriptor) {
        int flags = Files.fcntl(descriptor, Files.F_GETFL, 0);
        assertThat(Files.fcntl(descriptor, Files.F_SETFL, flags | Files.O_NONBLOCK)).isZero();
    }
}
