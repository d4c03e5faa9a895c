/** What {@code gyre top} shows: a node of processes, asked over its Unix socket. */
@NullMarked
package dev.gyre.cli.top;

import org.jspecify.annotations.NullMarked;
