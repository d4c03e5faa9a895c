package dev.gyre.io.conformance;

import org.junit.jupiter.api.Nested;

/** The whole suite: also what only a real clock, real descriptors and a real file system show. */
public abstract class Conformance extends FileSuite {
    @Nested
    final class Time extends TimeConformance {}

    @Nested
    final class SocketPaths extends SocketPathConformance {}

    @Nested
    final class Routes extends RouteConformance {}

    @Nested
    final class DatagramRoutes extends DatagramRouteConformance {}

    @Nested
    final class RawSockets extends RawSocketConformance {}

    @Nested
    final class Shortages extends ShortageConformance {}

    @Nested
    final class ShortMemory extends ShortMemoryConformance {}

    @Nested
    final class HostFiles extends HostFileConformance {}

    @Nested
    final class HostFileAttributes extends HostFileAttributeConformance {}

    @Nested
    final class Mappings extends MappingConformance {}

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
