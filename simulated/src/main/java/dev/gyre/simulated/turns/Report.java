package dev.gyre.simulated.turns;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why a program cannot go on, for people: the reason, and who waits for what, and where. */
final class Report {
    private static final int FRAMES_MAX = 8;

    /** What is on the stack between a program and its wait. */
    private static final List<String> MACHINERY = List.of(
            "dev.gyre.io.spi.",
            "dev.gyre.posix.",
            "dev.gyre.simulated.turns.",
            "dev.gyre.simulated.kernel.",
            "dev.gyre.simulated.disk.",
            "dev.gyre.simulated.network.",
            "dev.gyre.simulated.SimulatedIo",
            "dev.gyre.simulated.SimulatedKernel",
            "dev.gyre.simulated.Host");

    private static final String ADVICE = """

            In a simulation one task runs at a time, and others only when that one waits in its Io. Use the Io's own \
            tasks, sleep, mutex, condition, event, semaphore and queue, and hold no lock of the JDK's while you wait \
            in them. A wait for something outside of the simulation needs a limit of time.""";

    private final StringBuilder text;
    private String advice = "";

    /** One that names nobody yet. */
    Report(String why) {
        text = new StringBuilder(why);
    }

    /**
     * Why it is over if nothing moves although something could.
     *
     * @param holder who has the turn, or null
     * @param patience for how long it has been so
     */
    static String standstill(@Nullable SimulatedFiber holder, Duration patience) {
        return "nothing has happened for " + patience + " of real time: " + (holder == null
                ? "everybody waits, and so do the threads outside of the simulation"
                : holder + " has the turn and waits for something that is not the simulation's");
    }

    /** Who has the turn. */
    void addHolder(SimulatedFiber fiber) {
        if (fiber.waitsElsewhere()) {
            advice = ADVICE;
        }
        add(fiber, "has the turn" + elsewhere(fiber));
    }

    /** A foreign thread that is not in a call of the simulation's. */
    void addOutside(SimulatedFiber fiber) {
        add(fiber, "outside of the simulation" + elsewhere(fiber));
    }

    /** Somebody who waits in the simulation, or for a turn. */
    void add(SimulatedFiber fiber) {
        add(fiber, fiber.waiting() == null ? "can run" : String.valueOf(fiber.waiting()));
    }

    private void add(SimulatedFiber fiber, String state) {
        text.append("\n  ").append(fiber).append(": ").append(state);
        Arrays.stream(stack(fiber))
                .filter(frame -> !isMachinery(frame.getClassName()))
                .limit(FRAMES_MAX)
                .forEach(frame -> text.append("\n      at ").append(frame));
    }

    @Override
    public String toString() {
        return text + advice;
    }

    /** What the fiber waits for, if it is not the simulation's: the method of the JDK's that the program has called. */
    private static String elsewhere(SimulatedFiber fiber) {
        if (!fiber.waitsElsewhere()) {
            return "";
        }
        String called = "";
        for (StackTraceElement frame : stack(fiber)) {
            if (!isJdk(frame.getClassName())) {
                break;
            }
            called = frame.getClassName() + "." + frame.getMethodName();
        }
        return called.isEmpty() ? ", waits for a monitor" : ", waits in " + called;
    }

    private static StackTraceElement[] stack(SimulatedFiber fiber) {
        Thread thread = fiber.thread();
        return thread == null ? new StackTraceElement[0] : thread.getStackTrace();
    }

    private static boolean isJdk(String type) {
        return type.startsWith("java.") || type.startsWith("jdk.internal.");
    }

    private static boolean isMachinery(String type) {
        return isJdk(type) || MACHINERY.stream().anyMatch(type::startsWith);
    }
}
