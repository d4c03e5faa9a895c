/** The {@code Io} interface, its values, options and errors. */
@NullMarked
package dev.gyre.io;

import org.jspecify.annotations.NullMarked;
