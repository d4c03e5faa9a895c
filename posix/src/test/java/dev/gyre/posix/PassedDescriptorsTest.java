package dev.gyre.posix;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.gyre.io.conformance.ChildJvm;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("T13")
final class PassedDescriptorsTest {
    /** Also for the first time, when a class that is initialized takes memory. */
    @Test
    void toGiveThemBackTakesNoMemory() throws Exception {
        assertThat(ChildJvm.run(FirstFailure.class)).containsExactly("given back by 0 bytes");
    }

    /** Where nothing has failed before. */
    static final class FirstFailure {
        private FirstFailure() {}

        public static void main(String[] arguments) {
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            Kernel kernel = (Kernel) Proxy.newProxyInstance(Kernel.class.getClassLoader(),
                    new Class<?>[] {Kernel.class}, (_, method, _) -> {
                        throw new AssertionError(method + ", although there is no descriptor");
                    });
            Throwable failure = new OutOfMemoryError();
            PassedDescriptors passed = new PassedDescriptors(2);
            long asked = allocated(threads);
            long before = allocated(threads);
            passed.closeAfter(failure, kernel);
            long after = allocated(threads);
            System.out.println("given back by " + (after - before - (before - asked)) + " bytes");
        }

        private static long allocated(ThreadMXBean threads) {
            return threads.getCurrentThreadAllocatedBytes();
        }
    }
}
