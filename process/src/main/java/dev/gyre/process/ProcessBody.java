package dev.gyre.process;

/** What a process does. */
@FunctionalInterface
public interface ProcessBody {
    /**
     * Runs, on the process's own thread. The process ends with this call: when it returns, for the reason
     * {@link ExitReason.Normal}; when it throws a {@link ProcessExit}, for that one's; and for
     * {@link ExitReason.Failed} otherwise.
     *
     * @param self the process, for this thread alone
     * @throws Exception as the program sees fit
     */
    void run(Self self) throws Exception;
}
