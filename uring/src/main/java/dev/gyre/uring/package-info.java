/** {@code Io} over io_uring. */
@NullMarked
package dev.gyre.uring;

import org.jspecify.annotations.NullMarked;
