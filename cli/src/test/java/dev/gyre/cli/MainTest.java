package dev.gyre.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import org.junit.jupiter.params.provider.ValueSource;

/** Exit codes and messages of the program as a whole. */
final class MainTest {
    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandHasHelp(String command) {
        Run run = command.isEmpty() ? Run.gyre("--help") : Run.gyre(command, "--help");

        assertThat(run.code()).isZero();
        assertThat(run.out()).startsWith(("Usage: gyre " + command).strip()).contains("--help", "--version");
        assertThat(run.err()).isEmpty();
    }

    static Stream<String> commands() {
        return Stream.concat(Stream.of(""), Main.commandLine().getSubcommands().keySet().stream());
    }

    @Test
    void helpListsCommandsForPeopleOnly() {
        assertThat(Run.gyre("--help").out()).contains("doctor").doesNotContain("train");
    }

    @Test
    void benchmarksAreListedAndStartedByTheLauncher() {
        assertThat(Run.gyre("--help").out()).containsPattern("(?m)^ +bench +Measure ");
        Run run = Run.gyre("bench", "echo", "--smoke");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).startsWith("gyre bench: ").contains("./gyre bench");
    }

    @Test
    void versionNamesGyreAndTheJdk() {
        Run run = Run.gyre("--version");

        assertThat(run.code()).isZero();
        assertThat(run.out()).matches("gyre \\d+\\.\\d+\\.\\d+\\S* on JDK \\Q" + Runtime.version() + "\\E\\R");
    }

    @Test
    void noCommandIsAMistake() {
        assertMistake(Run.gyre(), "gyre: Missing required subcommand", "See 'gyre --help'.");
    }

    @Test
    void aMisspeltCommandIsCorrected() {
        assertMistake(Run.gyre("doctr"), "'doctr'", "Did you mean: gyre doctor?", "See 'gyre --help'.");
    }

    @Test
    void aMisspeltOptionIsCorrected() {
        assertMistake(Run.gyre("doctor", "--jsn"), "'--jsn'", "--json", "See 'gyre doctor --help'.");
    }

    @Test
    void aFailureIsOneLine() {
        Run run = Run.of(failing(new UncheckedIOException(new IOException("disk is full"))), "fail");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEqualTo("gyre fail: disk is full" + System.lineSeparator());
    }

    @Test
    void aFaultOfOursKeepsItsStackTrace() {
        Run run = Run.of(failing(new IllegalStateException("impossible")), "fail");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("IllegalStateException: impossible", "\tat dev.gyre.cli.");
    }

    private static CommandLine failing(RuntimeException failure) {
        Runnable body = () -> {
            throw failure;
        };
        return Main.commandLine().addSubcommand("fail", Commands.command(body, "Fails."));
    }

    private static void assertMistake(Run run, String... messages) {
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(messages).doesNotContain("\tat ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cp", "proxy"})
    void whatIsMissingIsNamed(String command) {
        for (String[] arguments : new String[][] {{command}, {command, "1"}}) {
            Run run = Run.gyre(arguments);
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err())
                    .contains("Missing", "--help")
                    .doesNotContain("\tat ");
        }
    }
}
