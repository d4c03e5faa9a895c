package dev.gyre.process;

import dev.gyre.io.Body;
import dev.gyre.io.CanceledException;
import dev.gyre.io.Timeout;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * A process that starts others, watches over them, and starts them again when they fail. What it supervises is data, a
 * {@link SupervisorSpec}; more children can be added while it runs.
 *
 * <pre>{@code
 * Supervisor supervisor = Supervisor.start(node, SupervisorSpec.of(Strategy.REST_FOR_ONE)
 *         .withIntensity(3, Duration.ofSeconds(5))
 *         .withChild(ChildSpec.of("store", this::store))
 *         .withChild(ChildSpec.of("listener", this::listen)));
 * }</pre>
 *
 * <p>It ends its children, in the opposite order of their start, when its parent ends or tells it to, when more of them
 * fail than it allows, or by {@link #stop()}. If it is killed, its links end them.
 *
 * <p>Any thread may call these methods, except that the supervisor and a child that is being started or ended would
 * wait for themselves. They wait, and are cancellation points.
 */
public final class Supervisor {
    private final Processes node;
    private final Pid pid;

    private Supervisor(Processes node, Pid pid) {
        this.node = node;
        this.pid = pid;
    }

    /**
     * A child, as {@link #children()} tells of it.
     *
     * @param id of its specification
     * @param process the process; empty if it does not run
     * @param restart of its specification
     */
    public record Child(String id, Optional<Pid> process, ChildSpec.Restart restart) {}

    /**
     * Starts a supervisor with no parent, and its children.
     *
     * @param node where
     * @param spec its children
     * @return when all children have been started
     * @throws CallException if one could not be started; the others were ended
     */
    public static Supervisor start(Processes node, SupervisorSpec spec) {
        return new Supervisor(node, node.start(SpawnOptions.DEFAULT, body(spec)));
    }

    /**
     * Starts a supervisor that is linked to the calling process, its parent, and its children.
     *
     * @param self the calling process
     * @param spec its children
     * @return when all children have been started
     * @throws CallException if one could not be started; the others were ended
     */
    public static Supervisor startLink(Self self, SupervisorSpec spec) {
        return new Supervisor(self.node(), self.startLink(SpawnOptions.DEFAULT, body(spec)));
    }

    /**
     * A supervisor that runs, for instance one below another one.
     *
     * @param node where
     * @param pid of a supervisor
     * @return to call it
     */
    public static Supervisor of(Processes node, Pid pid) {
        return new Supervisor(node, pid);
    }

    /** What a supervisor does. */
    static ProcessBody body(SupervisorSpec spec) {
        return self -> new SupervisorLoop(self, spec).run();
    }

    /**
     * Its process.
     *
     * @return it may have ended
     */
    public Pid pid() {
        return pid;
    }

    /**
     * Starts one more child, the last.
     *
     * @param child its id must not be in use
     * @return its process
     * @throws IllegalArgumentException if the id is in use
     * @throws CallException if the child, or the supervisor, has ended before it was started; there is no such child
     *     then
     */
    public Pid startChild(ChildSpec child) {
        return (Pid) request(replyTo -> new SupervisorLoop.Start(child, replyTo));
    }

    /**
     * Ends a child. Unless it is temporary, it can be started again.
     *
     * @param id of the child
     * @throws IllegalArgumentException if there is none
     * @throws CallException if the supervisor has ended
     */
    public void terminateChild(String id) {
        Object _ = request(replyTo -> new SupervisorLoop.Terminate(id, replyTo));
    }

    /**
     * Starts a child again that has ended, or was.
     *
     * @param id of the child
     * @return its process
     * @throws IllegalArgumentException if there is none, or it runs
     * @throws CallException if the child, or the supervisor, has ended before it was started
     */
    public Pid restartChild(String id) {
        return (Pid) request(replyTo -> new SupervisorLoop.Restart(id, replyTo));
    }

    /**
     * Forgets a child that does not run.
     *
     * @param id of the child
     * @throws IllegalArgumentException if there is none, or it runs
     * @throws CallException if the supervisor has ended
     */
    public void deleteChild(String id) {
        Object _ = request(replyTo -> new SupervisorLoop.Delete(id, replyTo));
    }

    /**
     * Its children.
     *
     * @return in the order of their start
     * @throws CallException if the supervisor has ended
     */
    @SuppressWarnings("unchecked") // that is its answer
    public List<Child> children() {
        return (List<Child>) request(SupervisorLoop.Which::new);
    }

    /**
     * Has something worked out by a temporary child, which is not linked to the caller.
     *
     * @param <T> what it works out
     * @param work not null in the end
     * @return the child
     * @throws CallException if the supervisor has ended
     */
    public <T> ProcessTask<T> async(Body<? extends T, ? extends Exception> work) {
        Call call = new Call(pid);
        String id = "task " + node.nextReference();
        ProcessBody body = self -> {
            try {
                call.answer(ProcessTask.resultOf(work));
            } catch (CanceledException told) {
                throw told; // the end of the process says why
            } catch (ProcessExit exit) {
                call.ended(exit.reason());
                throw exit;
            } catch (Throwable failure) {
                call.ended(new ExitReason.Failed(failure));
                throw failure;
            }
        };
        Pid child = startChild(ChildSpec.of(id, new NamedBody(work, body)).withRestart(ChildSpec.Restart.TEMPORARY));
        node.endWith(child, call);
        return new ProcessTask<>(node, child, call);
    }

    /**
     * Ends its children and itself, for {@link ExitReason#SHUTDOWN}, and waits for that.
     *
     * @throws dev.gyre.io.CanceledException if the caller is to stop
     */
    public void stop() {
        node.exit(pid, ExitReason.SHUTDOWN);
        ExitReason _ = node.await(pid);
    }

    private Object request(java.util.function.Function<ReplyTo<Object>, SupervisorLoop.Request> request) {
        try {
            return switch (node.<Object>call(pid, Timeout.NONE, request)) {
                case SupervisorLoop.Refused(String advice) -> throw new IllegalArgumentException(advice);
                case SupervisorLoop.NotStarted(Pid child, ExitReason reason) -> throw new CallException(child, reason);
                case Object answer -> answer;
            };
        } catch (TimeoutException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
