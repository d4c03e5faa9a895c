/**
 * {@code Io} over nothing real.
 *
 * <p>Tasks, time and synchronisation as everywhere, but one task runs at a time, each choice comes from one seed, and
 * time jumps to where something happens. A {@link dev.gyre.simulated.Simulation} runs a program, the same way each
 * time for the same seed; or in every way there is, for small programs.
 */
@NullMarked
package dev.gyre.simulated;

import org.jspecify.annotations.NullMarked;
