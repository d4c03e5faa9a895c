package dev.gyre.io;

/**
 * Who is at the other end of a Unix socket, as the kernel knows it (unix(7)). Of a connection: at the moment when it
 * connected, or began to listen, or made the pair ({@code SO_PEERCRED}). Of a datagram: when it was sent
 * ({@code SCM_CREDENTIALS}); who has the privilege, the superuser above all, may send those of others.
 *
 * @param process its number, as this process sees it; 0 for one that it cannot see. The process may have ended since,
 *     and its number may be another one's
 * @param user the number of its user: the effective one of a connection, the real one of a datagram, unless the
 *     sender asked for another of its own
 * @param group the number of its group, likewise
 */
public record Credentials(int process, int user, int group) {}
