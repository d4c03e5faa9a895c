package dev.gyre.process;

import java.util.Collection;
import java.util.Optional;

/**
 * The end of a process: gives back all that it has, and then tells those who want to hear of it. Others wait for that,
 * its supervisor for one. So whatever fails on the way, for lack of memory or of a class that cannot be loaded, the
 * rest happens all the same.
 */
final class Ending {
    private final ControlBlock process;
    private final ExitReason reason;

    Ending(ControlBlock process, ExitReason reason) {
        this.process = process;
        this.reason = reason;
    }

    /**
     * Of a process that has run. By its own thread.
     *
     * @param byItself whether nobody had told it to end
     */
    void of(boolean byItself) {
        closeOwned();
        report(byItself);
        if (process.hasRelations()) {
            closeSocketsEarly();
        }
        Collection<Object> related = process.endRelations();
        if (related.isEmpty()) {
            process.leave();
        } else {
            leave(related);
        }
    }

    private void leave(Collection<Object> related) {
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

    /** Of one that could not be started. Nobody hears of it who is only linked to it. */
    void unstarted() {
        Collection<Object> related = process.endRelations();
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
        try {
            process.node.io().protect(() -> {
                all.close(process, process.own(), reason == ExitReason.KILLED);
                return "";
            });
        } catch (Throwable failure) {
            // The rest happens all the same.
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
            closeSockets(process.related());
        } catch (OutOfMemoryError shortage) {
            // They will be closed with those that come meanwhile.
        }
    }

    private void closeSockets(Collection<Object> related) {
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
        } catch (Throwable failure) {
            // The rest happens all the same.
        }
    }

    private void tell(Object member) {
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
        } catch (Throwable failure) {
            // The rest happens all the same.
        }
    }
}
