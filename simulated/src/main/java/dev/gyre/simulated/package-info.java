/**
 * {@code Io} over nothing real.
 *
 * <p>Tasks, time and synchronisation as everywhere, but one task runs at a time, each choice comes from one seed, and
 * time jumps to where something happens. A {@link dev.gyre.simulated.Simulation} runs a program, the same way each
 * time for the same seed; or in every way there is, for small programs.
 *
 * <p>A program on one machine has the addresses 127.0.0.0/8 and ::1, names of Unix sockets, and an empty disk. A
 * {@link dev.gyre.simulated.World} has several machines, and links between them that take time. Connections end as
 * TCP's do on Linux, those of Unix sockets too. The path of a Unix socket is a name like any other, and is not on the
 * disk; it stays taken for good.
 */
@NullMarked
package dev.gyre.simulated;

import org.jspecify.annotations.NullMarked;
