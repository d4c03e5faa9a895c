/**
 * Who runs, in which order, and what time it is: the baton, the choices of the seed, the virtual clock, and what fibers
 * wait for.
 */
@NullMarked
package dev.gyre.simulated.turns;

import org.jspecify.annotations.NullMarked;
