package dev.gyre.linux;

/**
 * What {@link Processes#waitid} tells of a child.
 *
 * @param result 0, or a negated {@link Errno}; then the rest has no meaning
 * @param process the child's id
 * @param code {@code CLD_*}
 * @param status the status of one that ended by itself, otherwise a signal
 */
public record ChildChange(int result, int process, int code, int status) {}
