package dev.gyre.linux;

import dev.gyre.linux.layout.SockFilter;
import dev.gyre.linux.layout.SockFprog;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A filter that lets the kernel refuse a system call to this very process, as containers do: to see on any machine how
 * a program behaves there. Source: seccomp(2).
 */
public final class Seccomp {
    private static final int SECCOMP_SET_MODE_FILTER = 1;
    private static final int SECCOMP_FILTER_FLAG_TSYNC = 1;
    private static final int SECCOMP_RET_ERRNO = 0x0005_0000;
    private static final int SECCOMP_RET_ALLOW = 0x7fff_0000;
    private static final int AUDIT_ARCH_X86_64 = 0xc000_003e;
    private static final int AUDIT_ARCH_AARCH64 = 0xc000_00b7;

    // Classic BPF: load a word of the data, compare it and jump, return.
    private static final int LOAD_WORD = 0x20;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int RETURN = 0x06;

    // Where struct seccomp_data has the number of the call and the architecture.
    private static final int DATA_NUMBER = 0;
    private static final int DATA_ARCHITECTURE = 4;

    private Seccomp() {}

    /**
     * Makes a system call answer with an error, in all threads of this process and everything it starts, for ever.
     * Other calls, and programs of other architectures, are let through. Refusing another call, or the same one with
     * another error, adds to what was refused before. From kernel 3.17.
     *
     * <p>The process also gives up gaining rights through execve(2), which is what allows an ordinary user to do this.
     *
     * @param systemCall which one, as in {@link SystemCallNumber}
     * @param errno what it shall answer
     * @return 0, or negated: EACCES, EINVAL (a kernel without seccomp filters), ENOMEM, EPERM (seccomp(2) is itself
     *     refused), ESRCH (a thread has another filter)
     */
    public static int refuse(int systemCall, Errno errno) {
        Assert.that(!errno.internal(), "a refused call answers with an error that programs know", errno.code());
        int result = Processes.prctl(Processes.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        if (result < 0) {
            return result;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment program = program(arena, systemCall, errno);
            result = (int) Kernel.call(SystemCallNumber.SECCOMP, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC,
                    program.address(), program);
        }
        // More than 0 is the id of a thread that has another filter.
        return result > 0 ? -Errno.ESRCH.code() : result;
    }

    private static MemorySegment program(Arena arena, int systemCall, Errno errno) {
        int architecture = Architecture.current().choose(AUDIT_ARCH_X86_64, AUDIT_ARCH_AARCH64);
        int length = 6;
        MemorySegment filter = arena.allocate(SockFilter.LAYOUT, length);
        SockFilter.set(filter, 0, LOAD_WORD, 0, 0, DATA_ARCHITECTURE);
        SockFilter.set(filter, 1, JUMP_IF_EQUAL, 0, 3, architecture);
        SockFilter.set(filter, 2, LOAD_WORD, 0, 0, DATA_NUMBER);
        SockFilter.set(filter, 3, JUMP_IF_EQUAL, 0, 1, systemCall);
        SockFilter.set(filter, 4, RETURN, 0, 0, SECCOMP_RET_ERRNO | errno.code());
        SockFilter.set(filter, 5, RETURN, 0, 0, SECCOMP_RET_ALLOW);

        MemorySegment program = arena.allocate(SockFprog.LAYOUT);
        program.set(ValueLayout.JAVA_SHORT, SockFprog.LEN, (short) length);
        program.set(ValueLayout.JAVA_LONG, SockFprog.FILTER, filter.address());
        return program;
    }
}
