package dev.gyre.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Model.CommandSpec;

/** The options that commands share. */
final class OptionsTest {
    private final CommandSpec command = Commands.command(() -> {}, "A server.");
    private final BackendOptions backend = new BackendOptions(command);
    private final AddressOptions address = new AddressOptions(command);

    @Test
    void withoutOptionsAServerIsLocalAndAsWideAsTheMachine() {
        assertThat(serve().code()).isZero();

        assertThat(backend.backend()).isEqualTo(Backend.AUTO);
        assertThat(backend.loops()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(address.literal(command)).isEqualTo(Ip4Address.loopback(8080));
    }

    @Test
    void eachOptionIsTaken() {
        Run run = serve("--backend", "threaded", "--loops=3", "--host", "::1", "--port", "0");

        assertThat(run).isEqualTo(new Run(0, "", ""));
        assertThat(backend.backend()).isEqualTo(Backend.THREADED);
        assertThat(backend.loops()).isEqualTo(3);
        assertThat(address.literal(command)).isEqualTo(Ip6Address.loopback(0));
    }

    @ParameterizedTest
    @CsvSource({"--port, 65535", "--port, 0", "--loops, 1", "--loops, 1024"})
    void boundsAreWithin(String option, String value) {
        assertThat(serve(option, value)).isEqualTo(new Run(0, "", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "--port, 65536, a whole number from 0 to 65535",
        "--port, -1, a whole number from 0 to 65535",
        "--port, http, a whole number from 0 to 65535",
        "--loops, 0, a whole number from 1 to 1024",
        "--loops, 1025, a whole number from 1 to 1024",
        "--backend, epoll, 'none of uring, threaded, auto'"
    })
    void aBadValueIsRefusedWithTheGoodOnes(String option, String value, String good) {
        Run run = serve(option, value);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains(option, "'" + value + "'", good).doesNotContain("\tat ");
    }

    @Test
    void helpTellsValuesAndDefaults() {
        assertThat(serve("--help").out().replaceAll("\\s+", " "))
                .contains("uring, threaded, auto (default: auto)", "(default: 127.0.0.1,", "(default: 8080)");
    }

    private Run serve(String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "serve-test";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return Run.of(Main.commandLine().addSubcommand("serve-test", command), all);
    }
}
