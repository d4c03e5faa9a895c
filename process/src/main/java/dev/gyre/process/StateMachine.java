package dev.gyre.process;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A process whose states are objects, each of which handles what comes in its own way.
 *
 * <pre>{@code
 * record Locked() implements State {
 *     public Step handle(Self self, Object event) {
 *         return event instanceof Coin
 *                 ? StateMachine.next(new Open()).within(FIVE_SECONDS, "close")
 *                 : StateMachine.stay();
 *     }
 * }
 * }</pre>
 */
public final class StateMachine {
    private static final Step STAY = new Stay();
    private static final Step POSTPONE = new Postpone();

    private StateMachine() {}

    /** A state. Best immutable; what is to be kept goes into the next one. */
    public interface State {
        /**
         * The machine has come from another state, or begins. What was postponed there comes next.
         *
         * @param self the process
         * @throws Exception ends the process
         */
        default void enter(Self self) throws Exception {}

        /**
         * Handles an event.
         *
         * @param self the process
         * @param event a message, or what {@link Next#within} has set
         * @return what to do
         * @throws Exception ends the process
         */
        Step handle(Self self, Object event) throws Exception;
    }

    /** What a machine does after an event. */
    public sealed interface Step {}

    private record Stay() implements Step {}

    private record Postpone() implements Step {}

    /**
     * It goes to a state.
     *
     * @param state the new one, or the same again
     * @param limit how long it may stay there before {@code event} comes, or null for as long as it likes
     * @param event what comes then, or null
     */
    public record Next(State state, @Nullable Duration limit, @Nullable Object event) implements Step {
        /**
         * The same with a limit of time, which ends when the machine leaves the state.
         *
         * @param newLimit not negative
         * @param newEvent is handled by the state if it is over
         * @return the step
         */
        public Next within(Duration newLimit, Object newEvent) {
            return new Next(state, newLimit, newEvent);
        }
    }

    /** The time of a state is over. */
    private record TimeOver(long entry, Object event) {}

    /**
     * It stays in its state; the time that it may stay there goes on.
     *
     * @return the step
     */
    public static Step stay() {
        return STAY;
    }

    /**
     * It stays, and keeps the event for the state that comes next.
     *
     * @return the step
     */
    public static Step postpone() {
        return POSTPONE;
    }

    /**
     * It goes to a state.
     *
     * @param state the new one
     * @return the step
     */
    public static Next next(State state) {
        return new Next(state, null, null);
    }

    /**
     * What a process does that is a machine. It ends by {@link ProcessExit}, or by what a state throws.
     *
     * @param initial the first state
     * @return to be spawned
     */
    public static ProcessBody of(Next initial) {
        return new NamedBody(initial.state(), self -> run(self, initial));
    }

    private static void run(Self self, Next initial) throws Exception {
        List<Object> postponed = new ArrayList<>();
        ArrayDeque<Object> again = new ArrayDeque<>();
        long entries = 0;
        @Nullable Timer timer = null;
        @Nullable Next entering = initial;
        State state = initial.state();
        boolean begun = false;
        while (true) {
            if (entering != null) {
                if (timer != null) {
                    timer.cancel();
                    timer = null;
                }
                state = entering.state();
                entries++;
                if (entering.limit() != null && entering.event() != null) {
                    timer = self.sendAfter(entering.limit(), new TimeOver(entries, entering.event()));
                }
                entering = null;
                state.enter(self);
                postponed.reversed().forEach(again::addFirst);
                postponed.clear();
                if (!begun) {
                    begun = true;
                    self.ready();
                }
            }
            Object event = again.isEmpty() ? self.receive() : again.removeFirst();
            if (event instanceof TimeOver(long entry, Object set)) {
                if (entry != entries) {
                    continue;
                }
                event = set;
            }
            switch (state.handle(self, event)) {
                case Stay _ -> {}
                case Postpone _ -> postponed.add(event);
                case Next next -> entering = next;
            }
        }
    }
}
