package dev.gyre.io.conformance;

import org.junit.jupiter.api.Nested;

/** And files: all that a backend can do without a kernel. */
public abstract class FileSuite extends NetworkSuite {
    @Nested
    final class PassedFiles extends PassedFileConformance {}

    @Nested
    final class OpenFiles extends FileConformance {}

    @Nested
    final class FileStreams extends FileStreamConformance {}

    @Nested
    final class ClosingFiles extends CloseFileConformance {}

    @Nested
    final class Paths extends PathConformance {}

    @Nested
    final class Names extends NameConformance {}

    @Nested
    final class FileChanges extends FileChangeConformance {}

    @Nested
    final class FileAttributes extends FileAttributeConformance {}

    @Nested
    final class NamedPipes extends PipeConformance {}

    @Nested
    final class StreamCopies extends StreamCopyConformance {}

    @Nested
    final class Watchers extends WatcherConformance {}

    @Nested
    final class Walks extends WalkConformance {}

    @Nested
    final class Locks extends LockConformance {}

    @Nested
    final class Copies extends CopyConformance {}

    @Nested
    final class Batches extends BatchConformance {}

    @Nested
    final class SendingFiles extends SendFileConformance {}
}
