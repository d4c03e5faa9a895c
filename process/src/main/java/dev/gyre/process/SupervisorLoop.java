package dev.gyre.process;

import dev.gyre.io.CanceledException;
import dev.gyre.io.Clock;
import dev.gyre.io.Timeout;
import dev.gyre.io.Timestamp;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A supervisor at work. It traps exits; its children are linked to it, and those that it has ended itself are not among
 * them any more when their signal comes.
 */
final class SupervisorLoop {
    /** What it is asked. */
    sealed interface Request {}

    record Start(ChildSpec child, ReplyTo<Object> replyTo) implements Request {}

    record Terminate(String id, ReplyTo<Object> replyTo) implements Request {}

    record Restart(String id, ReplyTo<Object> replyTo) implements Request {}

    record Delete(String id, ReplyTo<Object> replyTo) implements Request {}

    record Which(ReplyTo<Object> replyTo) implements Request {}

    /** It asks itself, after a restart that failed, so that others come in between. */
    record Retry(Child child) implements Request {}

    /** An answer: what was wrong with the request. */
    record Refused(String advice) {}

    /** An answer: the child has ended before it was started. */
    record NotStarted(Pid child, ExitReason reason) {}

    private static final String DONE = "done";

    /** One of its children. */
    static final class Child {
        final ChildSpec spec;

        /** Null while it does not run. */
        @Nullable Pid pid;

        Child(ChildSpec spec) {
            this.spec = spec;
        }
    }

    private final Self self;
    private final SupervisorSpec spec;
    private final Map<String, Child> children = new LinkedHashMap<>();
    private final Map<Pid, Child> running = new HashMap<>();

    /** When there was a restart, the oldest first. */
    private final ArrayDeque<Timestamp> restarts = new ArrayDeque<>();

    SupervisorLoop(Self self, SupervisorSpec spec) {
        this.self = self;
        this.spec = spec;
    }

    void run() {
        self.trapExit(true);
        for (ChildSpec each : spec.children()) {
            Child child = new Child(each);
            children.put(each.id(), child);
            NotStarted failure = start(child);
            if (failure != null) {
                stopAll();
                throw new ProcessExit(failure.reason());
            }
        }
        self.ready();
        while (true) {
            switch (self.receive()) {
                case Signal.Exit(Pid from, ExitReason reason) -> exited(from, reason);
                case Request request -> serve(request);
                default -> {}
            }
        }
    }

    private void serve(Request request) {
        switch (request) {
            case Start(ChildSpec added, ReplyTo<Object> replyTo) -> replyTo.reply(add(added));
            case Terminate(String id, ReplyTo<Object> replyTo) -> replyTo.reply(terminate(id));
            case Restart(String id, ReplyTo<Object> replyTo) -> replyTo.reply(startAgain(id));
            case Delete(String id, ReplyTo<Object> replyTo) -> replyTo.reply(delete(id));
            case Which(ReplyTo<Object> replyTo) -> replyTo.reply(children.values().stream()
                    .map(child -> new Supervisor.Child(
                            child.spec.id(), Optional.ofNullable(child.pid), child.spec.restart()))
                    .toList());
            case Retry(Child child) -> {
                if (child.pid == null && children.get(child.spec.id()) == child) {
                    restart(child);
                }
            }
        }
    }

    private Object add(ChildSpec added) {
        if (children.containsKey(added.id())) {
            return new Refused("the supervisor has a child '" + added.id() + "' already");
        }
        Child child = new Child(added);
        NotStarted failure = start(child);
        if (failure != null) {
            return failure;
        }
        children.put(added.id(), child);
        return pidOf(child);
    }

    private Object terminate(String id) {
        Child child = children.get(id);
        if (child == null) {
            return unknown(id);
        }
        stop(child);
        forgetIfTemporary(child);
        return DONE;
    }

    private Object startAgain(String id) {
        Child child = children.get(id);
        if (child == null) {
            return unknown(id);
        }
        if (child.pid != null) {
            return new Refused("the child '" + id + "' runs; terminate it first");
        }
        NotStarted failure = start(child);
        return failure == null ? pidOf(child) : failure;
    }

    private Object delete(String id) {
        Child child = children.get(id);
        if (child == null) {
            return unknown(id);
        }
        if (child.pid != null) {
            return new Refused("the child '" + id + "' runs; terminate it first");
        }
        children.remove(id);
        return DONE;
    }

    private static Refused unknown(String id) {
        return new Refused("the supervisor has no child '" + id + "'");
    }

    private static Pid pidOf(Child child) {
        return java.util.Objects.requireNonNull(child.pid);
    }

    /** Starts a child; null if that is done. */
    private @Nullable NotStarted start(Child child) {
        ChildSpec how = child.spec;
        try {
            child.pid = how.awaitsReady()
                    ? self.startLink(how.how(), how.body())
                    : self.spawnLink(how.how(), how.body());
            running.put(child.pid, child);
            return null;
        } catch (CanceledException ends) {
            throw ends;
        } catch (CallException failure) {
            return new NotStarted(failure.process(), failure.reason());
        } catch (RuntimeException failure) {
            return new NotStarted(self.pid(), new ExitReason.Failed(failure));
        }
    }

    private void exited(Pid from, ExitReason reason) {
        Child child = running.remove(from);
        if (child == null) {
            if (from == self.pid() || from == self.parent()) {
                stopAll();
                throw new ProcessExit(reason);
            }
            return;
        }
        child.pid = null;
        if (child.spec.restart().after(reason)) {
            Recording.restart(self.pid(), child.spec.id(), reason);
            restart(child);
        } else {
            forgetIfTemporary(child);
        }
    }

    private void restart(Child child) {
        if (isTooOften()) {
            stopAll();
            throw new ProcessExit(ExitReason.SHUTDOWN);
        }
        List<Child> affected = affectedBy(child);
        for (Child each : affected.reversed()) {
            stop(each);
            forgetIfTemporary(each);
        }
        for (Child each : affected) {
            if (children.containsKey(each.spec.id()) && start(each) != null) {
                self.pid().send(new Retry(each));
                return;
            }
        }
    }

    private List<Child> affectedBy(Child child) {
        List<Child> all = new ArrayList<>(children.values());
        return switch (spec.strategy()) {
            case ONE_FOR_ONE -> List.of(child);
            case ONE_FOR_ALL -> all;
            case REST_FOR_ONE -> all.subList(all.indexOf(child), all.size());
        };
    }

    private boolean isTooOften() {
        Timestamp now = self.io().now(Clock.AWAKE);
        restarts.add(now);
        while (now.since(restarts.getFirst()).compareTo(spec.period()) > 0) {
            restarts.removeFirst();
        }
        return restarts.size() > spec.restartsMax();
    }

    private void forgetIfTemporary(Child child) {
        if (child.spec.restart() == ChildSpec.Restart.TEMPORARY) {
            children.remove(child.spec.id());
        }
    }

    private void stopAll() {
        for (Child child : List.copyOf(children.values()).reversed()) {
            stop(child);
        }
    }

    /** Ends a child, if it runs: asks it to, and kills it when its time is over. */
    private void stop(Child child) {
        Pid pid = child.pid;
        if (pid == null) {
            return;
        }
        running.remove(pid);
        child.pid = null;
        Monitor monitor = self.monitor(pid);
        if (!isAtOnce(child.spec.shutdown())) {
            self.exit(pid, ExitReason.SHUTDOWN);
            if (isDown(monitor, child.spec.shutdown())) {
                return;
            }
        }
        self.exit(pid, ExitReason.KILL);
        boolean _ = isDown(monitor, Timeout.NONE);
    }

    private static boolean isAtOnce(Timeout shutdown) {
        return shutdown instanceof Timeout.After after && after.duration().equals(Duration.ZERO);
    }

    private boolean isDown(Monitor monitor, Timeout limit) {
        return self.receive(
                        monitor,
                        limit,
                        message -> message instanceof Signal.Down down && down.monitor() == monitor ? down : null)
                != null;
    }
}
