package dev.gyre.uring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Connection;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.conformance.ChildJvm;
import dev.gyre.io.conformance.OpenDescriptors;
import dev.gyre.linux.Processes;
import dev.gyre.linux.ResourceLimit;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** Receiving on a thread that no loop carries. */
final class DirectReceivingTest {
    private static final IoOptions OPTIONS = IoOptions.DEFAULT.withBackend("uring").withLoops(1);

    /** The first thread that reads needs descriptors for its way to wait; without, the loop reads for it. */
    @Test
    void whereThatWayCannotBeOpenedTheConnectionWorksAllTheSame() throws Exception {
        assertThat(ChildJvm.run(WithoutDescriptors.class)).containsExactly("read: 1", "closed: 1");
    }

    static final class WithoutDescriptors {
        private WithoutDescriptors() {}

        public static void main(String[] arguments) throws Exception {
            try (Io io = Io.open(OPTIONS); Pair pair = Pair.open(io); Arena arena = Arena.ofConfined()) {
                long before = sockets();
                pair.server.writeAll(arena.allocate(1));
                MemorySegment buffer = arena.allocate(1);
                ResourceLimit limit = Processes.getrlimit(Processes.RLIMIT_NOFILE);
                Processes.setrlimit(Processes.RLIMIT_NOFILE, new ResourceLimit(0, limit.maximum()));
                System.out.println("read: " + pair.client.read(buffer));
                Processes.setrlimit(Processes.RLIMIT_NOFILE, limit);
                pair.client.close();
                System.out.println("closed: " + (before - sockets()));
            }
        }
    }

    /** How many sockets this process has. */
    private static long sockets() {
        return OpenDescriptors.now().stream().filter(each -> each.contains("socket:")).count();
    }

    private record Pair(Connection client, Connection server) implements AutoCloseable {
        static Pair open(Io io) throws Exception {
            try (Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT)) {
                Connection client = io.connect(listener.localAddress());
                return new Pair(client, listener.accept());
            }
        }

        @Override
        public void close() {
            client.close();
            server.close();
        }
    }
}
