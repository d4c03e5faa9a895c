/** {@code Io} over blocking system calls on a pool of threads: works on every Linux, wherever io_uring is refused. */
@NullMarked
package dev.gyre.threaded;

import org.jspecify.annotations.NullMarked;
