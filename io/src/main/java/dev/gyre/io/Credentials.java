package dev.gyre.io;

/**
 * Who is at the other end of a Unix socket, as the kernel knows it (unix(7)). Of a connection: at the moment when it
 * connected, or began to listen, or made the pair ({@code SO_PEERCRED}). Of a datagram, and of what was read with
 * {@link Connection#readWith}: when it was sent ({@code SCM_CREDENTIALS}); who has the privilege, the superuser above
 * all, may send those of others.
 *
 * @param process its number, as this process sees it; 0 for one that it cannot see, or that was not noted when it sent.
 *     The process may have ended since, and its number may be another one's
 * @param user the number of its user: the effective one of a connection, the real one of what was sent, unless the
 *     sender asked for another of its own; where nobody was noted, the one for unknown users, mostly 65534
 *     ({@code /proc/sys/kernel/overflowuid})
 * @param group the number of its group, likewise
 */
public record Credentials(int process, int user, int group) {}
