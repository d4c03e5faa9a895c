package dev.gyre.linux;

/** Constants of futexes, as io_uring takes them from kernel 6.7. Source: io_uring_prep_futex_wait(3). */
public final class Futex {
    /** The futex has 32 bits. */
    public static final int FUTEX2_SIZE_U32 = 0x02;
    /** Only this process uses it. */
    public static final int FUTEX2_PRIVATE = 0x80;
    /** A mask that any wake and any wait matches. */
    public static final int FUTEX_BITSET_MATCH_ANY = -1;

    private Futex() {}
}
