/** {@code Io} over blocking system calls on a pool of threads. */
@NullMarked
package dev.gyre.threaded;

import org.jspecify.annotations.NullMarked;
