package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
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
}
