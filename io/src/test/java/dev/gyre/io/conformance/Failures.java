package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gyre.io.Body;
import dev.gyre.io.Clock;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Timeout;
import dev.gyre.io.Timestamp;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Failures as tests expect them. */
final class Failures {
    private Failures() {}

    /** Asserts that {@code call} fails as the operation declares it, with this reason and no other. */
    static IoException assertFails(Operation operation, Reason reason, ThrowingCallable call) {
        IoException failure = catchThrowableOfType(IoException.class, call);
        assertThat(failure).as("%s was to fail with %s", operation, reason).isNotNull();
        assertThat(failure.reason()).as("reason of '%s'", failure.getMessage()).isEqualTo(reason);
        assertThat(failure.operation()).as("operation of '%s'", failure.getMessage()).isEqualTo(operation);
        assertThat(operation.reasons()).contains(reason);
        return failure;
    }

    /** Asserts that {@code call} ends because the time is over, and not before. */
    static void assertLate(Io io, Duration limit, ThrowingCallable call) {
        Timestamp end = io.now(Clock.AWAKE).plus(limit);
        assertThatThrownBy(() -> io.within(Timeout.after(limit), body(call))).isInstanceOf(TimeoutException.class);
        assertThat(io.now(Clock.AWAKE)).isGreaterThanOrEqualTo(end);
    }

    /** The same for a moment on a clock. */
    static void assertLate(Io io, Timestamp end, ThrowingCallable call) {
        assertThatThrownBy(() -> io.within(Timeout.at(end), body(call))).isInstanceOf(TimeoutException.class);
        assertThat(io.now(end.clock())).isGreaterThanOrEqualTo(end);
    }

    private static Body<Object, Exception> body(ThrowingCallable call) {
        return () -> {
            try {
                call.call();
                return "done";
            } catch (Exception | Error thrown) {
                throw thrown;
            } catch (Throwable other) {
                throw new AssertionError(other);
            }
        };
    }
}
