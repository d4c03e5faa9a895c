package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Action;
import dev.gyre.io.BoundedQueue;
import dev.gyre.io.ConcurrencyUnavailable;
import dev.gyre.io.Condition;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.Mutex;
import dev.gyre.io.ResetEvent;
import dev.gyre.io.Semaphore;
import dev.gyre.io.Task;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Like {@link StressConformance}, for what tasks wait for among themselves: one waits, a second one gives it what it
 * waits for, and the test tells it to stop. In a simulation time does not decide, and all orders are explored instead.
 */
@StressRun
@Tag("T3")
abstract class TaskStressConformance {
    @Test
    void lock(Io io) throws Exception {
        Race race = new Race(io, "lock");
        Mutex mutex = io.mutex();
        ResetEvent held = io.resetEvent();
        ResetEvent enough = io.resetEvent();
        for (int i = 0; i < race.rounds(); i++) {
            Task<Boolean, Exception> holder = doing(io, () -> {
                mutex.lock();
                held.set();
                enough.await();
                mutex.unlock();
            });
            held.await();
            Task<Boolean, Exception> locking = doing(io, () -> {
                mutex.lock();
                mutex.unlock();
            });
            enough.set();
            race.end(locking);
            holder.await();
            assertThat(mutex.tryLock()).as("nobody holds it").isTrue();
            mutex.unlock();
            held.reset();
            enough.reset();
        }
        race.assertBothWays();
    }

    @Test
    void condition(Io io) throws Exception {
        Race race = new Race(io, "condition");
        Mutex mutex = io.mutex();
        Condition condition = mutex.condition();
        int[] tickets = {0};
        for (int i = 0; i < race.rounds(); i++) {
            Task<Boolean, Exception> taking = doing(io, () -> {
                mutex.lock();
                try {
                    while (tickets[0] == 0) {
                        condition.await();
                    }
                    tickets[0]--;
                } finally {
                    mutex.unlock();
                }
            });
            Task<Boolean, Exception> giving = doing(io, () -> {
                mutex.lock();
                tickets[0]++;
                condition.signal();
                mutex.unlock();
            });
            boolean taken = race.end(taking) != null;
            giving.await();
            mutex.lock();
            assertThat(tickets[0]).isEqualTo(taken ? 0 : 1);
            tickets[0] = 0;
            mutex.unlock();
        }
        race.assertBothWays();
    }

    @Test
    void event(Io io) throws Exception {
        Race race = new Race(io, "event");
        ResetEvent event = io.resetEvent();
        for (int i = 0; i < race.rounds(); i++) {
            Task<Boolean, Exception> waiting = doing(io, event::await);
            Task<Boolean, Exception> setting = doing(io, event::set);
            race.end(waiting);
            setting.await();
            event.reset();
        }
        race.assertBothWays();
    }

    @Test
    void semaphore(Io io) throws Exception {
        Race race = new Race(io, "semaphore");
        Semaphore semaphore = io.semaphore(0);
        for (int i = 0; i < race.rounds(); i++) {
            Task<Boolean, Exception> acquiring = doing(io, semaphore::acquire);
            Task<Boolean, Exception> releasing = doing(io, semaphore::release);
            boolean acquired = race.end(acquiring) != null;
            releasing.await();
            assertThat(semaphore.tryAcquire()).as("the permit is there").isEqualTo(!acquired);
        }
        race.assertBothWays();
    }

    @Test
    void get(Io io) throws Exception {
        Race race = new Race(io, "get");
        BoundedQueue<Integer> queue = io.queue(1);
        for (int i = 0; i < race.rounds(); i++) {
            int number = i;
            Task<Integer, Exception> getting = io.concurrent(queue::get);
            Task<Boolean, Exception> putting = doing(io, () -> queue.put(number));
            Integer got = race.end(getting);
            putting.await();
            assertThat(got == null ? queue.get() : got).isEqualTo(number);
            assertThat(queue.size()).isZero();
        }
        race.assertBothWays();
    }

    @Test
    void put(Io io) throws Exception {
        Race race = new Race(io, "put");
        BoundedQueue<Integer> queue = io.queue(1);
        for (int i = 0; i < race.rounds(); i++) {
            queue.put(-1);
            int number = i;
            Task<Boolean, Exception> putting = doing(io, () -> queue.put(number));
            Task<Integer, Exception> getting = io.concurrent(queue::get);
            boolean put = race.end(putting) != null;
            assertThat(getting.await()).isEqualTo(-1);
            assertThat(queue.size()).isEqualTo(put ? 1 : 0);
            if (put) {
                assertThat(queue.get()).isEqualTo(number);
            }
        }
        race.assertBothWays();
    }

    /** The request is passed on; whoever hears it, the awaited task has ended when its awaiter has. */
    @Test
    void await(Io io) throws Exception {
        Race race = new Race(io, "await");
        ResetEvent event = io.resetEvent();
        for (int i = 0; i < race.rounds(); i++) {
            Task<Boolean, Exception> ending = doing(io, event::await);
            Task<Boolean, Exception> awaiting = io.concurrent(ending::await);
            Task<Boolean, Exception> setting = doing(io, event::set);
            race.end(awaiting);
            assertThat(ending.isDone()).isTrue();
            setting.await();
            event.reset();
        }
        race.assertBothWays();
    }

    /** Those that are selected among are left alone. */
    @Test
    void select(Io io) throws Exception {
        Race race = new Race(io, "select");
        ResetEvent event = io.resetEvent();
        for (int i = 0; i < race.rounds(); i++) {
            Task<Boolean, Exception> ending = doing(io, event::await);
            Task<Integer, Exception> selecting = io.concurrent(() -> io.select(List.of(ending)));
            Task<Boolean, Exception> setting = doing(io, event::set);
            race.end(selecting);
            setting.await();
            ending.await();
            event.reset();
        }
        race.assertBothWays();
    }

    /** The request is passed on to the members. Whoever hears it, none is left when the wait is over. */
    @Test
    void groupWait(Io io) throws Exception {
        Race race = new Race(io, "group wait");
        ResetEvent event = io.resetEvent();
        try (Group<RuntimeException> group = io.group()) {
            for (int i = 0; i < race.rounds(); i++) {
                group.concurrent(event::await);
                Task<Boolean, Exception> waiting = doing(io, group::await);
                Task<Boolean, Exception> setting = doing(io, event::set);
                race.end(waiting);
                assertThat(group.size()).isZero();
                setting.await();
                event.reset();
            }
        }
        race.assertBothWays();
    }

    private static Task<Boolean, Exception> doing(Io io, Action<Exception> action) throws ConcurrencyUnavailable {
        return io.concurrent(() -> {
            action.run();
            return true;
        });
    }
}
