package dev.gyre.posix;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A descriptor's number is taken out for closing exactly once, by the last that holds it. */
public class DescriptorStress {
    /** One uses it while another closes it. */
    @JCStressTest
    @Outcome(id = "refused, taken", expect = Expect.ACCEPTABLE, desc = "The closer was first.")
    @Outcome(id = "released, taken", expect = Expect.ACCEPTABLE, desc = "The user was through before the closer.")
    @Outcome(id = "taken, released", expect = Expect.ACCEPTABLE, desc = "The user was the last.")
    @Outcome(id = "released, released", expect = Expect.FORBIDDEN, desc = "Nobody closes it.")
    @Outcome(id = "taken, taken", expect = Expect.FORBIDDEN, desc = "It is closed twice.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "It was used and refused at once.")
    @State
    public static class UseAgainstClose {
        private final Descriptor descriptor = new Descriptor(0);

        /** Uses it. */
        @Actor
        public void use(LL_Result result) {
            result.r1 = descriptor.acquire() ? letGo(descriptor) : "refused";
        }

        /** Closes it. */
        @Actor
        public void close(LL_Result result) {
            result.r2 = descriptor.beginClose() ? letGo(descriptor) : "refused";
        }
    }

    /** Two that hold a closing descriptor let go of it. */
    @JCStressTest
    @Outcome(id = {"released, taken", "taken, released"}, expect = Expect.ACCEPTABLE, desc = "One was the last.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "None or both were the last.")
    @State
    public static class ReleaseAgainstRelease {
        private final Descriptor descriptor = new Descriptor(0);

        /** Holds it twice. */
        public ReleaseAgainstRelease() {
            descriptor.acquire();
            descriptor.beginClose();
        }

        /** Lets go. */
        @Actor
        public void one(LL_Result result) {
            result.r1 = letGo(descriptor);
        }

        /** Lets go. */
        @Actor
        public void other(LL_Result result) {
            result.r2 = letGo(descriptor);
        }
    }

    /** Two close it. */
    @JCStressTest
    @Outcome(id = {"true, false", "false, true"}, expect = Expect.ACCEPTABLE, desc = "One of them closes it.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "None or both close it.")
    @State
    public static class CloseAgainstClose {
        private final Descriptor descriptor = new Descriptor(0);

        /** Begins to close it. */
        @Actor
        public void one(ZZ_Result result) {
            result.r1 = descriptor.beginClose();
        }

        /** Begins to close it. */
        @Actor
        public void other(ZZ_Result result) {
            result.r2 = descriptor.beginClose();
        }
    }

    private static String letGo(Descriptor descriptor) {
        if (!descriptor.release()) {
            return "released";
        }
        descriptor.take();
        return "taken";
    }
}
