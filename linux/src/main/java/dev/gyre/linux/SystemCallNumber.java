package dev.gyre.linux;

/** Numbers of the system calls that are made by number, from the kernel's {@code asm/unistd.h}. */
final class SystemCallNumber {
    static final int IO_URING_SETUP = 425;
    static final int IO_URING_ENTER = 426;
    static final int IO_URING_REGISTER = 427;

    private SystemCallNumber() {}
}
