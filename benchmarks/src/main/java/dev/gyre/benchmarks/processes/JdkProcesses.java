package dev.gyre.benchmarks.processes;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedTransferQueue;

/** {@link Processes} that are virtual threads of the JDK's, each with a queue. */
public final class JdkProcesses extends Processes {
    private JdkProcesses() {}

    /**
     * Runs it.
     *
     * @param arguments as for {@link Processes}
     * @throws Exception if memory cannot be read
     */
    public static void main(String[] arguments) throws Exception {
        new JdkProcesses().run(arguments);
    }

    private static final class Queue extends LinkedTransferQueue<Object> {
        private static final long serialVersionUID = 1;
    }

    private interface Body {
        void run() throws InterruptedException;
    }

    private static Thread start(Body body) {
        return Thread.startVirtualThread(() -> {
            try {
                body.run();
            } catch (InterruptedException unexpected) {
                throw new IllegalStateException(unexpected);
            }
        });
    }

    @Override
    void pingPong(int messages) throws InterruptedException {
        Queue first = new Queue();
        Queue second = new Queue();
        start(() -> {
            for (int i = 0; i < messages; i++) {
                first.put(second.take());
            }
        });
        start(() -> {
            for (int i = 0; i < messages; i++) {
                second.put(MESSAGE);
                first.take();
            }
        }).join();
    }

    @Override
    void spawn(int processes) throws InterruptedException {
        start(() -> {
            Queue own = new Queue();
            for (int i = 0; i < processes; i++) {
                start(() -> own.put(MESSAGE));
                own.take();
            }
        }).join();
    }

    @Override
    void ring(int messages) throws InterruptedException {
        List<Queue> queues = new ArrayList<>();
        for (int i = 0; i < RING; i++) {
            queues.add(new Queue());
        }
        start(() -> {
            for (int i = 1; i < RING; i++) {
                Queue from = queues.get(i);
                Queue to = queues.get(i - 1);
                start(() -> pass(from, to));
            }
            queues.getLast().put(messages);
            pass(queues.getFirst(), queues.getLast());
        }).join();
    }

    private static void pass(Queue from, Queue to) throws InterruptedException {
        int left = 1;
        while (left > 0) {
            left = (Integer) from.take();
            to.put(Math.max(0, left - 1));
        }
    }

    @Override
    void fanIn(int messages) throws InterruptedException {
        int each = Math.max(1, messages / SENDERS);
        start(() -> {
            Queue own = new Queue();
            for (int i = 0; i < SENDERS; i++) {
                start(() -> {
                    for (int k = 0; k < each; k++) {
                        own.put(MESSAGE);
                    }
                });
            }
            for (int i = 0; i < SENDERS * each; i++) {
                own.take();
            }
        }).join();
    }

    @Override
    void idle(int processes) throws InterruptedException {
        Queue own = new Queue();
        for (int i = 0; i < processes; i++) {
            start(() -> {
                own.put(MESSAGE);
                new Queue().take();
            });
        }
        for (int i = 0; i < processes; i++) {
            own.take();
        }
    }
}
