package dev.gyre.simulated.turns;

import java.util.ArrayList;
import java.util.List;

/** The fibers that wait for a socket to change. Guarded by the kernel's lock. */
public final class Watchers {
    private final List<Wait> waits = new ArrayList<>();

    public void add(Wait wait) {
        waits.add(wait);
    }

    public void remove(Wait wait) {
        waits.remove(wait);
    }

    /** Lets all of them look again. Whoever has the next turn takes what there is, and the others wait again. */
    public void signal() {
        waits.forEach(Wait::end);
        waits.clear();
    }
}
