package dev.gyre.cli.copy;

/**
 * One thing to copy, with all that is in it. Both paths start at the current folder.
 *
 * @param source what
 * @param target the name that the copy gets; where a folder has it already, what is copied goes into that
 * @param follow whether the target may be a symbolic link to such a folder
 */
public record Item(String source, String target, boolean follow) {}
