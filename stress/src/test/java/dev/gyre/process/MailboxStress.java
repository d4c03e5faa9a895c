package dev.gyre.process;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJJ_Result;
import org.openjdk.jcstress.infra.results.JJ_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;
import org.openjdk.jcstress.infra.results.ZJ_Result;

/** Messages come in, once and in order, and whoever waits for one is woken by exactly one sender. */
public class MailboxStress {
    private static final class Box extends Mailbox {}

    /** All that there is, taken out. */
    private static String all(Mailbox box) {
        box.takeIn();
        StringBuilder messages = new StringBuilder();
        for (Envelope next = box.first(); next != null; next = box.first()) {
            box.remove(next);
            messages.append(next.message);
        }
        return messages.toString();
    }

    /** Two send while the owner waits. */
    @JCStressTest
    @Outcome(id = {"-1, 2, 2", "2, -1, 2"}, expect = Expect.ACCEPTABLE, desc = "The first wakes, and both are there.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "None wakes, or both, or a message is lost.")
    @State
    public static class TwoWakeOnce {
        private final Mailbox box = new Box();

        /** Waits. */
        public TwoWakeOnce() {
            box.beginWait();
        }

        /** Sends. */
        @Actor
        public void first(JJJ_Result result) {
            result.r1 = box.push(new Envelope("a"));
        }

        /** Sends. */
        @Actor
        public void second(JJJ_Result result) {
            result.r2 = box.push(new Envelope("b"));
        }

        /** Counts. */
        @Arbiter
        public void look(JJJ_Result result) {
            result.r3 = box.takeIn();
        }
    }

    /** The owner begins to wait while somebody sends. */
    @JCStressTest
    @Outcome(id = "true, -1", expect = Expect.ACCEPTABLE, desc = "It waits, and is woken.")
    @Outcome(id = "false, 1", expect = Expect.ACCEPTABLE, desc = "It does not wait.")
    @Outcome(id = "true, 1", expect = Expect.FORBIDDEN, desc = "It waits, and nobody wakes it.")
    @Outcome(id = "false, -1", expect = Expect.FORBIDDEN, desc = "Who does not wait is woken.")
    @State
    public static class WaitAgainstPush {
        private final Mailbox box = new Box();

        /** Waits. */
        @Actor
        public void owner(ZJ_Result result) {
            result.r1 = box.beginWait();
        }

        /** Sends. */
        @Actor
        public void sender(ZJ_Result result) {
            result.r2 = box.push(new Envelope("a"));
        }
    }

    /** The owner goes on by itself while somebody sends. */
    @JCStressTest
    @Outcome(id = {"-1, 1", "1, 1"}, expect = Expect.ACCEPTABLE, desc = "Woken or not, the message is there.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The message is lost.")
    @State
    public static class EndOfWaitAgainstPush {
        private final Mailbox box = new Box();

        /** Waits. */
        public EndOfWaitAgainstPush() {
            box.beginWait();
        }

        /** Waits no more. */
        @Actor
        public void owner() {
            box.endWait();
        }

        /** Sends. */
        @Actor
        public void sender(JJ_Result result) {
            result.r1 = box.push(new Envelope("a"));
        }

        /** Counts. */
        @Arbiter
        public void look(JJ_Result result) {
            result.r2 = box.takeIn();
        }
    }

    /** The owner takes in while somebody sends. */
    @JCStressTest
    @Outcome(id = {", abc", "a, bc", "ab, c", "abc, "}, expect = Expect.ACCEPTABLE, desc = "In order, and once.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Lost, twice, or in another order.")
    @State
    public static class TakeInAgainstPush {
        private final Mailbox box = new Box();

        /** Sends. */
        @Actor
        public void sender() {
            box.push(new Envelope("a"));
            box.push(new Envelope("b"));
            box.push(new Envelope("c"));
        }

        /** Takes what there is. */
        @Actor
        public void owner(LL_Result result) {
            result.r1 = all(box);
        }

        /** Takes the rest. */
        @Arbiter
        public void look(LL_Result result) {
            result.r2 = all(box);
        }
    }

    /** What a message says was written before it was sent. */
    @JCStressTest
    @Outcome(id = {"none", "1"}, expect = Expect.ACCEPTABLE, desc = "Not there yet, or whole.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "The message is there, and not what it says.")
    @State
    public static class Publication {
        private final Mailbox box = new Box();
        private int written;

        /** Writes and sends. */
        @Actor
        public void sender() {
            written = 1;
            box.push(new Envelope("a"));
        }

        /** Receives and reads. */
        @Actor
        public void owner(L_Result result) {
            result.r1 = box.takeIn() == 0 ? "none" : "" + written;
        }
    }

    /** The process ends while somebody sends. */
    @JCStressTest
    @Outcome(id = {"0, 0", "1, 0"}, expect = Expect.ACCEPTABLE, desc = "Nothing is kept.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A process that has ended has a message.")
    @State
    public static class EndAgainstPush {
        private final Mailbox box = new Box();

        /** Ends. */
        @Actor
        public void owner() {
            box.end();
        }

        /** Sends. */
        @Actor
        public void sender(JJ_Result result) {
            result.r1 = box.push(new Envelope("a"));
        }

        /** Looks. */
        @Arbiter
        public void look(JJ_Result result) {
            result.r2 = box.length();
        }
    }
}
