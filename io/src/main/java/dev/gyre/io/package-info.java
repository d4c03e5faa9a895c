/**
 * The {@link dev.gyre.io.Io} interface, its values, options and errors.
 *
 * <p>Everything here is independent of the backend that does the work, and of Linux.
 */
@NullMarked
package dev.gyre.io;

import org.jspecify.annotations.NullMarked;
