package dev.gyre.posix;

/**
 * The two descriptors of a new pipe.
 *
 * @param reader to read from
 * @param writer to write to
 */
public record PipeEnds(int reader, int writer) {}
