package dev.gyre.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("T24")
final class CommandTest {
    private static final Command LS = Command.of("ls", "-l", "two words");

    @Test
    void eachWishMakesAnotherCommand() {
        Command changed = LS.withArguments("more")
                .withVariable("A", "1")
                .withoutVariable("B")
                .withDirectory("/tmp")
                .withInput(Stdio.PIPE)
                .withOutput(Stdio.NULL)
                .withError(Stdio.OUTPUT)
                .withAtClose(Command.AtClose.LEAVE);
        assertThat(changed.arguments()).containsExactly("-l", "two words", "more");
        assertThat(changed.inheritsEnvironment()).isTrue();
        assertThat(changed.variables()).isEqualTo(Map.of("A", Optional.of("1"), "B", Optional.empty()));
        assertThat(changed.path()).contains("/tmp");
        assertThat(List.of(changed.input(), changed.output(), changed.error()))
                .containsExactly(Stdio.PIPE, Stdio.NULL, Stdio.OUTPUT);
        assertThat(changed.atClose()).isEqualTo(Command.AtClose.LEAVE);
        assertThat(changed.withEnvironment(Map.of()).inheritsEnvironment()).isFalse();
        assertThat(changed.withEnvironment(Map.of()).variables()).isEmpty();
        assertThat(LS).isEqualTo(Command.of("ls", "-l", "two words")).hasToString("ls '-l' 'two words'");
        assertThat(List.of(LS.input(), LS.output(), LS.error()))
                .containsExactly(Stdio.NULL, Stdio.INHERIT, Stdio.INHERIT);
        assertThat(LS.atClose()).isEqualTo(Command.AtClose.KILL);
    }

    @Test
    void secretsOfTheEnvironmentAreNotPrinted() {
        assertThat(LS.withVariable("PASSWORD", "secret").toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\0b", "\0", "\ud800", "a\udc00b"})
    void whatNoProgramCanBeGivenIsRefused(String text) {
        assertThatThrownBy(() -> Command.of(text)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LS.withArguments("fine", text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("argument 4");
        assertThatThrownBy(() -> LS.withDirectory(text)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LS.withVariable("NAME", text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NAME");
        assertThatThrownBy(() -> LS.withVariable(text, "")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void textThatStandsForBytesIsTaken() {
        assertThat(LS.withArguments("\udc80\udcff", "\ud83d\ude00").arguments()).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A=B", "="})
    void namesThatNoVariableCanHaveAreRefused(String name) {
        assertThatThrownBy(() -> LS.withVariable(name, "x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LS.withoutVariable(name)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LS.withEnvironment(Map.of(name, "x"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void contradictionsAreRefused() {
        assertThatThrownBy(() -> Command.of("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LS.withInput(Stdio.OUTPUT)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LS.withOutput(Stdio.OUTPUT)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void exitsAreSaidAsPeopleSayThem() {
        assertThat(new Exit.Ended(3)).hasToString("ended with status 3");
        assertThat(new Exit.Killed(9, false)).hasToString("killed by SIGKILL");
        assertThat(new Exit.Killed(11, true)).hasToString("killed by SIGSEGV, with a core dump");
        assertThat(new Exit.Killed(31, false)).hasToString("killed by SIGSYS");
        assertThat(new Exit.Killed(36, false)).hasToString("killed by SIGRTMIN+2");
    }
}
