package dev.gyre.io;

/**
 * A name in a folder.
 *
 * @param name without any folder; bytes that are no UTF-8 appear as the unpaired surrogates U+DC80 to U+DCFF, and are
 *     turned back when the name is used as a path
 * @param kind what it is, {@link FileKind#UNKNOWN} where only a stat would tell
 */
public record DirectoryEntry(String name, FileKind kind) {}
