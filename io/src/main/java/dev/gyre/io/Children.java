package dev.gyre.io;

/** Child processes. */
public interface Children {

    /**
     * Starts a program as a child of this process (posix_spawn(3)), and returns as soon as it runs. A cancellation
     * point.
     *
     * <p>The child has its three standard streams and no other descriptor, whatever this process has open; the default
     * action for every signal, with none blocked; and, as every process has them from its parent, user, limits, umask,
     * process group and terminal.
     *
     * <p>In a simulation there are no processes, and the reason is {@link Reason#UNSUPPORTED_BY_KERNEL}; as it is where
     * the kernel is older than 5.4, or the C library has no {@code posix_spawn_file_actions_addclosefrom_np} (glibc
     * before 2.34, musl).
     *
     * @param command what to run, and how
     * @return the child, to be closed
     * @throws IoException with a reason of {@link Operation#SPAWN}; nothing stays open, and no child is left:
     *     {@link Reason#FILE_NOT_FOUND} if there is no such program, no such working directory, or no such interpreter
     *     as a script's first line says, and the message says which; {@link Reason#ACCESS_DENIED} if it may not be
     *     executed; {@link Reason#NOT_EXECUTABLE} if it is neither a program of this machine nor a script;
     *     {@link Reason#ARGUMENTS_TOO_LONG} for more arguments and variables than the kernel takes;
     *     {@link Reason#PROCESS_LIMIT}. Where the last descriptor is taken by somebody else between the child's start
     *     and its return, the child is killed, and the reason {@link Reason#PROCESS_FD_LIMIT}
     * @throws CanceledException if the calling task was canceled; no child is left
     * @throws IllegalArgumentException if a file or directory of the command is not of this {@code Io}
     */
    Child spawn(Command command) throws IoException;
}
