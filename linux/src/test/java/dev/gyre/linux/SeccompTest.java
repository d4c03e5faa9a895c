package dev.gyre.linux;

import static dev.gyre.linux.Native.assertFails;
import static dev.gyre.linux.Native.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gyre.linux.layout.Sockaddr;
import dev.gyre.linux.layout.SockaddrUn;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Refused system calls and exhausted limits, each in a virtual machine of its own. */
final class SeccompTest {
    private static final String REFUSED = "seccomp refused: ";

    @Test
    void aRefusedCallAnswersWithTheChosenErrorInEveryThread() throws Exception {
        assertThat(run(RefuseIoUring.class)).containsExactly("before: works", "after: EPERM", "new thread: EPERM");
    }

    /** Errors that accept4(2) documents and that no test can bring about for real. */
    @Test
    @Tag("A3")
    void acceptHandsOnEveryError() throws Exception {
        assertThat(run(RefuseAccept.class))
                .containsExactly(
                        "ECONNABORTED", "EINTR", "EMFILE", "ENFILE", "ENOBUFS", "ENOMEM", "EPROTO", "EPERM", "ENOSR",
                        "ESOCKTNOSUPPORT", "EPROTONOSUPPORT", "ETIMEDOUT", "ENETDOWN", "ENOPROTOOPT", "EHOSTDOWN",
                        "ENONET", "EHOSTUNREACH", "ENETUNREACH");
    }

    @Test
    @Tag("A3")
    void tooManyDescriptorsAreAnError() throws Exception {
        assertThat(ChildJvm.run(NoDescriptorsLeft.class)).containsExactly("EMFILE", "and then it works");
    }

    private static List<String> run(Class<?> main) throws Exception {
        List<String> output = ChildJvm.run(main);
        assumeTrue(
                output.stream().noneMatch(line -> line.startsWith(REFUSED)), () -> "probe failed: " + output.getLast());
        return output;
    }

    private static void refuse(int systemCall, Errno errno) {
        int result = Seccomp.refuse(systemCall, errno);
        if (result < 0) {
            System.out.println(REFUSED + Errno.describe(-result));
            System.exit(0);
        }
    }

    private static String name(int result) {
        return result < 0 ? Errno.of(-result).orElseThrow().name() : "works";
    }

    /** Asks without parameters: EFAULT says that the call exists and is allowed. */
    static final class RefuseIoUring {
        private RefuseIoUring() {}

        public static void main(String[] arguments) throws InterruptedException {
            AtomicInteger inOtherThread = new AtomicInteger();
            int before = IoUring.setup(1, MemorySegment.NULL);
            System.out.println("before: " + (before == -Errno.EFAULT.code() ? "works" : name(before)));
            refuse(SystemCallNumber.IO_URING_SETUP, Errno.EPERM);
            System.out.println("after: " + name(IoUring.setup(1, MemorySegment.NULL)));
            Thread.ofPlatform()
                    .start(() -> inOtherThread.set(IoUring.setup(1, MemorySegment.NULL)))
                    .join();
            System.out.println("new thread: " + name(inOtherThread.get()));
        }
    }

    static final class RefuseAccept {
        private RefuseAccept() {}

        public static void main(String[] arguments) {
            List<Errno> errors = List.of(
                    Errno.ECONNABORTED, Errno.EINTR, Errno.EMFILE, Errno.ENFILE, Errno.ENOBUFS, Errno.ENOMEM,
                    Errno.EPROTO, Errno.EPERM, Errno.ENOSR, Errno.ESOCKTNOSUPPORT, Errno.EPROTONOSUPPORT,
                    Errno.ETIMEDOUT, Errno.ENETDOWN, Errno.ENOPROTOOPT, Errno.EHOSTDOWN, Errno.ENONET,
                    Errno.EHOSTUNREACH, Errno.ENETUNREACH);
            assertFails(Sockets.accept4(-1, MemorySegment.NULL, MemorySegment.NULL, 0), Errno.EBADF);
            for (Errno errno : errors) {
                refuse(SystemCallNumber.ACCEPT4, errno);
                System.out.println(name(Sockets.accept4(-1, MemorySegment.NULL, MemorySegment.NULL, 0)));
            }
        }
    }

    static final class NoDescriptorsLeft {
        private NoDescriptorsLeft() {}

        public static void main(String[] arguments) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment address = arena.allocate(SockaddrUn.LAYOUT);
                byte[] name = ("\0gyre-emfile-" + Processes.getpid()).getBytes(StandardCharsets.US_ASCII);
                int length = Sockaddr.writeUnix(address, name);
                int listener = ok(Sockets.socket(Sockets.AF_UNIX, Sockets.SOCK_STREAM, 0));
                ok(Sockets.bind(listener, address, length));
                ok(Sockets.listen(listener, 1));
                int client = ok(Sockets.socket(Sockets.AF_UNIX, Sockets.SOCK_STREAM, 0));
                ok(Sockets.connect(client, address, length));

                // Once before: loading a class may need a descriptor, too.
                assertFails(Sockets.accept4(-1, MemorySegment.NULL, MemorySegment.NULL, 0), Errno.EBADF);
                ResourceLimit limit = Processes.getrlimit(Processes.RLIMIT_NOFILE);
                ok(Processes.setrlimit(Processes.RLIMIT_NOFILE, new ResourceLimit(0, limit.maximum())));
                int refused = Sockets.accept4(listener, MemorySegment.NULL, MemorySegment.NULL, 0);
                ok(Processes.setrlimit(Processes.RLIMIT_NOFILE, limit));

                System.out.println(name(refused));
                ok(Sockets.accept4(listener, MemorySegment.NULL, MemorySegment.NULL, 0));
                System.out.println("and then it works");
            }
        }
    }
}
