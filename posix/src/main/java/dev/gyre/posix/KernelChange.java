package dev.gyre.posix;

import dev.gyre.io.Change;

/**
 * Something that has happened to a watched file or folder, as a kernel tells it.
 *
 * @param watch the number of the watch; -1 for {@link Change#OVERFLOW}
 * @param change what
 * @param name in the watched folder; empty where it happened to that or the file itself
 * @param isDirectory whether it happened to a folder
 * @param moveNumber what the two halves of a rename have in common; 0 for everything else
 */
public record KernelChange(int watch, Change change, String name, boolean isDirectory, int moveNumber) {}
