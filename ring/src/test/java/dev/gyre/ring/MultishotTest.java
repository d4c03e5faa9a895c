package dev.gyre.ring;

import static dev.gyre.ring.Loops.runUntil;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gyre.linux.Errno;
import dev.gyre.linux.Files;
import dev.gyre.linux.IoUring;
import dev.gyre.linux.Sockets;
import dev.gyre.linux.layout.Sockaddr;
import dev.gyre.ring.file.ReadMultishot;
import dev.gyre.ring.socket.AcceptMultishot;
import dev.gyre.ring.socket.RecvMsgMultishot;
import dev.gyre.ring.socket.RecvMultishot;
import dev.gyre.ring.socket.Send;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Operations with many results, and how they begin again. */
@Tag("R9")
final class MultishotTest extends RingFixture {
    @Test
    void acceptsGoOnThroughAnOverflowOfTheCompletionQueue() throws Exception {
        try (Loop small = Loop.open(new RingOptions(4, 4))) {
            int listener = listen();
            Set<Integer> accepted = new HashSet<>();
            List<Integer> last = new ArrayList<>();
            AcceptMultishot accept = new AcceptMultishot(listener, 0, operation ->
                    (operation.result() >= 0 ? accepted : last).add(operation.result()));
            small.submit(accept);
            small.tick();
            MemorySegment address = arena.allocate(128, 8);
            int length = Sockaddr.writeInet4(address, new byte[] {127, 0, 0, 1}, port(listener));
            List<Integer> clients = new ArrayList<>();
            for (int round = 0; round < 3; round++) {
                // As many as the backlog and four times as many as the completion queue hold.
                for (int i = 0; i < 16; i++) {
                    int client = Sockets.socket(Sockets.AF_INET, Sockets.SOCK_STREAM | Sockets.SOCK_CLOEXEC, 0);
                    assertThat(Sockets.connect(client, address, length)).isZero();
                    clients.add(client);
                }
                int expected = 16 * (round + 1);
                runUntil(small, () -> accepted.size() == expected);
            }
            assertThat(last).isEmpty();
            small.cancel(accept);
            runUntil(small, () -> !accept.isInFlight());
            assertThat(last).containsExactly(-Errno.ECANCELED.code());
            accepted.forEach(Files::close);
            clients.forEach(Files::close);
            close(listener);
        }
    }

    @Test
    void acceptsFillTheFileTable() throws Exception {
        try (FileTable table = FileTable.open(loop.ring(), 2)) {
            int listener = listen();
            List<Integer> slots = new ArrayList<>();
            AcceptMultishot accept =
                    new AcceptMultishot(listener, 0, operation -> slots.add(operation.result()));
            accept.intoAnySlot();
            loop.submit(accept);
            MemorySegment address = arena.allocate(128, 8);
            int length = Sockaddr.writeInet4(address, new byte[] {127, 0, 0, 1}, port(listener));
            List<Integer> clients = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int client = Sockets.socket(Sockets.AF_INET, Sockets.SOCK_STREAM | Sockets.SOCK_CLOEXEC, 0);
                assertThat(Sockets.connect(client, address, length)).isZero();
                clients.add(client);
            }
            runUntil(loop, () -> !accept.isInFlight());
            assertThat(slots).startsWith(0, 1).endsWith(-Errno.ENFILE.code());
            clients.forEach(Files::close);
            close(listener);
            assertThat(table.slots()).isEqualTo(2);
        }
    }

    @Test
    void aReceiveWithoutBuffersGoesOnWhenOneIsBack() throws Exception {
        int[] pair = socketPair();
        try (BufferRing buffers = BufferRing.open(loop.ring(), 1, 2, 4)) {
            List<String> texts = new ArrayList<>();
            List<Integer> taken = new ArrayList<>();
            RecvMultishot receive = new RecvMultishot(pair[1], buffers, operation -> {
                if (operation.result() > 0) {
                    int id = BufferRing.id(operation.flags());
                    buffers.take(id);
                    taken.add(id);
                    texts.add(text(buffers.segment(id), operation.result()));
                } else {
                    texts.add(String.valueOf(operation.result()));
                }
            }).rearms();
            loop.submit(receive);
            loop.tick();
            assertThat(run(call -> new Send(pair[0], bytes("aaaabbbbccccddddeeee"), call))).isEqualTo(20);
            runUntil(loop, () -> texts.size() == 2);
            assertThat(receive.isInFlight()).isTrue();
            while (texts.size() < 5) {
                int before = texts.size();
                buffers.give(taken.removeFirst());
                runUntil(loop, () -> texts.size() > before);
            }
            assertThat(texts).containsExactly("aaaa", "bbbb", "cccc", "dddd", "eeee");
            // All buffers are out, and the receive waits for one: it can be canceled there, too.
            loop.cancel(receive);
            runUntil(loop, () -> !receive.isInFlight());
            assertThat(texts.getLast()).isEqualTo(String.valueOf(-Errno.ECANCELED.code()));
            taken.forEach(buffers::give);
        }
        close(pair);
    }

    @Test
    void messagesArriveWithTheirSenders() throws Exception {
        int[] sockets = new int[2];
        MemorySegment address = arena.allocate(128, 8);
        int length = 0;
        for (int i = 0; i < 2; i++) {
            sockets[i] = Sockets.socket(Sockets.AF_INET, Sockets.SOCK_DGRAM | Sockets.SOCK_CLOEXEC, 0);
            length = Sockaddr.writeInet4(address, new byte[] {127, 0, 0, 1}, 0);
            assertThat(Sockets.bind(sockets[i], address, length)).isZero();
        }
        Sockaddr.writeInet4(address, new byte[] {127, 0, 0, 1}, port(sockets[1]));
        assertThat(Sockets.connect(sockets[0], address, length)).isZero();
        try (BufferRing buffers = BufferRing.open(loop.ring(), 1, 2, 64)) {
            List<String> texts = new ArrayList<>();
            RecvMsgMultishot[] receive = new RecvMsgMultishot[1];
            receive[0] = new RecvMsgMultishot(sockets[1], buffers, 28, 0, operation -> {
                if (operation.result() >= 0) {
                    int id = BufferRing.id(operation.flags());
                    buffers.take(id);
                    MemorySegment buffer = buffers.segment(id);
                    MemorySegment payload = receive[0].payload(buffer);
                    boolean cut = (receive[0].messageFlags(buffer) & Sockets.MSG_TRUNC) != 0;
                    texts.add(text(payload, (int) payload.byteSize()) + (cut ? "…" : ""));
                    assertThat(Sockaddr.port(receive[0].address(buffer))).isEqualTo(port(sockets[0]));
                    assertThat(receive[0].control(buffer).byteSize()).isZero();
                    buffers.give(id);
                }
            });
            loop.submit(receive[0]);
            for (String word : List.of("one", "two", "three", "x".repeat(30))) {
                int before = texts.size();
                assertThat(Files.write(sockets[0], bytes(word), word.length())).isEqualTo(word.length());
                runUntil(loop, () -> texts.size() > before);
            }
            assertThat(texts).containsExactly("one", "two", "three", "x".repeat(20) + "…");
            loop.cancel(receive[0]);
            runUntil(loop, () -> !receive[0].isInFlight());
        }
        close(sockets);
    }

    @Test
    void aReadFillsProvidedBuffersFromAPipe() throws Exception {
        needs(ReadMultishot.KIND);
        int[] pipe = pipe();
        try (BufferRing buffers = BufferRing.open(loop.ring(), 1, 2, 64)) {
            List<String> texts = new ArrayList<>();
            ReadMultishot read = new ReadMultishot(pipe[0], buffers, operation -> {
                int id = BufferRing.id(operation.flags());
                if (operation.result() > 0) {
                    buffers.take(id);
                    texts.add(text(buffers.segment(id), operation.result()));
                    buffers.give(id);
                }
            });
            loop.submit(read);
            for (int i = 1; i <= 5; i++) {
                Files.write(pipe[1], bytes("x" + i), 2);
                int expected = i;
                runUntil(loop, () -> texts.size() == expected);
            }
            assertThat(texts).containsExactly("x1", "x2", "x3", "x4", "x5");
            close(pipe[1]);
            runUntil(loop, () -> !read.isInFlight());
            assertThat(read.result()).isZero();
        }
        close(pipe[0]);
    }

    @Test
    void incrementalBuffersHoldSeveralArrivals() throws Exception {
        int[] pair = socketPair();
        BufferRing opened = null;
        try {
            opened = BufferRing.openIncremental(loop.ring(), 1, 1, 12);
        } catch (RingException refused) {
            assumeTrue(false, "probe failed: " + refused.getMessage());
        }
        try (BufferRing buffers = opened) {
            List<String> texts = new ArrayList<>();
            RecvMultishot receive = new RecvMultishot(pair[1], buffers, operation -> {
                if (operation.result() > 0) {
                    boolean usedUp = BufferRing.isUsedUp(operation.flags());
                    texts.add(text(buffers.received(operation.result(), operation.flags()), operation.result())
                            + (usedUp ? "." : ""));
                    if (usedUp) {
                        int id = BufferRing.id(operation.flags());
                        buffers.take(id);
                        buffers.give(id);
                    }
                }
            }).rearms();
            loop.submit(receive);
            for (String word : List.of("one", "three", "four", "seven")) {
                int before = texts.size();
                Files.write(pair[0], bytes(word), word.length());
                runUntil(loop, () -> texts.size() > before);
            }
            assertThat(texts).startsWith("one", "three", "four.", "seven");
            close(pair[0]);
            runUntil(loop, () -> !receive.isInFlight());
        }
        close(pair[1]);
    }

    @Test
    void bundlesFillSeveralBuffersAtOnce() throws Exception {
        assumeTrue((loop.ring().features() & IoUring.IORING_FEAT_RECVSEND_BUNDLE) != 0,
                "probe failed: the kernel has no bundles");
        int[] pair = tcpPair();
        try (BufferRing buffers = BufferRing.open(loop.ring(), 1, 8, 4)) {
            StringBuilder all = new StringBuilder();
            int[] largest = {0};
            RecvMultishot receive = new RecvMultishot(pair[1], buffers, operation -> {
                if (operation.result() > 0) {
                    int left = operation.result();
                    int[] ids = buffers.bundle(operation.result(), operation.flags());
                    largest[0] = Math.max(largest[0], ids.length);
                    for (int id : ids) {
                        all.append(text(buffers.segment(id), Math.min(left, 4)));
                        left -= 4;
                        buffers.give(id);
                    }
                }
            }).rearms().bundles();
            Files.write(pair[0], bytes("0123456789abcdefghij"), 20);
            loop.submit(receive);
            runUntil(loop, () -> all.length() == 20);
            Files.write(pair[0], bytes("klmnopqrstuvwxyz"), 16);
            runUntil(loop, () -> all.length() == 36);
            assertThat(all).hasToString("0123456789abcdefghijklmnopqrstuvwxyz");
            assertThat(largest[0]).isGreaterThan(1);
            close(pair[0]);
            runUntil(loop, () -> !receive.isInFlight());
        }
        close(pair[1]);
    }

    @Test
    void loopsSendToEachOther() throws Exception {
        needs(Post.KIND);
        List<Integer> received = new ArrayList<>();
        Loop other = Loop.open(new RingOptions(4, 4));
        Inbox inbox = other.inbox(operation -> received.add(operation.result()));
        assertThat(other.inFlight()).isZero();
        for (int i = 0; i < 100; i++) {
            int value = i;
            assertThat(run(call -> new Post(inbox, value, call))).isZero();
        }
        runUntil(other, () -> received.size() == 100);
        assertThat(received).isSorted().doesNotHaveDuplicates();
        Post late = new Post(inbox, 5, operation -> {});
        assertThat(run(call -> new Post(inbox, 4, call))).isZero();
        other.close();
        assertThat(received).hasSize(100);
        loop.submit(late);
        runUntil(loop, () -> !late.isInFlight());
        assertThat(late.result()).isEqualTo(-Errno.EBADF.code());
    }

    @Test
    void aPostWakesALoopThatWaitsOnItsOwnThread() throws Exception {
        needs(Post.KIND);
        CompletableFuture<Inbox> opened = new CompletableFuture<>();
        CompletableFuture<Integer> got = new CompletableFuture<>();
        Thread receiver = new Thread(() -> {
            try (Loop other = Loop.open(RingOptions.DEFAULT)) {
                opened.complete(other.inbox(operation -> got.complete(operation.result())));
                while (!got.isDone()) {
                    other.turn(-1);
                }
            } catch (RingException e) {
                got.completeExceptionally(e);
            }
        });
        receiver.start();
        Inbox inbox = opened.get();
        assertThat(run(call -> new Post(inbox, 77, call))).isZero();
        assertThat(got.get()).isEqualTo(77);
        receiver.join();
    }
}
