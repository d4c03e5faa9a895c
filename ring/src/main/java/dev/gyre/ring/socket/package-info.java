/** Operations on sockets. */
@NullMarked
package dev.gyre.ring.socket;

import org.jspecify.annotations.NullMarked;
