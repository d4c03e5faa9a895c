/** An append-only log with group commit, on the ring alone. */
@NullMarked
package dev.gyre.examples.log;

import org.jspecify.annotations.NullMarked;
