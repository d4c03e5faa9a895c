/**
 * The servers that Gyre is measured against, each a program of its own.
 *
 * <p>Each listens on 127.0.0.1, prints the line {@code listening 127.0.0.1:PORT} to its standard output and ends when
 * its standard input does, so that none survives the process that started it. All read through buffers of {@value
 * dev.gyre.benchmarks.peers.Peer#BUFFER_SIZE} bytes.
 */
@NullMarked
package dev.gyre.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
