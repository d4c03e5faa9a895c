package dev.gyre.linux;

import java.util.Locale;

/**
 * A processor architecture whose Linux system call numbers and constants are known here. Both are 64-bit and
 * little-endian, and share every structure layout in this package.
 */
public enum Architecture {
    /** AMD64, Intel 64. */
    X86_64,
    /** 64-bit ARM. */
    AARCH64;

    private static final Architecture CURRENT = of(System.getProperty("os.name"), System.getProperty("os.arch"));

    /**
     * The architecture of the running Java virtual machine.
     *
     * @return that architecture; any other system fails when this class is initialised, with an
     *     {@link UnsupportedOperationException} that names it
     */
    public static Architecture current() {
        return CURRENT;
    }

    static Architecture of(String system, String processor) {
        if (!system.equals("Linux")) {
            throw new UnsupportedOperationException("Gyre calls the Linux kernel, but this system is " + system
                    + "; run it on Linux, or in the simulator");
        }
        return switch (processor.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> X86_64;
            case "aarch64", "arm64" -> AARCH64;
            default -> throw new UnsupportedOperationException("Gyre knows Linux on x86-64 and aarch64, but this JVM is"
                    + " built for " + processor + "; run it on one of the two, or in the simulator");
        };
    }

    /** One of two numbers: what the kernel's headers say for this architecture. */
    int choose(int x8664, int aarch64) {
        return switch (this) {
            case X86_64 -> x8664;
            case AARCH64 -> aarch64;
        };
    }
}
