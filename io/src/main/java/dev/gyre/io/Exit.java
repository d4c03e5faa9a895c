package dev.gyre.io;

import java.util.List;

/** How a child ended. */
public sealed interface Exit {
    /**
     * It ended by itself.
     *
     * @param status what it said at the end, 0 to 255; 0 mostly means that all went well
     */
    record Ended(int status) implements Exit {
        @Override
        public boolean isSuccess() {
            return status == 0;
        }

        /** For instance {@code ended with status 3}. */
        @Override
        public String toString() {
            return "ended with status " + status;
        }
    }

    /**
     * A signal ended it, from whomever.
     *
     * @param signal its number, such as 9 for {@code SIGKILL}; signal(7)
     * @param coreDumped whether its memory was written to a file
     */
    record Killed(int signal, boolean coreDumped) implements Exit {
        private static final int REAL_TIME_FIRST = 34;
        private static final List<String> NAMES = List.of(
                "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE",
                "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ",
                "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS");

        @Override
        public boolean isSuccess() {
            return false;
        }

        /** For instance {@code killed by SIGKILL}. */
        @Override
        public String toString() {
            return "killed by " + name() + (coreDumped ? ", with a core dump" : "");
        }

        private String name() {
            if (signal >= 1 && signal <= NAMES.size()) {
                return "SIG" + NAMES.get(signal - 1);
            }
            return signal >= REAL_TIME_FIRST ? "SIGRTMIN+" + (signal - REAL_TIME_FIRST) : "signal " + signal;
        }
    }

    /**
     * Whether all went well, as far as one can tell from outside.
     *
     * @return true for status 0 only
     */
    boolean isSuccess();
}
