package dev.gyre.io.conformance;

import dev.gyre.io.Body;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Defined anew for each use. */
final class Initialized {
    static {
        Objects.requireNonNull(Work.NEXT.get()).run();
    }

    private Initialized() {}

    /** What the calling thread's next initializer does. */
    static final class Work {
        static final ThreadLocal<@Nullable Work> NEXT = new ThreadLocal<>();

        private final Body<Integer, Exception> body;
        private @Nullable Integer result;
        private @Nullable Exception thrown;

        Work(Body<Integer, Exception> body) {
            this.body = body;
        }

        void run() {
            try {
                result = body.run();
            } catch (Exception failed) {
                thrown = failed;
            }
        }

        int result() throws Exception {
            if (thrown != null) {
                throw thrown;
            }
            return Objects.requireNonNull(result);
        }
    }
}
