package dev.gyre.io.conformance;

import org.junit.jupiter.api.Nested;

/** The whole suite: also what only a real clock, real descriptors and a real file system show. */
public abstract class Conformance extends NetworkSuite {
    @Nested
    final class Time extends TimeConformance {}

    @Nested
    final class SocketPaths extends SocketPathConformance {}

    @Nested
    final class Shortages extends ShortageConformance {}

    @Nested
    final class ShortMemory extends ShortMemoryConformance {}

    @Nested
    final class SendingFiles extends SendFileConformance {}

    @Nested
    final class OpenFiles extends FileConformance {}

    @Nested
    final class FileStreams extends FileStreamConformance {}

    @Nested
    final class StreamCopies extends StreamCopyConformance {}

    @Nested
    final class ClosingFiles extends CloseFileConformance {}

    @Nested
    final class Paths extends PathConformance {}

    @Nested
    final class Names extends NameConformance {}

    @Nested
    final class FileChanges extends FileChangeConformance {}

    @Nested
    final class Walks extends WalkConformance {}

    @Nested
    final class Locks extends LockConformance {}

    @Nested
    final class Copies extends CopyConformance {}

    @Nested
    final class FileAttributes extends FileAttributeConformance {}

    @Nested
    final class Mappings extends MappingConformance {}

    @Nested
    final class Watchers extends WatcherConformance {}

    @Nested
    final class Batches extends BatchConformance {}

    @Nested
    final class Children extends ChildConformance {}

    @Nested
    final class TaskStress extends TaskStressConformance {}

    @Nested
    final class ArenaStress extends ArenaStressConformance {}

    @Nested
    final class Stalls extends StallConformance {}

    @Nested
    final class Fairness extends FairnessConformance {}

    @Nested
    final class Stacks extends StackConformance {}

    @Nested
    final class Initializers extends InitializerConformance {}
}
