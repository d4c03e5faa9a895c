/** Memory by its address. */
@NullMarked
package dev.gyre.linux.raw;

import org.jspecify.annotations.NullMarked;
