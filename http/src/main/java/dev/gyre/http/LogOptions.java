package dev.gyre.http;

import java.io.OutputStream;

/**
 * An access log: one line for each request that was answered.
 *
 * @param format what a line looks like
 * @param target where lines go
 */
public record LogOptions(LogFormat format, Target target) {
    /** Where lines go. */
    public sealed interface Target {
        /**
         * A file, to which lines are appended; made with mode 0640 where it is missing. {@link FileServer#reopenLog()}
         * opens it anew, after somebody has renamed it.
         *
         * @param path absolute, or relative to the current folder
         */
        record ToFile(String path) implements Target {
            /** Refuses an empty path. */
            public ToFile {
                if (path.isEmpty()) {
                    throw new IllegalArgumentException("the path of the access log is empty");
                }
            }
        }

        /**
         * A stream of the JDK's, such as {@code System.out}. It is written to and flushed by a thread of its own, and
         * not closed. Where it takes nothing, lines are lost, and the server's end waits for it for five seconds.
         *
         * @param stream takes whole lines
         */
        record ToStream(OutputStream stream) implements Target {}
    }
}
