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
    /** Each takes 1 KiB where it is compiled, and 2 before, when the rest is not compiled either. */
    private static final int FRAMES = 12;

    private static final int FRAMES_TO_PARK = 4;
    private static final int FRAMES_TO_LET_GO = 1;

    /** How seldom the frames are filled: so often that the compiler knows that they are. */
    private static final int FILL_PERIOD = 256;

    private static final int INTS_PER_LINE = 16;

    /** Threads count in different lines of the cache, or they would slow each other down. */
    private static final int[] CALLS = new int[64 * INTS_PER_LINE];

    private static final long[] ZEROS = new long[64];

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
        int own = (int) Thread.currentThread().threadId() * INTS_PER_LINE & (CALLS.length - 1);
        if (descend(frames, CALLS[own]++ % FILL_PERIOD == 0, ZEROS, ZEROS) != 0) {
            throw new AssertionError("zeros add up to something else");
        }
    }

    /**
     * Takes large frames without touching them, which costs little: a frame has room for all that some path through its
     * method needs. What is read here before the call is needed after it, so it must be kept.
     */
    private static long descend(int frames, boolean fill, long[] a, long[] b) {
        if (fill) {
            long a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3], a4 = a[4], a5 = a[5], a6 = a[6], a7 = a[7];
            long a8 = a[8], a9 = a[9], a10 = a[10], a11 = a[11], a12 = a[12], a13 = a[13], a14 = a[14], a15 = a[15];
            long a16 = a[16], a17 = a[17], a18 = a[18], a19 = a[19], a20 = a[20], a21 = a[21], a22 = a[22], a23 = a[23];
            long a24 = a[24], a25 = a[25], a26 = a[26], a27 = a[27], a28 = a[28], a29 = a[29], a30 = a[30], a31 = a[31];
            long a32 = a[32], a33 = a[33], a34 = a[34], a35 = a[35], a36 = a[36], a37 = a[37], a38 = a[38], a39 = a[39];
            long a40 = a[40], a41 = a[41], a42 = a[42], a43 = a[43], a44 = a[44], a45 = a[45], a46 = a[46], a47 = a[47];
            long a48 = a[48], a49 = a[49], a50 = a[50], a51 = a[51], a52 = a[52], a53 = a[53], a54 = a[54], a55 = a[55];
            long a56 = a[56], a57 = a[57], a58 = a[58], a59 = a[59], a60 = a[60], a61 = a[61], a62 = a[62], a63 = a[63];
            long b0 = b[0], b1 = b[1], b2 = b[2], b3 = b[3], b4 = b[4], b5 = b[5], b6 = b[6], b7 = b[7];
            long b8 = b[8], b9 = b[9], b10 = b[10], b11 = b[11], b12 = b[12], b13 = b[13], b14 = b[14], b15 = b[15];
            long b16 = b[16], b17 = b[17], b18 = b[18], b19 = b[19], b20 = b[20], b21 = b[21], b22 = b[22], b23 = b[23];
            long b24 = b[24], b25 = b[25], b26 = b[26], b27 = b[27], b28 = b[28], b29 = b[29], b30 = b[30], b31 = b[31];
            long b32 = b[32], b33 = b[33], b34 = b[34], b35 = b[35], b36 = b[36], b37 = b[37], b38 = b[38], b39 = b[39];
            long b40 = b[40], b41 = b[41], b42 = b[42], b43 = b[43], b44 = b[44], b45 = b[45], b46 = b[46], b47 = b[47];
            long b48 = b[48], b49 = b[49], b50 = b[50], b51 = b[51], b52 = b[52], b53 = b[53], b54 = b[54], b55 = b[55];
            long b56 = b[56], b57 = b[57], b58 = b[58], b59 = b[59], b60 = b[60], b61 = b[61], b62 = b[62], b63 = b[63];
            long below = frames == 1 ? 0 : descend(frames - 1, true, a, b);
            return below + a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11 + a12 + a13 + a14 + a15 + a16
                    + a17 + a18 + a19 + a20 + a21 + a22 + a23 + a24 + a25 + a26 + a27 + a28 + a29 + a30 + a31 + a32
                    + a33 + a34 + a35 + a36 + a37 + a38 + a39 + a40 + a41 + a42 + a43 + a44 + a45 + a46 + a47 + a48
                    + a49 + a50 + a51 + a52 + a53 + a54 + a55 + a56 + a57 + a58 + a59 + a60 + a61 + a62 + a63 + b0
                    + b1 + b2 + b3 + b4 + b5 + b6 + b7 + b8 + b9 + b10 + b11 + b12 + b13 + b14 + b15 + b16 + b17 + b18
                    + b19 + b20 + b21 + b22 + b23 + b24 + b25 + b26 + b27 + b28 + b29 + b30 + b31 + b32 + b33 + b34
                    + b35 + b36 + b37 + b38 + b39 + b40 + b41 + b42 + b43 + b44 + b45 + b46 + b47 + b48 + b49 + b50
                    + b51 + b52 + b53 + b54 + b55 + b56 + b57 + b58 + b59 + b60 + b61 + b62 + b63;
        }
        return frames == 1 ? 0 : descend(frames - 1, false, a, b);
    }
}
