package dev.gyre.uring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Connection;
import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Timeout;
import dev.gyre.io.conformance.ChildJvm;
import dev.gyre.linux.Descriptor;
import dev.gyre.linux.Processes;
import dev.gyre.linux.ResourceLimit;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Receiving on a thread that no loop carries. */
final class DirectReceivingTest {
    private static final IoOptions OPTIONS = IoOptions.DEFAULT.withBackend("uring").withLoops(1);

    /** The first thread that reads needs classes and descriptors for its way to wait. */
    @Test
    void whereThatWayCannotBeOpenedTheConnectionIsClosedAllTheSame() throws Exception {
        assertThat(ChildJvm.run(WithoutDescriptors.class))
                .containsExactly("read: java.lang.NoClassDefFoundError", "closed: true");
    }

    static final class WithoutDescriptors {
        private WithoutDescriptors() {}

        public static void main(String[] arguments) throws Exception {
            try (Io io = Io.open(OPTIONS); Pair pair = Pair.open(io); Arena arena = Arena.ofConfined()) {
                Path number = Path.of("/proc/self/fd/" + number(pair.client));
                pair.server.writeAll(arena.allocate(1));
                MemorySegment buffer = arena.allocate(1);
                ResourceLimit limit = Processes.getrlimit(Processes.RLIMIT_NOFILE);
                Processes.setrlimit(Processes.RLIMIT_NOFILE, new ResourceLimit(0, limit.maximum()));
                try {
                    pair.client.read(buffer);
                } catch (NoClassDefFoundError missing) {
                    System.out.println("read: " + missing.getClass().getName());
                }
                Processes.setrlimit(Processes.RLIMIT_NOFILE, limit);
                pair.client.close();
                System.out.println("closed: " + !Files.exists(number, LinkOption.NOFOLLOW_LINKS));
            }
        }
    }

    private static int number(Connection connection) {
        Descriptor descriptor = ((UringConnection) connection).descriptor();
        assertThat(descriptor.acquire()).isTrue();
        int number = descriptor.number();
        assertThat(descriptor.release()).isFalse();
        return number;
    }

    private record Pair(Connection client, Connection server) implements AutoCloseable {
        static Pair open(Io io) throws Exception {
            try (Listener listener = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT)) {
                Connection client = io.connect(listener.localAddress(), Timeout.NONE);
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
