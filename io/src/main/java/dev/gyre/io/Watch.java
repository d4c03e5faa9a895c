package dev.gyre.io;

/** A file or folder that is watched, until this is closed, or the file is deleted. Any thread may use it. */
public interface Watch extends AutoCloseable {

    /**
     * What it watches.
     *
     * @return the path as it was given, behind that of the folder where it starts
     */
    String path();

    /** Watches no more; nothing is told of it from then on. Closing again does nothing. Not a cancellation point. */
    @Override
    void close();
}
