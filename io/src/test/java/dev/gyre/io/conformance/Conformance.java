package dev.gyre.io.conformance;

import org.junit.jupiter.api.Nested;

/** The whole suite. A subclass binds it to a backend. */
public abstract class Conformance extends TaskSuite {
    @Nested
    final class SocketCancellation extends SocketCancelConformance {}
}
