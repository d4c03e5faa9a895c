package dev.gyre.uring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.conformance.ChildJvm;
import dev.gyre.ring.RingOptions;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Fibers that are handed from one loop to another. */
@Tag("T2")
final class HomeTest {
    private static final int HEAP_MIB = 16;

    @Test
    void aFiberStaysWhereThereIsNoMemoryForTheHandOver() throws Exception {
        assertThat(String.join("\n", ChildJvm.runWithHeap(HEAP_MIB, Program.class))).contains("stayed and moved");
    }

    /** Hands fibers over while the heap is full to the last object, and when it is not. */
    static final class Program {
        private static final int ROUNDS = 5;

        private Program() {}

        public static void main(String[] arguments) throws Exception {
            LoopThread from = new LoopThread(Program.class, 0, RingOptions.DEFAULT);
            LoopThread to = new LoopThread(Program.class, 1, RingOptions.DEFAULT);
            from.open();
            to.open();
            boolean moved;
            try {
                moved = handOver(new Home(from, true), from, to);
            } finally {
                // What is used for the first time needs memory.
                Reference.reachabilityFence(from);
            }
            boolean stayed = false;
            for (int round = 0; round < ROUNDS; round++) {
                stayed |= !handOverInFullHeap(new Home(from, true), from, to);
            }
            System.out.println((stayed ? "stayed" : "never stayed") + (moved ? " and moved" : " and never moved"));
            System.exit(0);
        }

        private static boolean handOverInFullHeap(Home home, LoopThread from, LoopThread to) {
            @Nullable Object[] chain = null;
            for (int size = 1 << 16; size >= 1; size /= 4) {
                try {
                    while (true) {
                        Object[] link = new Object[size];
                        link[0] = chain;
                        chain = link;
                    }
                } catch (OutOfMemoryError full) {
                    // Smaller ones may still fit.
                }
            }
            try {
                return handOver(home, from, to);
            } finally {
                Reference.reachabilityFence(chain);
            }
        }

        private static boolean handOver(Home home, LoopThread from, LoopThread to) {
            boolean moved = home.handOver(to);
            if (home.loop() != (moved ? to : from)) {
                throw new AssertionError("it is not where it was said to be");
            }
            return moved;
        }
    }
}
