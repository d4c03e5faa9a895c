package dev.gyre.host;

import dev.gyre.io.Exit;
import dev.gyre.io.spi.Blocker;
import dev.gyre.io.spi.Fiber;
import dev.gyre.linux.ChildChange;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Files;
import dev.gyre.linux.Processes;
import dev.gyre.linux.Signals;
import dev.gyre.posix.Answer;
import dev.gyre.posix.ProcessDescriptor;
import org.jspecify.annotations.Nullable;

/** A child by its pidfd. The {@link Reaper} holds it until the child has ended. */
final class HostProcess extends ProcessDescriptor {
    /** Written with this object's lock. */
    private volatile @Nullable Answer<Exit> end;

    /** What the kernel said, which goes on knowing it until it is here. Guarded by this object's lock. */
    private @Nullable Answer<Exit> said;

    /** Whether the reaper holds it no more. */
    private volatile boolean released;

    /** Who waits for that: there is one closer. */
    private volatile @Nullable Fiber closer;

    HostProcess(int pidfd, int process) {
        super(pidfd, process);
    }

    @Override
    public @Nullable Answer<Exit> end() {
        return end;
    }

    /**
     * Asks the kernel how the child ended, which takes it out of the table of processes. Does not wait. For who holds
     * it.
     *
     * @return {@code EAGAIN} if it runs
     */
    Answer<Exit> reap() {
        Answer<Exit> known = end;
        return known == null ? askKernel() : known;
    }

    /** One at a time. The kernel forgets it when it is known here, as memory may run out in between. */
    private synchronized Answer<Exit> askKernel() {
        Answer<Exit> answer = said;
        if (answer == null) {
            answer = exit(waitid(Processes.WNOWAIT));
            if (answer.result() == -Errno.EAGAIN.code()) {
                return answer;
            }
            said = answer;
        }
        if (end == null) {
            waitid(0);
            end = answer;
        }
        return answer;
    }

    private ChildChange waitid(int further) {
        return Processes.waitid(Processes.P_PIDFD, number(), Processes.WEXITED | Processes.WNOHANG | further);
    }

    private static Answer<Exit> exit(ChildChange change) {
        if (change.result() < 0) {
            return Answer.failed(change.result());
        }
        return Answer.of(change.code() == Processes.CLD_EXITED
                ? new Exit.Ended(change.status())
                : new Exit.Killed(change.status(), change.code() == Processes.CLD_DUMPED));
    }

    /** For the reaper, when the child has ended. */
    void letGo() {
        try {
            releaseAndClose();
        } finally {
            released = true;
            Fiber waiting = closer;
            if (waiting != null) {
                waiting.unpark();
            }
        }
    }

    /** The last one out closes. */
    private void releaseAndClose() {
        if (release()) {
            FileCalls.close(take());
        }
    }

    /** Kills it and closes, for the one who has begun to close it. */
    void abandon() {
        try {
            Processes.pidfdSendSignal(number(), Signals.SIGKILL);
        } finally {
            releaseAndClose();
        }
    }

    /** Waits until the reaper has let go. */
    void awaitRelease(Fiber fiber) {
        closer = fiber;
        fiber.blockUncancelable(new Blocker() {
            @Override
            public boolean isDone() {
                return released;
            }

            @Override
            public String operation() {
                return "close";
            }

            @Override
            public void cancel() {}

            @Override
            public String toString() {
                return "close " + HostProcess.this;
            }
        });
    }
}
