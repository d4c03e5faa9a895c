package dev.gyre.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.gyre.linux.Sockets;
import dev.gyre.linux.layout.Cmsghdr;
import dev.gyre.posix.PassedDescriptors;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Control data that a kernel could write. */
@Tag("T13")
final class UnixSocketsTest {
    /** More has come than there is room for, and closing it fails each time: all of it is tried, and all else taken. */
    @Test
    void closesWhatHasNoRoomWhateverFails() {
        MemorySegment control = MemorySegment.ofArray(new long[12]);
        long pidfd = write(control, 0, Sockets.SCM_RIGHTS, 11, 12, 13);
        long credentials = write(control, pidfd, Sockets.SCM_PIDFD, 14);
        long end = write(control, credentials, Sockets.SCM_CREDENTIALS, 1, 2, 3);
        PassedDescriptors passed = new PassedDescriptors(1);
        List<Integer> closed = new ArrayList<>();
        List<OutOfMemoryError> failures = new ArrayList<>();
        assertThat(catchThrowable(() -> UnixSockets.take(control.asSlice(0, end), passed, descriptor -> {
            closed.add(descriptor);
            failures.add(new OutOfMemoryError("as the test will have it"));
            throw failures.getLast();
        }))).isSameAs(failures.getFirst());
        assertThat(closed).containsExactly(12, 13, 14);
        assertThat(passed).usingRecursiveComparison().isEqualTo(expected());
    }

    private static PassedDescriptors expected() {
        PassedDescriptors expected = new PassedDescriptors(1);
        expected.add(11);
        expected.add(12);
        expected.saySender(1, 2, 3);
        return expected;
    }

    /** Answers where the next one begins. */
    private static long write(MemorySegment control, long at, int type, int... data) {
        long bytes = (long) data.length * Integer.BYTES;
        control.set(ValueLayout.JAVA_LONG, at + Cmsghdr.CMSG_LEN, Cmsghdr.length(bytes));
        control.set(ValueLayout.JAVA_INT, at + Cmsghdr.CMSG_LEVEL, Sockets.SOL_SOCKET);
        control.set(ValueLayout.JAVA_INT, at + Cmsghdr.CMSG_TYPE, type);
        MemorySegment.copy(data, 0, control, ValueLayout.JAVA_INT, at + Cmsghdr.SIZE, data.length);
        return at + Cmsghdr.space(bytes);
    }
}
