package dev.gyre.io.spi;

import java.util.List;

/** A fiber's wait for whichever of some tasks ends first. */
final class Selection implements Blocker {
    private final Fiber fiber;
    private final List<BaseTask<?, ?>> tasks;
    private volatile boolean done;

    Selection(Fiber fiber, List<BaseTask<?, ?>> tasks) {
        this.fiber = fiber;
        this.tasks = tasks;
    }

    /** Waits until a task has ended or the fiber is asked to stop; either way no task knows of the wait any more. */
    void await() {
        Link[] links = new Link[tasks.size()];
        int enlisted = 0;
        while (enlisted < links.length && !done) {
            Link link = new Link();
            if (!tasks.get(enlisted).enlist(link)) {
                break;
            }
            links[enlisted++] = link;
        }
        if (enlisted == links.length) {
            fiber.block(this);
        }
        for (int i = 0; i < enlisted; i++) {
            tasks.get(i).delist(links[i]);
        }
    }

    @Override
    public boolean isDone() {
        return done;
    }

    @Override
    public boolean needsOthers() {
        return true;
    }

    @Override
    public void cancel() {
        finish();
    }

    @Override
    public String operation() {
        return "select";
    }

    @Override
    public String toString() {
        return operation() + " among " + tasks;
    }

    private void finish() {
        done = true;
        fiber.unpark();
    }

    /** Its place among those that wait for one of the tasks. */
    private final class Link extends Waiter {
        Link() {
            super(fiber, "select");
        }

        @Override
        void signal() {
            finish();
        }
    }
}
