package dev.gyre.threaded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gyre.io.Io;
import dev.gyre.io.IoOptions;
import dev.gyre.io.IpAddress;
import dev.gyre.io.Lookup;
import dev.gyre.io.LookupOptions;
import dev.gyre.io.spi.name.NameService;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A program without the module that looks names up. */
@Tag("T16")
final class NoNamesTest {
    @Test
    void isToldWhatToAddAndHasLiteralAddresses() throws Exception {
        assumeTrue(ServiceLoader.load(NameService.Provider.class).findFirst().isEmpty(), "dev.gyre.names is there");
        try (Io io = Io.open(IoOptions.DEFAULT.withBackend("threaded"))) {
            assertThatThrownBy(() -> io.lookup("localhost", LookupOptions.DEFAULT))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("dev.gyre:gyre-names");
            try (Lookup lookup = io.lookup("::1", LookupOptions.DEFAULT)) {
                assertThat(lookup.all()).containsExactly(IpAddress.parse("::1", 0));
            }
        }
    }
}
