package dev.gyre.io.conformance;

import org.junit.jupiter.api.Nested;

/** The whole suite. A subclass binds it to a backend. */
public abstract class Conformance extends TaskSuite {
    @Nested
    final class SocketCancellation extends SocketCancelConformance {}

    @Nested
    final class Time extends TimeConformance {}

    @Nested
    final class Listening extends ListenConformance {}

    @Nested
    final class Connecting extends ConnectConformance {}

    @Nested
    final class Streams extends StreamConformance {}

    @Nested
    final class Transfers extends TransferConformance {}

    @Nested
    final class Closing extends CloseConformance {}

    @Nested
    final class ClosingIo extends CloseIoConformance {}

    @Nested
    final class Shortages extends ShortageConformance {}

    @Nested
    final class SendingFiles extends SendFileConformance {}

    @Nested
    final class OpenFiles extends FileConformance {}

    @Nested
    final class Paths extends PathConformance {}

    @Nested
    final class Stress extends StressConformance {}

    @Nested
    final class TaskStress extends TaskStressConformance {}
}
