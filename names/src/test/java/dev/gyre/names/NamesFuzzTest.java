package dev.gyre.names;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gyre.io.IpAddress;
import dev.gyre.io.IpFamily;
import dev.gyre.names.Messages.Reply;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;

/**
 * What comes from strangers, by Jazzer: what it has found is repeated with every build. CONTRIBUTING.md says how to
 * have it look for more.
 */
@Tag("T16")
@Tag("T17")
final class NamesFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void replies(byte[] message) {
        Reply reply = Messages.reply(ByteBuffer.wrap(message), LyingServer.name("www.example"),
                (message.length & 1) == 0 ? IpFamily.IP4 : IpFamily.IP6);

        if (reply instanceof Reply.Addresses addresses) {
            assertThat(addresses.addresses()).isNotEmpty();
        }
    }

    @FuzzTest(maxDuration = "10m")
    void addresses(byte[] bytes) {
        // The files of the corpus end with a line feed, like all of the tree.
        String text = new String(bytes, StandardCharsets.UTF_8).stripTrailing();
        IpAddress address;
        try {
            address = IpAddress.parse(text, 1);
        } catch (IllegalArgumentException refused) {
            return;
        }
        String printed = address.toString();
        assertThat(IpAddress.parse(printed.substring(0, printed.lastIndexOf(':')), 1)).isEqualTo(address);
    }
}
