package dev.gyre.process;

import java.util.Collection;
import java.util.Optional;

/**
 * The end of a process: gives back all that it has, and then tells those who want to hear of it. Others wait for that,
 * its supervisor for one. So where there is no memory, each step is tried again until there is some; and whatever else
 * fails on the way, a class that cannot be loaded for one, the rest happens all the same.
 */
final class Ending {
    /** How often a step is tried: each time the virtual machine looks through all of its memory. */
    static final int ATTEMPTS = 1_000;

    private final ControlBlock process;
    private final ExitReason reason;

    private Ending(ControlBlock process, ExitReason reason) {
        this.process = process;
        this.reason = reason;
    }

    /**
     * Of a process that has run. By its own thread.
     *
     * @param byItself whether nobody had told it to end
     */
    static void of(ControlBlock process, ExitReason reason, boolean byItself) {
        begun(process, reason).run(byItself);
    }

    /** Of one that could not be started. Nobody hears of it who is only linked to it. */
    static void unstarted(ControlBlock process) {
        begun(process, ExitReason.NO_PROCESS).undo();
    }

    private static Ending begun(ControlBlock process, ExitReason reason) {
        while (true) {
            try {
                return new Ending(process, reason);
            } catch (OutOfMemoryError shortage) {
                Thread.onSpinWait();
            }
        }
    }

    private void run(boolean byItself) {
        closeOwned();
        report(byItself);
        if (process.hasRelations()) {
            closeSocketsEarly();
        }
        Collection<Object> related = process.endRelations();
        if (related.isEmpty()) {
            process.leave();
        } else {
            leave(array(related));
        }
    }

    private void leave(Object[] related) {
        closeSockets(related); // what was handed over to it meanwhile
        process.leave();
        // All is given back before anybody hears of the end.
        for (Object member : related) {
            release(member);
        }
        for (Object member : related) {
            tell(member);
        }
    }

    private void undo() {
        Object[] related = array(process.endRelations());
        closeSockets(related);
        for (Object member : related) {
            if (member instanceof Pid linked) {
                unlink(linked);
            } else {
                release(member);
                tell(member);
            }
        }
        process.leave();
    }

    /** To go through it without an object. */
    private static Object[] array(Collection<Object> related) {
        while (true) {
            try {
                return related.toArray();
            } catch (OutOfMemoryError shortage) {
                Thread.onSpinWait();
            }
        }
    }

    private void unlink(Pid linked) {
        ControlBlock peer = linked.block();
        if (peer != null) {
            peer.relations().remove(process.pid);
        }
    }

    private void closeOwned() {
        Owned all = process.ownedOrNull();
        if (all == null) {
            return;
        }
        for (int attempt = 1; !isClosed(all) && attempt < ATTEMPTS; attempt++) {
            Thread.onSpinWait();
        }
    }

    /** Closes them; false if there is no memory for that now. */
    private boolean isClosed(Owned all) {
        try {
            process.node.io().protect(() -> {
                all.close(process, process.own(), reason == ExitReason.KILLED);
                return "";
            });
            return true;
        } catch (OutOfMemoryError shortage) {
            return false;
        } catch (Throwable failure) {
            return true; // the rest happens all the same
        }
    }

    private void report(boolean byItself) {
        try {
            boolean crashed =
                    (byItself && !ExitReason.isOrderly(reason)) || reason instanceof ExitReason.MailboxFull;
            if (crashed) {
                process.node.crashed(new CrashReport(
                        process.pid,
                        process.name(),
                        process.label(),
                        reason,
                        Optional.ofNullable(process.parent),
                        ControlBlock.links(process.related()),
                        process.length(),
                        process.kept().stream().map(CrashReport::textOf).toList()));
            }
            Recording.ended(process, reason, crashed);
        } catch (Throwable failure) {
            // The rest happens all the same.
        }
    }

    /** Whoever asks for the end when the relations have ended is told at once; so it has to be before that. */
    private void closeSocketsEarly() {
        try {
            closeSockets(process.related().toArray());
        } catch (OutOfMemoryError shortage) {
            // They will be closed with those that come meanwhile.
        }
    }

    private void closeSockets(Object[] related) {
        for (Object member : related) {
            if (member instanceof ProcessSocket socket) {
                try {
                    socket.closeAtEnd();
                } catch (Throwable failure) {
                    Owned.say(process.pid, socket, failure);
                }
            }
        }
    }

    private void release(Object member) {
        for (int attempt = 1; !isReleased(member) && attempt < ATTEMPTS; attempt++) {
            Thread.onSpinWait();
        }
    }

    private void tell(Object member) {
        for (int attempt = 1; !isTold(member) && attempt < ATTEMPTS; attempt++) {
            Thread.onSpinWait();
        }
    }

    /** Releases it; false if there is no memory for that now. */
    private boolean isReleased(Object member) {
        try {
            switch (member) {
                case Monitor monitor when monitor.watcher() == process -> {
                    ControlBlock watched = monitor.process().block();
                    if (watched != null) {
                        watched.relations().remove(monitor);
                    }
                }
                case Delivery delivery -> delivery.cancel();
                default -> {}
            }
            return true;
        } catch (OutOfMemoryError shortage) {
            return false;
        } catch (Throwable failure) {
            return true; // as above
        }
    }

    /** Tells it; false if there is no memory for that now. Nothing is lost then: the message is made first. */
    private boolean isTold(Object member) {
        try {
            switch (member) {
                case Pid linked -> {
                    ControlBlock peer = linked.block();
                    if (peer != null) {
                        peer.linkEnded(process.pid, reason);
                    }
                }
                case Monitor monitor when monitor.watcher() != process ->
                    monitor.watcher().monitoredEnded(monitor, reason);
                case EndWait waiting -> waiting.ended(reason);
                case Call call -> call.ended(reason);
                default -> {}
            }
            return true;
        } catch (OutOfMemoryError shortage) {
            return false;
        } catch (Throwable failure) {
            return true; // as above
        }
    }
}
