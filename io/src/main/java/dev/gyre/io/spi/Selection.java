package dev.gyre.io.spi;

import java.util.List;

/** A fiber's wait for whichever of some tasks ends first. */
final class Selection extends Waiter {
    private final List<BaseTask<?, ?>> tasks;

    Selection(Fiber fiber, List<BaseTask<?, ?>> tasks) {
        super(fiber, "select");
        this.tasks = tasks;
    }

    /** Waits until a task has ended or the fiber is asked to stop; either way no task knows of the wait any more. */
    void await() {
        Link[] links = new Link[tasks.size()];
        int enlisted = 0;
        while (enlisted < links.length && !isDone()) {
            Link link = new Link();
            if (!tasks.get(enlisted).enlist(link)) {
                break;
            }
            links[enlisted++] = link;
        }
        try {
            if (enlisted == links.length) {
                fiber().block(this);
            }
        } finally {
            for (int i = 0; i < enlisted; i++) {
                tasks.get(i).delist(links[i]);
            }
        }
    }

    @Override
    public void cancel() {
        signal();
    }

    @Override
    public String toString() {
        return operation() + " among " + tasks;
    }

    /** Its place among those that wait for one of the tasks. */
    private final class Link extends Waiter {
        Link() {
            super(Selection.this.fiber(), "select");
        }

        @Override
        void signal() {
            Selection.this.signal();
        }
    }
}
