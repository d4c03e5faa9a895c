package dev.gyre.io;

/**
 * A name that a {@link Walk} has come to.
 *
 * @param folder that has it; open until the next call of the walk, which closes it
 * @param name in that folder, written as {@link DirectoryEntry#name} is
 * @param path from the folder where the walk began, with a slash between names; it may be longer than a path can be
 * @param kind what it is; never {@link FileKind#UNKNOWN}
 * @param depth how many folders are between: 0 for what is in the folder where the walk began
 * @param left whether this is a folder that is told for the second time, after what is in it
 */
public record WalkEntry(Directory folder, String name, String path, FileKind kind, int depth, boolean left) {}
