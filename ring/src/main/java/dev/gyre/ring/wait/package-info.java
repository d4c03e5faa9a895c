/** Operations that wait: for a descriptor, for a time, for a futex, for a child. */
@NullMarked
package dev.gyre.ring.wait;

import org.jspecify.annotations.NullMarked;
