package dev.gyre.process;

import java.util.function.Supplier;

/**
 * A process that handles one message after the other, with a beginning and an end of its own.
 *
 * <pre>{@code
 * final class Counter implements Server {
 *     record Add(int amount) {}
 *     record Get(ReplyTo<Integer> replyTo) {}
 *
 *     private int total;
 *
 *     public void handle(Self self, Object message) {
 *         switch (message) {
 *             case Add(int amount) -> total += amount;
 *             case Get(ReplyTo<Integer> replyTo) -> replyTo.reply(total);
 *             default -> {}
 *         }
 *     }
 * }
 *
 * Pid counter = node.start(SpawnOptions.DEFAULT, Server.of(Counter::new));
 * counter.send(new Counter.Add(2));
 * int total = node.call(counter, Timeout.after(Duration.ofSeconds(1)), Counter.Get::new);
 * }</pre>
 *
 * <p>Each process has an object of its own, which no other thread touches. A request is a message with a
 * {@link ReplyTo}: it can be answered later, or by another process. All methods run on the process's thread.
 */
public interface Server {
    /**
     * Begins. Until it returns, who starts the process waits, where that is done with {@link Processes#start} or by a
     * supervisor whose child {@linkplain ChildSpec#awaitsReady awaits} it. What it throws ends the process.
     *
     * @param self the process
     * @throws Exception as the program sees fit
     */
    default void begin(Self self) throws Exception {}

    /**
     * Handles a message.
     *
     * @param self the process
     * @param message the oldest; {@link Signal}s too
     * @throws Exception ends the process
     */
    void handle(Self self, Object message) throws Exception;

    /**
     * Ends, for whatever reason but {@link ExitReason#KILL}, after {@link #begin} has returned. The signal that ended
     * the process has no effect here, so this can wait; one more, {@link ExitReason#KILL}, has. What the process owns
     * is open still, its sockets too.
     *
     * @param self the process
     * @throws Exception is logged
     */
    default void end(Self self) throws Exception {}

    /**
     * What a process does that serves.
     *
     * @param factory makes the server, on the process's thread
     * @return to be spawned
     */
    static ProcessBody of(Supplier<? extends Server> factory) {
        return new NamedBody(factory, self -> {
            Server server = factory.get();
            server.begin(self);
            self.atEnd(() -> server.end(self));
            self.ready();
            while (true) {
                server.handle(self, self.receive());
            }
        });
    }
}
