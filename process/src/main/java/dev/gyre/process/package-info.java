/**
 * Processes as the BEAM has them: a function on a thread of its own, with a mailbox, over any {@link dev.gyre.io.Io}.
 *
 * <pre>{@code
 * record Add(int amount) {}
 * record Get(Pid replyTo) {}
 *
 * void counter(Self self) {
 *     int total = 0;
 *     while (true) {
 *         switch (self.receive()) {
 *             case Add(int amount) -> total += amount;
 *             case Get(Pid replyTo) -> replyTo.send(total);
 *             default -> {}
 *         }
 *     }
 * }
 *
 * try (Io io = Io.open(); Processes node = Processes.open(io)) {
 *     ExitReason reason = node.run(self -> {
 *         Pid counter = self.spawnLink(this::counter);
 *         counter.send(new Add(2));
 *         counter.send(new Get(self.pid()));
 *         switch (self.receive(Timeout.after(Duration.ofSeconds(1)))) {
 *             case Integer total -> IO.println(total);
 *             case null, default -> throw new ProcessExit(ExitReason.of("no answer"));
 *         }
 *     });
 * }
 * }</pre>
 *
 * <p><b>Messages</b> are objects that nobody changes any more, best records. {@link dev.gyre.process.Pid#send} never
 * fails and, unless the mailbox is bounded, never waits. Messages of one sender arrive in the order in which they were
 * sent, and so do its signals among them. {@link dev.gyre.process.Self#receive()} takes the oldest message; with a
 * function, the oldest that the function wants, and all others stay where they are.
 *
 * <p><b>Signals.</b> A process ends with an {@link dev.gyre.process.ExitReason}: when its function returns or throws,
 * or when an exit signal tells it to. The processes that are linked to it then get such a signal, and end as well,
 * unless they trap exits: to those it is a message, {@link dev.gyre.process.Signal.Exit}. Who monitors it gets {@link
 * dev.gyre.process.Signal.Down}.
 *
 * <p><b>Waiting.</b> A process waits for sockets, files and time by the methods of its {@code Io}, which suspend it; it
 * is a task. To be told to end is to be canceled: each cancellation point throws
 * {@link dev.gyre.io.CanceledException} from then on, so a process that computes ends at the next one, and its
 * {@code finally} blocks run. A wait in the kernel can be ended by a message where the program says so ({@link
 * dev.gyre.process.Self#untilMessage}).
 *
 * <p><b>Sockets</b> of {@link dev.gyre.process.Self#sockets()} belong to a process. They are asked, or what arrives
 * comes as {@link dev.gyre.process.SocketMessage}s, and they can be handed over to another process.
 *
 * <p><b>The end</b> of a process closes its sockets and what it {@link dev.gyre.process.Self#own owns},
 * and takes back its name, its
 * links and monitors, and the timers that would have sent to it.
 */
@NullMarked
package dev.gyre.process;

import org.jspecify.annotations.NullMarked;
