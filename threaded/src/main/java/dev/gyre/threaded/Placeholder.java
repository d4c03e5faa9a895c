package dev.gyre.threaded;

/** Stands here until the first class does. */
public final class Placeholder {
    private Placeholder() {}
}
