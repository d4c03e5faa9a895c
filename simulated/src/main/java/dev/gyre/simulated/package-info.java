/**
 * {@code Io} over nothing real.
 *
 * <p>Tasks, time and synchronisation as everywhere, but one task runs at a time, each choice comes from one seed, and
 * time jumps to where something happens. A {@link dev.gyre.simulated.Simulation} runs a program, the same way each
 * time for the same seed; or in every way there is, for small programs.
 *
 * <p>The network is that of one machine, with the addresses 127.0.0.0/8 and ::1 and with names of Unix sockets; there
 * is no other machine, no delay and no loss. Connections end as TCP's do on Linux, those of Unix sockets too. There are
 * no files, so that the path of a Unix socket is a name like any other, which stays taken for good.
 */
@NullMarked
package dev.gyre.simulated;

import org.jspecify.annotations.NullMarked;
