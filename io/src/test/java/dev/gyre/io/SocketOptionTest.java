package dev.gyre.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Values out of range are refused when a setting is made, and the message says what the range is. */
@Tag("T12")
final class SocketOptionTest {

    @Test
    void numbersHaveARange() {
        assertThat(SocketOption.HOP_LIMIT.of(255)).hasToString("IP_TTL=255");
        assertThatIllegalArgumentException().isThrownBy(() -> SocketOption.HOP_LIMIT.of(0))
                .withMessage("value '0' of IP_TTL is not within 1..255");
        assertThatIllegalArgumentException().isThrownBy(() -> SocketOption.SEND_BUFFER.of(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> SocketOption.KEEP_ALIVE_COUNT.of(128));
    }

    @Test
    void timesHaveAUnit() {
        assertThat(SocketOption.USER_TIMEOUT.of(Duration.ofMillis(1)).value()).isEqualTo(Duration.ofMillis(1));
        assertThatIllegalArgumentException().isThrownBy(() -> SocketOption.KEEP_ALIVE_IDLE.of(Duration.ofMillis(1500)))
                .withMessage("value 'PT1.5S' of TCP_KEEPIDLE is no whole number of seconds");
        assertThatIllegalArgumentException().isThrownBy(() -> SocketOption.KEEP_ALIVE_IDLE.of(Duration.ZERO))
                .withMessageContaining("1..32767 seconds");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SocketOption.USER_TIMEOUT.of(Duration.ofSeconds(Long.MAX_VALUE)));
        assertThatIllegalArgumentException().isThrownBy(() -> SocketOption.BUSY_POLL.of(Duration.ofNanos(1)));
    }

    @Test
    void namesHaveALength() {
        assertThat(SocketOption.BIND_TO_DEVICE.of("").value()).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> SocketOption.BIND_TO_DEVICE.of("x".repeat(16)))
                .withMessageContaining("0..15 bytes");
        assertThatIllegalArgumentException().isThrownBy(() -> SocketOption.CONGESTION_CONTROL.of(""));
        assertThatIllegalArgumentException().isThrownBy(() -> SocketOption.CONGESTION_CONTROL.of("a\0b"));
    }

    @Test
    void whatCanOnlyBeReadHasNoSetting() {
        assertThatIllegalArgumentException().isThrownBy(() -> SocketOption.ERROR.of(0));
    }

    @Test
    void theLatestSettingCounts() {
        ConnectOptions options = ConnectOptions.DEFAULT
                .withOption(SocketOption.HOP_LIMIT, 1)
                .withOption(SocketOption.KEEP_ALIVE, true)
                .withOption(SocketOption.HOP_LIMIT, 2);
        assertThat(options.settings()).extracting(Object::toString).containsExactly("SO_KEEPALIVE=true", "IP_TTL=2");
    }

    @Test
    void optionsAreForWhoCanUseThem() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConnectOptions.DEFAULT.withOption(SocketOption.FAST_OPEN, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ListenOptions.DEFAULT.withOption(SocketOption.FAST_OPEN_CONNECT, true));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ListenOptions.DEFAULT.withOption(SocketOption.REUSE_PORT, true))
                .withMessageContaining("withReusePort");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ListenOptions.DEFAULT.withOption(SocketOption.CORK, true))
                .withMessageContaining("setOption");
    }
}
