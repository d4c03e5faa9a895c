package dev.gyre.cli.top;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("P11")
final class ScreenTest {
    @Test
    void aSmallTerminalIsWhatItIs() {
        assertThat(Screen.size("3 10\n")).containsExactly(3, 10);
        assertThat(Screen.size("1 1\n")).containsExactly(1, 1);
        assertThat(Screen.size("50 132\n")).containsExactly(50, 132);
    }

    @Test
    void oneOfUnknownSizeHasTheUsual() {
        for (String said : new String[] {"0 0\n", "0 80\n", "24 0\n", "", "stty: what?", "99999999999 80"}) {
            assertThat(Screen.size(said)).as(said).containsExactly(24, 80);
        }
    }
}
