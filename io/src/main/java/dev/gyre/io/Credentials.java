package dev.gyre.io;

/**
 * Who is at the other end of a Unix socket, as the kernel knows it: at the moment when it connected, or began to
 * listen, or made the pair (unix(7), {@code SO_PEERCRED}).
 *
 * @param process its number, as this process sees it; 0 for one that it cannot see. The process may have ended since,
 *     and its number may be another one's
 * @param user the number of its effective user
 * @param group the number of its effective group
 */
public record Credentials(int process, int user, int group) {}
