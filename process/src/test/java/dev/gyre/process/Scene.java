package dev.gyre.process;

import dev.gyre.io.Timeout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The process that a scenario of {@link OtpTest} is about, with its trace; counterpart of {@code scenarios.erl}. */
class Scene {
    private static final Timeout LONG = Timeout.after(Duration.ofSeconds(5));
    private static final Timeout MOMENT = Timeout.after(Duration.ofMillis(20));

    /** The one of {@link #three}. */
    @SuppressWarnings("NullAway.Init")
    Supervisor supervisor;

    final Self self;
    final Pid me;
    private final List<String> lines;

    Scene(Self self, List<String> lines) {
        this.self = self;
        this.me = self.pid();
        this.lines = lines;
    }

    /** The same one, for scenarios of another kind. */
    Scene(Scene same) {
        this(same.self, same.lines);
    }

    /** What a scenario does. */
    interface Scenario {
        void run(Scene scene) throws Exception;
    }

    /** A child of a supervisor has started. */
    record Started(String name, Pid process) {}

    /** A child of a supervisor was told to end. */
    record Ended(String name, ExitReason reason) {}

    /** A child is to end. */
    record EndWith(ExitReason reason) {}

    static final ExitReason BAD = ExitReason.of("bad");

    static ExitReason reason(String name) {
        return ExitReason.of(name);
    }

    static String text(Object message) {
        return switch (message) {
            case Signal.Exit(_, ExitReason reason) -> "EXIT " + text(reason);
            case Signal.Down(_, _, ExitReason reason) -> "DOWN " + text(reason);
            case ExitReason.Normal() -> "normal";
            case ExitReason.Shutdown(Object detail) -> detail == null ? "shutdown" : "{shutdown," + detail + "}";
            case ExitReason.Kill() -> "kill";
            case ExitReason.Killed() -> "killed";
            case ExitReason.NoProcess() -> "noproc";
            case ExitReason.MailboxFull(int messages) -> "mailbox full, " + messages;
            case ExitReason.Failed(Throwable cause) -> "failed: " + cause;
            case ExitReason.Other(Object value) -> value.toString();
            case Ended(String name, ExitReason reason) -> "ended " + name + " " + text(reason);
            case Started(String name, _) -> "started " + name;
            case SocketMessage socket -> SocketScene.text(socket);
            default -> message.toString();
        };
    }

    void out(Object line) {
        lines.add(line.toString());
    }

    void next() {
        Object message = self.receive(LONG);
        out(message == null ? "nothing has come" : text(message));
    }

    void next(int times) {
        for (int i = 0; i < times; i++) {
            next();
        }
    }

    void nothing() {
        Object message = self.receive(MOMENT);
        out(message == null ? "nothing" : "unexpected " + text(message));
    }

    void sorted(int times) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            texts.add(text(self.receive()));
        }
        texts.sort(Comparator.naturalOrder());
        texts.forEach(this::out);
    }

    void down(Monitor monitor) {
        out(self.<String>receive(message ->
                message instanceof Signal.Down down && down.monitor() == monitor ? text(down) : null));
    }

    void alive(Pid process) {
        out(process.isAlive());
    }

    void refused(Runnable action) {
        try {
            action.run();
            out("accepted");
        } catch (IllegalArgumentException | CallException expected) {
            out("refused");
        }
    }

    Pid dead() {
        Monitor monitor = self.spawnMonitor(_ -> {});
        self.<Object>receive(message ->
                message instanceof Signal.Down down && down.monitor() == monitor ? down : null);
        return monitor.process();
    }

    static void idle(Self self) {
        self.<Object>receive(message -> message.equals("stop") ? message : null);
    }

    void want(String text) {
        self.<Object>receive(message -> message.equals(text) ? message : null);
    }

    Monitor trappingEcho() {
        return echo(true);
    }

    Monitor plainEcho() {
        return echo(false);
    }

    private Monitor echo(boolean traps) {
        Monitor monitor = self.spawnMonitor(one -> {
            one.trapExit(traps);
            me.send("ready");
            while (true) {
                Object message = one.receive();
                me.send(message instanceof Signal.Exit exit ? "got " + text(exit) : message);
            }
        });
        want("ready");
        return monitor;
    }

    // Supervisors.

    ChildSpec child(String name, ChildSpec.Restart restart) {
        return ChildSpec.of(name, one -> {
            one.trapExit(true);
            me.send(new Started(name, one.pid()));
            one.ready();
            while (true) {
                switch (one.receive()) {
                    case Signal.Exit(_, ExitReason reason) -> {
                        me.send(new Ended(name, reason));
                        throw new ProcessExit(reason);
                    }
                    case EndWith(ExitReason reason) -> throw new ProcessExit(reason);
                    case String text when text.equals("stop") -> {
                        return;
                    }
                    default -> {}
                }
            }
        }).withRestart(restart).awaitingReady();
    }

    ChildSpec child(String name) {
        return child(name, ChildSpec.Restart.PERMANENT);
    }

    static ChildSpec failing(String name) {
        return ChildSpec.of(name, _ -> {
            throw new ProcessExit(BAD);
        }).awaitingReady();
    }

    Supervisor start(SupervisorSpec.Strategy strategy, int intensity, ChildSpec... children) {
        self.trapExit(true);
        return Supervisor.startLink(self, spec(strategy, intensity, children));
    }

    static SupervisorSpec spec(SupervisorSpec.Strategy strategy, int intensity, ChildSpec... children) {
        return new SupervisorSpec(strategy, intensity, Duration.ofSeconds(5), List.of(children));
    }

    Pid started() {
        Started started = self.receive(message -> message instanceof Started one ? one : null);
        out(text(started));
        return started.process();
    }

    List<Pid> started(int times) {
        List<Pid> all = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            all.add(started());
        }
        return all;
    }

    void ended() {
        out(text(self.<Ended>receive(message -> message instanceof Ended one ? one : null)));
    }

    /** So many events, and then no more. */
    void events(int times) {
        for (int i = 0; i < times; i++) {
            Object event = event(LONG);
            out(event == null ? "no event" : text(event));
        }
        Object more = event(MOMENT);
        if (more != null) {
            out("unexpected: " + text(more));
        }
    }

    private @Nullable Object event(Timeout limit) {
        return self.<Object>receive(
                limit, message -> message instanceof Started || message instanceof Ended ? message : null);
    }

    /** Three children, a, b and c, and what their processes are. */
    List<Pid> three(SupervisorSpec.Strategy strategy) {
        supervisor = start(strategy, 3, child("a"), child("b"), child("c"));
        return started(3);
    }

    void stop(Supervisor stopped) {
        Monitor monitor = self.monitor(stopped.pid());
        self.unlink(stopped.pid());
        self.exit(stopped.pid(), ExitReason.SHUTDOWN);
        self.<Object>receive(message ->
                message instanceof Signal.Down down && down.monitor() == monitor ? down : null);
    }

    void children(Supervisor of) {
        for (Supervisor.Child child : of.children()) {
            out("child " + child.id() + (child.process().isPresent() ? " up" : " down"));
        }
    }

    // Servers.

    <R> void call(Pid process, Function<ReplyTo<R>, ?> request) {
        call(process, LONG, request);
    }

    <R> void call(Pid process, Timeout limit, Function<ReplyTo<R>, ?> request) {
        try {
            out("answer " + self.<R>call(process, limit, request));
        } catch (TimeoutException expected) {
            out("timeout");
        } catch (CallException failed) {
            out("failed " + text(failed.reason()));
        }
    }
}
