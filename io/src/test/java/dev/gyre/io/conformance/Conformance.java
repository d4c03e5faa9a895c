package dev.gyre.io.conformance;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The whole suite. A subclass binds it to a backend. */
@ExtendWith(Harness.class)
@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class Conformance implements Opener {
    @Nested
    final class Tasks extends TaskConformance {}

    @Nested
    final class Cancellation extends CancelConformance {}

    @Nested
    final class Groups extends GroupConformance {}
}
