package dev.gyre.io.conformance;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tasks, cancellation and synchronisation: what a backend can do without sockets and files. */
@ExtendWith(Harness.class)
@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class TaskSuite implements Opener {
    @Nested
    final class Tasks extends TaskConformance {}

    @Nested
    final class Cancellation extends CancelConformance {}

    @Nested
    final class Limits extends LimitConformance {}

    @Nested
    final class Groups extends GroupConformance {}

    @Nested
    final class Circles extends CircleConformance {}

    @Nested
    final class Mutexes extends MutexConformance {}

    @Nested
    final class Gates extends GateConformance {}

    @Nested
    final class Queues extends QueueConformance {}

    @Nested
    final class Selecting extends SelectConformance {}

    @Nested
    final class Recordings extends RecordingConformance {}
}
