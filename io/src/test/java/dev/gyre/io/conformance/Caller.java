package dev.gyre.io.conformance;

import dev.gyre.io.Action;
import dev.gyre.io.Body;
import dev.gyre.io.Io;
import dev.gyre.io.Task;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

/** The kinds of threads that may call an {@link Io}. */
enum Caller {
    /** A task that the {@code Io} started. It is stopped by {@link Task#cancel()}. */
    TASK {
        @Override
        <T> Call<T> start(Io io, Body<T, Exception> body) {
            return new TaskCall<>(io, body);
        }
    },
    /** A platform thread that knows nothing of the {@code Io}. It is stopped by an interrupt. */
    PLATFORM_THREAD {
        @Override
        <T> Call<T> start(Io io, Body<T, Exception> body) {
            return new ThreadCall<>(Thread.ofPlatform().name("caller-" + COUNT.getAndIncrement()).daemon(), body);
        }
    },
    /** One of the JDK's own virtual threads. It is stopped by an interrupt. */
    VIRTUAL_THREAD {
        @Override
        <T> Call<T> start(Io io, Body<T, Exception> body) {
            return new ThreadCall<>(Thread.ofVirtual(), body);
        }
    };

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final List<Caller> ALL = List.of(values());

    /** Each of them again and again. */
    static Caller inTurn(int turn) {
        return ALL.get(turn % ALL.size());
    }

    /** Runs {@code body} beside the test. */
    abstract <T> Call<T> start(Io io, Body<T, Exception> body);

    /** Runs {@code body} and waits for its end: returns what it returned, throws what it threw. */
    <T> T run(Io io, Body<T, Exception> body) throws Exception {
        return start(io, body).result();
    }

    /** The same for an action. */
    void run(Io io, Action<Exception> action) throws Exception {
        run(io, () -> {
            action.run();
            return null;
        });
    }

    /** Something that runs beside the test. */
    abstract static class Call<T> {
        final CompletableFuture<Thread> thread = new CompletableFuture<>();

        /** Returns when the body waits. */
        Call<T> blocked() {
            Blocked.await(thread.join());
            return this;
        }

        /** Returns when the body waits, or has ended. Whether it waits. */
        boolean blocks() {
            return Blocked.awaitOrEnd(thread.join());
        }

        /** Asks the body to stop, and waits for the end: returns what it returned, throws what it threw. */
        abstract T stop() throws Exception;

        /** Waits for the end: returns what the body returned, throws what it threw. */
        abstract T result() throws Exception;

        Body<T, Exception> noting(Body<T, Exception> body) {
            return () -> {
                thread.complete(Thread.currentThread());
                return body.run();
            };
        }
    }

    private static final class TaskCall<T> extends Call<T> {
        private final Task<T, Exception> task;

        TaskCall(Io io, Body<T, Exception> body) {
            try {
                task = io.concurrent(noting(body));
            } catch (dev.gyre.io.ConcurrencyUnavailable unlimited) {
                throw new AssertionError(unlimited);
            }
        }

        @Override
        T stop() throws Exception {
            return task.cancel();
        }

        @Override
        T result() throws Exception {
            return task.await();
        }
    }

    private static final class ThreadCall<T> extends Call<T> {
        private final FutureTask<T> future;

        ThreadCall(Thread.Builder builder, Body<T, Exception> body) {
            Body<T, Exception> noting = noting(body);
            future = new FutureTask<>(noting::run);
            builder.start(future);
        }

        @Override
        T stop() throws Exception {
            thread.join().interrupt();
            return result();
        }

        @Override
        T result() throws Exception {
            try {
                return future.get();
            } catch (ExecutionException thrown) {
                if (thrown.getCause() instanceof Exception exception) {
                    throw exception;
                }
                throw new AssertionError(thrown.getCause());
            }
        }
    }
}
