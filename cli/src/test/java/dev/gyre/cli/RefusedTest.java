package dev.gyre.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.linux.Errno;
import dev.gyre.linux.Seccomp;
import dev.gyre.linux.SystemCallNumber;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Doctor where a seccomp filter refuses io_uring, as in most containers. */
final class RefusedTest {
    private static final int NO_FILTER = 77;

    @ParameterizedTest
    @ValueSource(strings = {"EPERM", "ENOSYS"})
    void doctorNamesTheFilter(String errno) throws Exception {
        List<String> command = new ArrayList<>(Program.of(Filtered.class, errno, "doctor", "--json"));
        Process process = Program.start(command);
        String report = process.inputReader().readAllAsString();

        int code = process.waitFor();
        Assumptions.assumeFalse(code == NO_FILTER, "seccomp(2) is refused here: " + report);
        assertThat(code).isZero();
        assertThat(report)
                .contains("\"name\":\"set-up\",\"value\":\"refused, ")
                .contains("\"name\":\"refused by\",\"value\":\"seccomp\"")
                .contains("answers io_uring_setup with " + errno)
                .contains("\"name\":\"chosen\",\"value\":\"threads");
    }

    /** The program behind a filter. */
    static final class Filtered {
        private Filtered() {}

        public static void main(String[] arguments) {
            int result = Seccomp.refuse(SystemCallNumber.IO_URING_SETUP, Errno.valueOf(arguments[0]));
            if (result < 0) {
                System.out.println(Errno.describe(-result));
                System.exit(NO_FILTER);
            }
            Main.main(List.of(arguments).subList(1, arguments.length).toArray(String[]::new));
        }
    }
}
