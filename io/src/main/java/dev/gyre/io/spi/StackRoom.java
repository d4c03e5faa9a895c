package dev.gyre.io.spi;

/**
 * Room on the calling thread's stack, which is made sure of before something that must not break off in its midst.
 *
 * <p>A {@link StackOverflowError} may come out of any call, also inside of the JDK: a lock is then never released, a
 * list is half changed, a thread that was to go on was not told, and one that was to wait leaves with an operation
 * under way. A program may catch the error and go on, and others may use what it has left behind. So who begins such a
 * thing first goes down as deep as it could possibly need to, and meets the error before anything has happened.
 */
public final class StackRoom {
    /** Each is of about 96 bytes where it is compiled, and of 240 before, when the rest is not compiled either. */
    private static final int FRAMES = 128;

    private static final int FRAMES_TO_PARK = 48;
    private static final int FRAMES_TO_LET_GO = 8;

    private StackRoom() {}

    /**
     * Makes sure that there is room for whatever an operation calls.
     *
     * @throws StackOverflowError if there is not
     */
    public static void require() {
        require(FRAMES);
    }

    /**
     * Makes sure that there is room to park a task's virtual thread, or to wake one.
     *
     * @throws StackOverflowError if there is not
     */
    public static void requireToPark() {
        require(FRAMES_TO_PARK);
    }

    /**
     * Makes sure that there is room to let go of what was taken hold of.
     *
     * @throws StackOverflowError if there is not
     */
    public static void requireToLetGo() {
        require(FRAMES_TO_LET_GO);
    }

    private static void require(int frames) {
        if (descend(frames, 1, 2, 3, 4, 5, 6, 7, 8) == 0) {
            throw new AssertionError("numbers above zero add up to zero");
        }
    }

    /** All the numbers are needed afterwards, so that each frame has room for them. */
    private static long descend(int frames, long a, long b, long c, long d, long e, long f, long g, long h) {
        long below = frames == 0 ? 0 : descend(frames - 1, b, c, d, e, f, g, h, a);
        return below + a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h;
    }
}
