/** io_uring: the shared rings, the loop over them, operations and probes. */
@NullMarked
package dev.gyre.ring;

import org.jspecify.annotations.NullMarked;
