package dev.gyre.simulated;

import java.util.ArrayList;
import java.util.List;

/** The fibers that wait for a socket to change. Guarded by the network's lock. */
final class Watchers {
    private final List<Alarm> alarms = new ArrayList<>();

    void add(Alarm alarm) {
        alarms.add(alarm);
    }

    void remove(Alarm alarm) {
        alarms.remove(alarm);
    }

    /** Lets all of them look again. Whoever has the next turn takes what there is, and the others wait again. */
    void signal() {
        alarms.forEach(Alarm::end);
        alarms.clear();
    }
}
