package dev.gyre.io;

import java.util.Objects;

/** What a child has as one of its three standard streams. */
public sealed interface Stdio {
    /** What this process has as that stream; {@link #NULL} where it has none. */
    Stdio INHERIT = Kind.INHERIT;

    /** {@code /dev/null}: nothing to read, and what is written is gone. */
    Stdio NULL = Kind.NULL;

    /** One end of a new pipe, whose other end the {@link Child} has. */
    Stdio PIPE = Kind.PIPE;

    /** For the error stream only: the same as the output. */
    Stdio OUTPUT = Kind.OUTPUT;

    /** The ones that need nothing else. */
    enum Kind implements Stdio {
        /** {@link Stdio#INHERIT}. */
        INHERIT,
        /** {@link Stdio#NULL}. */
        NULL,
        /** {@link Stdio#PIPE}. */
        PIPE,
        /** {@link Stdio#OUTPUT}. */
        OUTPUT
    }

    /**
     * An open file.
     *
     * @param file of the {@link Io} that spawns
     */
    record OfFile(File file) implements Stdio {
        /** Refuses null. */
        public OfFile {
            Objects.requireNonNull(file);
        }

        /** The file's path. */
        @Override
        public String toString() {
            return file.toString();
        }
    }

    /**
     * An open file. The child reads or writes where the file's own position is, which moves for both. The file stays
     * the caller's, who may close it as soon as the child is spawned.
     *
     * @param file of the {@link Io} that spawns, opened for what the child does with it
     * @return the stream
     */
    static Stdio of(File file) {
        return new OfFile(file);
    }
}
