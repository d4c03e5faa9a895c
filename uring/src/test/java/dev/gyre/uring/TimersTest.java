package dev.gyre.uring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** Timers against the simplest thing that could be right: a map from each timer to its deadline. */
@Tag("T8")
final class TimersTest {
    private static final int TIMERS = 12;

    enum Kind {
        SET,
        STOP,
        REMOVE,
        EXPIRE
    }

    /** Something done to one of the timers, or to the clock. */
    record Step(Kind kind, int timer, long time) {}

    private static final class Noting extends Timer {
        private final int number;
        private final List<Integer> fired;

        Noting(int number, List<Integer> fired) {
            this.number = number;
            this.fired = fired;
        }

        @Override
        void fire() {
            fired.add(number);
        }
    }

    @Property
    void firesWhatIsDueAndNothingElse(@ForAll("steps") List<Step> steps) {
        Timers timers = new Timers();
        Map<Integer, Long> model = new HashMap<>();
        List<Integer> fired = new ArrayList<>();
        List<Timer> all = new ArrayList<>();
        for (int i = 0; i < TIMERS; i++) {
            all.add(new Noting(i, fired));
        }
        long now = 0;
        for (Step step : steps) {
            Timer timer = all.get(step.timer);
            switch (step.kind) {
                case SET -> {
                    timers.set(timer, now + step.time);
                    model.put(step.timer, now + step.time);
                }
                case STOP -> {
                    timers.stop(timer);
                    model.remove(step.timer);
                }
                case REMOVE -> {
                    timers.remove(timer);
                    model.remove(step.timer);
                }
                case EXPIRE -> {
                    now += step.time;
                    Set<Integer> due = takeDue(model, now);
                    fired.clear();
                    timers.expire(now);
                    assertThat(fired).as("at " + now).containsExactlyInAnyOrderElementsOf(due);
                }
            }
            assertThat(timers.next()).as("the loop wakes in time")
                    .isLessThanOrEqualTo(model.values().stream().min(Long::compare).orElse(Timer.NEVER));
        }
        timers.expire(Long.MAX_VALUE - 1);
        assertThat(timers.next()).as("nothing is left").isEqualTo(Timer.NEVER);
    }

    /** A timer that is set again while it fires comes up again, and at once only if that is due, too. */
    @Property
    void mayBeSetAgainWhileTheyFire(@ForAll("periods") List<Long> periods) {
        Timers timers = new Timers();
        List<Long> fired = new ArrayList<>();
        Timer again = new Timer() {
            @Override
            void fire() {
                fired.add(deadlineOf(fired.size(), periods));
                if (fired.size() < periods.size()) {
                    timers.set(this, deadlineOf(fired.size(), periods));
                }
            }
        };
        timers.set(again, deadlineOf(0, periods));
        long end = deadlineOf(periods.size() - 1, periods);
        for (long now = 0; now < end + 3; now += 3) {
            timers.expire(now);
            int due = 0;
            while (due < periods.size() && deadlineOf(due, periods) <= now) {
                due++;
            }
            assertThat(fired).hasSize(due);
        }
        assertThat(timers.next()).isEqualTo(Timer.NEVER);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(Arbitraries.of(Kind.class), Arbitraries.integers().between(0, TIMERS - 1),
                Arbitraries.longs().between(0, 50)).as(Step::new).list().ofMaxSize(200);
    }

    @Provide
    Arbitrary<List<Long>> periods() {
        return Arbitraries.longs().between(0, 20).list().ofMinSize(1).ofMaxSize(30);
    }

    private static long deadlineOf(int firing, List<Long> periods) {
        return periods.stream().limit(firing + 1L).mapToLong(Long::longValue).sum();
    }

    private static Set<Integer> takeDue(Map<Integer, Long> model, long now) {
        Set<Integer> due = new TreeSet<>();
        model.forEach((timer, deadline) -> {
            if (deadline <= now) {
                due.add(timer);
            }
        });
        model.keySet().removeAll(due);
        return due;
    }
}
