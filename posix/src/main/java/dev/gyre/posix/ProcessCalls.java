package dev.gyre.posix;

import dev.gyre.io.ErrorNumber;
import dev.gyre.io.Exit;
import dev.gyre.io.spi.Fiber;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The thin calls that have to do with child processes; as they are here, those of a backend that has none. */
public interface ProcessCalls {
    /**
     * The environment of this process.
     *
     * @return each mostly {@code name=value}, without a final NUL
     */
    default List<byte[]> environment() {
        return List.of();
    }

    /**
     * Makes a pipe, closed on exec: pipe2(2). Does not wait.
     *
     * @return its ends
     */
    default Answer<PipeEnds> pipe() {
        return Answer.failed(noProcesses());
    }

    /**
     * Gives a descriptor back that has nothing to write back, such as that of a pipe: close(2). Does not wait.
     *
     * @param descriptor nobody holds it
     */
    default void closeNow(int descriptor) {}

    /**
     * Opens a folder as a working directory, which needs no right to read it: openat2(2) with {@code O_PATH}.
     *
     * @param fiber the calling one
     * @param start the folder that a relative path starts at, held; null for the current one
     * @param path without a final NUL
     * @return a descriptor, closed on exec
     */
    default int openWorkingDirectory(Fiber fiber, @Nullable Descriptor start, byte[] path) {
        return noProcesses();
    }

    /**
     * Starts a child: posix_spawn(3), pidfd_open(2). Waits until it runs its program. Where that fails, no child is
     * left.
     *
     * @param fiber the calling one
     * @param request what to start; its descriptors are held
     * @param target the program, for reports
     * @return the child's descriptor, closed on exec
     */
    default Answer<ProcessDescriptor> spawn(Fiber fiber, SpawnRequest request, Object target) {
        return Answer.failed(noProcesses());
    }

    /**
     * Waits until a child has ended, and {@link ProcessDescriptor#end} is known: poll(2), waitid(2).
     *
     * @param fiber the calling one
     * @param process held
     * @return 0
     */
    default int awaitEnd(Fiber fiber, ProcessDescriptor process) {
        return noProcesses();
    }

    /**
     * Asks whether a child has ended: waitid(2). Does not wait.
     *
     * @param process held
     * @return how; {@code EAGAIN} if it has not
     */
    default Answer<Exit> pollEnd(ProcessDescriptor process) {
        return Answer.failed(noProcesses());
    }

    /**
     * Waits until a child has ended and the backend holds its descriptor no more, whoever asks the fiber to stop. Works
     * after the end of the {@code Io}, too.
     *
     * @param fiber the calling one
     * @param process held
     */
    default void awaitRelease(Fiber fiber, ProcessDescriptor process) {}

    /**
     * Sends a signal to a child: pidfd_send_signal(2). Does not wait.
     *
     * @param process held
     * @param signal which signal
     * @return 0
     */
    default int signal(ProcessDescriptor process, int signal) {
        return noProcesses();
    }

    private static int noProcesses() {
        return -ErrorNumber.ENOSYS.code();
    }
}
