/**
 * What the calls of a process have in common, be they on files or on sockets: attempts that wait or are refused,
 * descriptors, and pipes.
 */
@NullMarked
package dev.gyre.simulated.kernel;

import org.jspecify.annotations.NullMarked;
