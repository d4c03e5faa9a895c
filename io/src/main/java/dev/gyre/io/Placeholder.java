package dev.gyre.io;

/** Stands here until the first class does. */
public final class Placeholder {
    private Placeholder() {}
}
