package dev.gyre.simulated.turns;

import dev.gyre.simulated.DeadlockError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who runs, and what time it is.
 *
 * <p>There is one baton, and only the task that has it runs. Where a task waits, ends, or lets others come in between,
 * it gives the baton back, and the next to have it is chosen among all that can run and all alarms that are due. When
 * there is nothing to choose from, time jumps to the next alarm. When there is no alarm either, nothing can happen any
 * more, and all that wait are told so.
 *
 * <p>Threads that were not started here, foreign ones, need no baton. As long as one of them is outside, which means
 * that it runs and may come back with a call at any moment, nothing can be concluded from the fact that everybody else
 * waits; so time then passes as on the wall. A program without foreign threads never looks at that clock.
 *
 * <p>This object's lock is also the kernel's: it guards sockets, links and what is on its way. So an alarm can let a
 * packet arrive; and a call of the kernel's happens {@link #atomically}, as far as it does not wait.
 *
 * <p>A task that waits for something of the JDK's keeps the baton, and is not seen here: {@link Watch} looks for that
 * from outside. Once it is over, the baton can be taken from such a task, so that others unwind, and free what it waits
 * for. It is astray then: it may run at the same time as others, and each of its calls says that it is over.
 */
public final class Scheduler {
    /** Foreign threads that end say nothing; so often it is looked whether they have. */
    private static final long FOREIGN_LOOK_NANOS = 10_000_000;

    private static final Comparator<Alarm> SOONEST =
            Comparator.<Alarm>comparingLong(alarm -> alarm.deadline).thenComparingLong(alarm -> alarm.number);

    private final Choices choices;
    private final long stepsMax;
    private final List<SimulatedFiber> runnable = new ArrayList<>();
    private final Set<SimulatedFiber> waiting = new LinkedHashSet<>();
    private final List<SimulatedFiber> foreign = new ArrayList<>();
    private final TreeSet<Alarm> alarms = new TreeSet<>(SOONEST);
    private final List<Alarm> due = new ArrayList<>();

    /** Those from whom the baton was taken. */
    private final List<SimulatedFiber> astray = new CopyOnWriteArrayList<>();

    private volatile @Nullable SimulatedFiber running;
    private boolean dispatching;
    private long now;
    private long alarmNumber;

    /** How many calls that are to happen in one piece the thread that has the lock is in. */
    private int pieces;

    /** Whether somebody could have got the baton meanwhile. */
    private boolean postponed;
    private long steps;

    /** How often since it got the baton the latest task wanted to let another one run, and none could. */
    private long polls;

    /** How many looks in a row found that nothing moves. */
    private int looksStill;

    private long traceHash = 0xcbf29ce484222325L;
    private @Nullable String doom;
    private @Nullable Thread clock;
    private boolean closed;

    public Scheduler(Choices choices, long stepsMax) {
        this.choices = choices;
        this.stepsMax = stepsMax;
    }

    /** Virtual time since the beginning, in nanoseconds. */
    public synchronized long now() {
        return now;
    }

    /** How often a task was given the baton. */
    public synchronized long steps() {
        return steps;
    }

    /** A number that two runs share if the same happened in both. */
    public synchronized long traceHash() {
        return traceHash;
    }

    /** Why the program cannot go on, or null. */
    public synchronized @Nullable String doom() {
        return doom;
    }

    public synchronized int choose(int count) {
        return decide(count);
    }

    /** Does something in one piece: nobody gets the baton meanwhile, and no alarm rings. */
    public synchronized <T> T atomically(Supplier<T> call) {
        pieces++;
        try {
            return call.get();
        } finally {
            pieces--;
            if (pieces == 0 && postponed) {
                postponed = false;
                dispatch();
            }
        }
    }

    /** Whether threads take part that need no baton. */
    public synchronized boolean hasForeign() {
        foreign.removeIf(each -> hasEnded(each.thread()));
        return !foreign.isEmpty();
    }

    /** Whether one of them runs, and may call in at any moment. */
    private boolean hasForeignOutside() {
        return hasForeign() && foreign.stream().anyMatch(each -> !each.parked);
    }

    /** Takes note of a thread that may call in from now on. */
    public synchronized void arrived(SimulatedFiber fiber) {
        looksStill = 0;
        foreign.add(fiber);
        if (clock == null && !closed) {
            clock = Thread.ofPlatform().daemon().name("gyre-simulated-clock").start(this::runClock);
        }
    }

    /** One of them will not call in any more. The clock notices. */
    public synchronized void left(SimulatedFiber fiber) {
        looksStill = 0;
        foreign.remove(fiber);
        notifyAll();
    }

    /** A new task can run. */
    public synchronized void start(SimulatedFiber fiber) {
        runnable.add(fiber);
        dispatch();
    }

    /** A task has run. Its thread does nothing more. */
    synchronized void ended(SimulatedFiber fiber) {
        looksStill = 0;
        if (!astray.remove(fiber)) {
            running = null;
        }
        dispatch();
    }

    /** Lets another one run, if it so happens. On the thread of the task that has the baton. */
    public void yieldFrom(SimulatedFiber fiber) {
        synchronized (this) {
            throwIfDoomed();
            looksStill = 0;
            if (!canRun()) {
                countPoll();
                throwIfDoomed();
                return;
            }
        }
        fiber.requireLeave();
        synchronized (this) {
            // It may have gone astray on the way.
            throwIfDoomed();
            runnable.add(fiber);
            running = null;
            dispatch();
        }
        fiber.awaitTurn();
        throwIfDoomed();
    }

    /** Waits until {@link #unpark} is called, or was. On the fiber's own thread. */
    void suspend(SimulatedFiber fiber) {
        synchronized (this) {
            looksStill = 0;
            if (fiber.permitted) {
                fiber.permitted = false;
                return;
            }
            if (fiber.takesTurns()) {
                throwIfDoomed();
                running = null;
            }
            fiber.parked = true;
            waiting.add(fiber);
            dispatch();
        }
        fiber.awaitTurn();
        if (fiber.takesTurns()) {
            throwIfDoomed();
        } else {
            synchronized (this) {
                if (fiber.doomed) {
                    fiber.doomed = false;
                    throw new DeadlockError(String.valueOf(doom));
                }
            }
        }
    }

    /** Lets {@link #suspend} return. On any thread. */
    synchronized void unpark(SimulatedFiber fiber) {
        looksStill = 0;
        if (!fiber.parked) {
            fiber.permitted = true;
            return;
        }
        fiber.parked = false;
        waiting.remove(fiber);
        if (!fiber.takesTurns()) {
            fiber.resume();
        } else {
            runnable.add(fiber);
            dispatch();
        }
    }

    /** Who has the baton, or null. */
    @Nullable SimulatedFiber running() {
        return running;
    }

    /** The fiber that has the baton, or from whom it was taken, if the calling thread is its own; or else null. */
    public @Nullable SimulatedFiber runningHere() {
        SimulatedFiber fiber = running;
        if (fiber != null && fiber.runsHere()) {
            return fiber;
        }
        for (SimulatedFiber each : astray) {
            if (each.runsHere()) {
                return each;
            }
        }
        return null;
    }

    /**
     * Looks, from outside and every now and then, whether anything moves. If nothing did {@value Watch#LOOKS} times in
     * a row, it is over. Whoever keeps the baton even then is interrupted, and if that does not help, loses it.
     *
     * @param patience how long that many looks take
     * @return false if it is over, and what still waits cannot be ended
     */
    public boolean look(Duration patience) {
        // Without the lock, since whoever waits for that will have it in a moment.
        boolean still = awake().stream().allMatch(SimulatedFiber::waitsElsewhere);
        Thread interrupted = null;
        synchronized (this) {
            looksStill = still ? looksStill + 1 : 0;
            SimulatedFiber holder = running;
            if (doom == null) {
                // While somebody sleeps and nobody has the baton, time passes as on the wall.
                if (looksStill >= Watch.LOOKS && (holder != null || (alarms.isEmpty() && !waiting.isEmpty()))) {
                    looksStill = 0;
                    doomAll(Report.standstill(holder, patience));
                    dispatch();
                }
            } else if (holder == null) {
                return looksStill < Watch.LOOKS_AT_END;
            } else if (looksStill == 1) {
                interrupted = holder.thread();
            } else if (looksStill == 3) {
                looksStill = 0;
                astray.add(holder);
                running = null;
                dispatch();
            }
        }
        if (interrupted != null) {
            interrupted.interrupt();
        }
        return true;
    }

    /** Those who may let something happen by themselves. After the end is decided, foreign threads are no hope. */
    private synchronized List<SimulatedFiber> awake() {
        List<SimulatedFiber> awake = new ArrayList<>();
        if (doom == null && hasForeign()) {
            foreign.stream().filter(each -> !each.parked).forEach(awake::add);
        }
        SimulatedFiber holder = running;
        if (holder != null) {
            awake.add(holder);
        }
        return awake;
    }

    public synchronized void add(Alarm alarm) {
        if (alarm.deadline == Long.MAX_VALUE) {
            return;
        }
        alarm.number = alarmNumber++;
        if (alarm.deadline <= now) {
            due.add(alarm);
            postponed |= pieces > 0;
        } else {
            alarms.add(alarm);
        }
    }

    /** Takes an alarm back. False if it has rung. */
    public synchronized boolean remove(Alarm alarm) {
        return alarms.remove(alarm) || due.remove(alarm);
    }

    /** Whether nothing begins any more. */
    public synchronized boolean isClosed() {
        return closed;
    }

    /** Ends the clock's thread, if there is one, and waits for that. */
    public void close() {
        Thread ending;
        synchronized (this) {
            closed = true;
            ending = clock;
            notifyAll();
        }
        boolean interrupted = false;
        while (ending != null && ending.isAlive()) {
            try {
                ending.join();
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Gives the baton to somebody, if it is free and somebody can run. With the lock. */
    private void dispatch() {
        if (running != null || dispatching) {
            return;
        }
        if (pieces > 0) {
            postponed = true;
            return;
        }
        dispatching = true;
        try {
            while (running == null && (canRun() || jump())) {
                runOne();
            }
        } finally {
            dispatching = false;
        }
    }

    private boolean canRun() {
        return !runnable.isEmpty() || !due.isEmpty();
    }

    private void runOne() {
        looksStill = 0;
        int count = runnable.size() + due.size();
        int choice = count == 1 ? 0 : decide(count);
        if (choice < runnable.size()) {
            SimulatedFiber chosen = runnable.remove(choice);
            trace(chosen.number);
            running = chosen;
            polls = 0;
            if (doom == null && ++steps == stepsMax) {
                doomAll("it goes round in circles: it has not ended after " + stepsMax + " steps");
            }
            chosen.resume();
        } else {
            Alarm alarm = due.remove(choice - runnable.size());
            trace(Long.MIN_VALUE + alarm.number);
            alarm.ring();
        }
    }

    /** A foreign thread that runs may be what is polled for. */
    private void countPoll() {
        if (!hasForeignOutside() && ++polls == stepsMax) {
            doomAll("it goes round in circles: it has polled " + stepsMax + " times, and nobody else could run");
        }
    }

    /** Nobody can run: lets time jump, or finds that nothing will happen any more. True if somebody can run now. */
    private boolean jump() {
        if (hasForeignOutside()) {
            notifyAll();
            return false;
        }
        if (!alarms.isEmpty()) {
            advance(alarms.first().deadline);
            return true;
        }
        if (!waiting.isEmpty()) {
            doomAll("nothing will happen any more");
        }
        return canRun();
    }

    private void advance(long time) {
        now = time;
        trace(now);
        while (!alarms.isEmpty() && alarms.first().deadline <= now) {
            due.add(alarms.pollFirst());
        }
    }

    /** Tells all that wait, and all that will, that it is over. */
    private void doomAll(String why) {
        if (doom == null) {
            doom = report(why);
        }
        List<SimulatedFiber> told = List.copyOf(waiting);
        waiting.clear();
        for (SimulatedFiber fiber : told) {
            fiber.parked = false;
            if (!fiber.takesTurns()) {
                fiber.doomed = true;
                fiber.resume();
            } else {
                runnable.add(fiber);
            }
        }
    }

    private void throwIfDoomed() {
        String why = doom();
        if (why != null) {
            throw new DeadlockError(why);
        }
    }

    private String report(String why) {
        Report report = new Report(why + " (at " + Duration.ofNanos(now) + ", step " + steps + ")");
        SimulatedFiber holder = running;
        if (holder != null) {
            report.addHolder(holder);
        }
        foreign.stream().filter(each -> !each.parked).forEach(report::addOutside);
        waiting.forEach(report::add);
        runnable.forEach(report::add);
        return report.toString();
    }

    private static boolean hasEnded(@Nullable Thread thread) {
        return thread != null && !thread.isAlive();
    }

    /** What happens after the end is decided is no part of the program's course, and is not to be explored. */
    private int decide(int count) {
        if (doom != null) {
            return 0;
        }
        int choice = choices.choose(count);
        trace(choice);
        return choice;
    }

    private void trace(long what) {
        if (doom != null) {
            return;
        }
        traceHash = (traceHash ^ what) * 0x100000001b3L;
    }

    /** Lets time pass as on the wall while everybody waits except foreign threads. */
    private synchronized void runClock() {
        while (!closed) {
            long start = WallClock.nanoseconds();
            boolean idle = running == null && !canRun();
            long left = idle && !alarms.isEmpty() ? alarms.first().deadline - now : Long.MAX_VALUE;
            try {
                long limit = Math.min(left, FOREIGN_LOOK_NANOS);
                wait(limit / 1_000_000, (int) (limit % 1_000_000));
            } catch (InterruptedException ignored) {
                // Nobody has a reason to: the thread is nobody else's.
                continue;
            }
            if (idle && running == null && !canRun()) {
                long passed = now + WallClock.nanoseconds() - start;
                advance(alarms.isEmpty() ? passed : Math.min(passed, alarms.first().deadline));
            }
            dispatch();
        }
    }
}
