package dev.gyre.uring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.conformance.Eventually;
import dev.gyre.testing.Draw;
import dev.gyre.testing.Property;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Timers against the simplest thing that could be right: a map from each timer to its deadline. */
@Tag("T8")
final class TimersTest {
    private static final int TIMERS = 12;

    /** So many places are not worth tidying up. */
    private static final int FEW = 64;

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

    @Test
    void firesWhatIsDueAndNothingElse() {
        Property.check(draw -> firesWhatIsDueAndNothingElse(draw.list(0, 200, TimersTest::step)));
    }

    private static void firesWhatIsDueAndNothingElse(List<Step> steps) {
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
    @Test
    void mayBeSetAgainWhileTheyFire() {
        Property.check(draw -> mayBeSetAgainWhileTheyFire(draw.list(1, 30, period -> period.between(0L, 20L))));
    }

    private static void mayBeSetAgainWhileTheyFire(List<Long> periods) {
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

    /**
     * What nobody waits for any more does not pile up until its time has come, as the limits of a server's requests
     * would, which are all far off and nearly all stopped. Those that are set keep their order meanwhile.
     */
    @Test
    void whatIsStoppedIsNotKept() {
        Property.check(100, draw -> whatIsStoppedIsNotKept(draw.list(100, 1000, TimersTest::far)));
    }

    private static void whatIsStoppedIsNotKept(List<Far> drawn) {
        Timers timers = new Timers();
        List<Integer> fired = new ArrayList<>();
        Map<Integer, Long> model = new HashMap<>();
        for (Far each : drawn) {
            int number = model.size();
            for (int i = 0; i < each.stopped; i++) {
                Timer timer = new Noting(-1, fired);
                timers.set(timer, each.deadline + i);
                timers.stop(timer);
                assertThat(timers.size()).isLessThanOrEqualTo(Math.max(FEW, 2 * number + 1));
            }
            timers.set(new Noting(number, fired), each.deadline);
            model.put(number, each.deadline);
        }
        while (!model.isEmpty()) {
            long next = model.values().stream().min(Long::compare).orElseThrow();
            assertThat(timers.next()).isLessThanOrEqualTo(next);
            fired.clear();
            timers.expire(next);
            assertThat(fired).containsExactlyInAnyOrderElementsOf(takeDue(model, next));
        }
    }

    /** A timer belongs to whatever waits, with its buffers and its stack. */
    @Test
    void whatIsStoppedIsLetGo() {
        Timers timers = new Timers();
        List<WeakReference<Timer>> stopped = stopMany(timers, 10_000);
        assertThat(timers.size()).isLessThanOrEqualTo(FEW);
        Eventually.await("the collector has taken them", () -> {
            System.gc();
            return stopped.stream().filter(timer -> !timer.refersTo(null)).count() <= FEW;
        });
        assertThat(timers.next()).as("what held them is there").isPositive();
    }

    /** All are set before the first is stopped. */
    private static List<WeakReference<Timer>> stopMany(Timers timers, int count) {
        List<Timer> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Timer timer = new Noting(i, new ArrayList<>());
            timers.set(timer, 1_000_000 + i);
            all.add(timer);
        }
        all.forEach(timers::stop);
        return all.stream().map(WeakReference::new).toList();
    }

    /** A timer that stays, and how many are set and stopped before it. */
    record Far(long deadline, int stopped) {}

    private static Far far(Draw draw) {
        return new Far(1_000_000 + draw.between(0, 100_000), draw.between(0, 3));
    }

    /** Most timers are set, far apart, and expire one by one: a heap of few or of equals has no form to get wrong. */
    private static Step step(Draw draw) {
        Kind kind = draw.of(Kind.SET, Kind.SET, Kind.SET, Kind.STOP, Kind.REMOVE, Kind.EXPIRE);
        int time = draw.between(0, draw.of(50, 1000));
        return new Step(kind, draw.between(0, TIMERS - 1), kind == Kind.EXPIRE ? time / 8 : time);
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

    /** A fiber whose stack is at its end breaks off in the midst of a change. Nobody else's timer is lost by that. */
    @Test
    void aChangeThatBreaksOffIsPutInOrder() throws Exception {
        Timers timers = new Timers();
        List<Integer> fired = new ArrayList<>();
        int others = 200;
        for (int i = 0; i < others; i++) {
            timers.set(new Noting(i, fired), 1000 + (i * 37) % others);
        }
        Timer own = new Noting(-1, new ArrayList<>());
        Timer next = new Noting(-2, new ArrayList<>());
        int[] brokenOff = {0};
        Thread deep = new Thread(null, () -> {
            for (int i = 0; i < 1000; i++) {
                long deadline = 500 + i * 7L % 1000;
                Runnable change = i % 2 == 0 ? () -> timers.set(own, deadline) : () -> timers.remove(own);
                Depth depth = new Depth(i % 60, change);
                depth.descend();
                brokenOff[0] += depth.end() == null ? 0 : 1;
                // Who comes next may be the loop, or another fiber.
                if (i % 3 == 0) {
                    timers.expire(0);
                } else {
                    timers.set(next, 500 + i * 11L % 1000);
                }
            }
        }, "deep", 256 * 1024);
        deep.start();
        deep.join();

        assertThat(brokenOff[0]).isPositive();
        timers.remove(own);
        timers.stop(next);
        timers.expire(Long.MAX_VALUE - 1);
        assertThat(fired).hasSize(others).doesNotHaveDuplicates();
        assertThat(timers.next()).isEqualTo(Timer.NEVER);
    }
}
