package dev.gyre.io;

import org.jspecify.annotations.Nullable;

/**
 * Something that has happened to a watched file or folder.
 *
 * @param watch by which it was heard; null for {@link Change#OVERFLOW}
 * @param change what
 * @param name in the watched folder; null where it happened to the watched file or folder itself. A byte that is no
 *     UTF-8 is as in {@link DirectoryEntry#name()}
 * @param isDirectory whether it happened to a folder
 * @param moveNumber what the two halves of a rename have in common, {@link Change#MOVED_FROM} and
 *     {@link Change#MOVED_TO}, which need not follow each other at once; 0 for everything else
 */
public record ChangeEvent(
        @Nullable Watch watch, Change change, @Nullable String name, boolean isDirectory, int moveNumber) {}
