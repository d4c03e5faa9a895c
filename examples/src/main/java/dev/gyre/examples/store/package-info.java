/**
 * A key-value store that speaks RESP, as a tree of processes: a server to learn from, and to drive with any client of
 * Redis.
 */
@NullMarked
package dev.gyre.examples.store;

import org.jspecify.annotations.NullMarked;
