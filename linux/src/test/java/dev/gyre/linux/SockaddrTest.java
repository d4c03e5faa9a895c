package dev.gyre.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.linux.layout.Sockaddr;
import dev.gyre.linux.layout.SockaddrStorage;
import dev.gyre.testing.Property;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class SockaddrTest {
    private final MemorySegment memory = Arena.ofAuto().allocate(SockaddrStorage.LAYOUT);

    @Test
    void inet4ReadsWhatWasWritten() {
        Property.check(draw -> {
            byte[] address = draw.bytes(4, 4);
            int port = draw.between(0, 0xffff);
            assertThat(Sockaddr.writeInet4(memory, address, port)).isEqualTo(16);
            assertThat(Sockaddr.family(memory)).isEqualTo(Sockets.AF_INET);
            assertThat(Sockaddr.inet4Address(memory)).isEqualTo(address);
            assertThat(Sockaddr.port(memory)).isEqualTo(port);
        });
    }

    @Test
    void inet6ReadsWhatWasWritten() {
        Property.check(draw -> {
            byte[] address = draw.bytes(16, 16);
            int port = draw.between(0, 0xffff);
            int flow = draw.anyInt();
            int scope = draw.anyInt();
            assertThat(Sockaddr.writeInet6(memory, address, port, flow, scope)).isEqualTo(28);
            assertThat(Sockaddr.family(memory)).isEqualTo(Sockets.AF_INET6);
            assertThat(Sockaddr.inet6Address(memory)).isEqualTo(address);
            assertThat(Sockaddr.port(memory)).isEqualTo(port);
            assertThat(Sockaddr.inet6Flow(memory)).isEqualTo(flow);
            assertThat(Sockaddr.inet6Scope(memory)).isEqualTo(scope);
        });
    }

    @Test
    void unixReadsThePathThatWasWritten() {
        Property.check(draw -> {
            byte[] path = draw.bytes(0, 107);
            for (int i = 0; i < path.length; i++) {
                path[i] = path[i] == 0 ? 1 : path[i];
            }
            int length = Sockaddr.writeUnix(memory, path);
            assertThat(Sockaddr.unixPath(memory, length)).isEqualTo(path);
        });
    }

    @Test
    void unixReadsTheAbstractNameThatWasWritten() {
        Property.check(draw -> {
            byte[] name = draw.bytes(1, 108);
            name[0] = 0;
            assertThat(Sockaddr.writeUnix(memory, name)).isEqualTo(2 + name.length);
            assertThat(Sockaddr.unixPath(memory, 2 + name.length)).isEqualTo(name);
        });
    }

    @Test
    void bytesLieInNetworkOrder() {
        Sockaddr.writeInet4(memory, new byte[] {10, 1, 2, 3}, 0x1234);
        assertThat(memory.asSlice(2, 6).toArray(ValueLayout.JAVA_BYTE)).containsExactly(0x12, 0x34, 10, 1, 2, 3);
        Sockaddr.writeInet6(memory, new byte[16], 0x1234, 0x01020304, 0);
        assertThat(memory.asSlice(2, 6).toArray(ValueLayout.JAVA_BYTE)).containsExactly(0x12, 0x34, 1, 2, 3, 4);
    }

    @Test
    void unixPathsEndInA0ByteAndNamesDoNot() {
        memory.fill((byte) -1);
        assertThat(Sockaddr.writeUnix(memory, "/a".getBytes(StandardCharsets.US_ASCII))).isEqualTo(5);
        assertThat(memory.get(ValueLayout.JAVA_BYTE, 4)).isZero();
        assertThat(Sockaddr.writeUnix(memory, new byte[0])).isEqualTo(2);
        assertThat(Sockaddr.unixPath(memory, 2)).isEmpty();
    }

    @Test
    void unixPathsThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> Sockaddr.writeUnix(memory, "x".repeat(108).getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("108 bytes")
                .hasMessageContaining("at most 107");
        assertThatThrownBy(() -> Sockaddr.writeUnix(memory, new byte[109]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 108");
        assertThatThrownBy(() -> Sockaddr.writeUnix(memory, "a\0b".getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 byte at index 1");
    }

    @Test
    void aReaderOfAnotherFamilyIsAMistake() {
        Sockaddr.writeInet4(memory, new byte[4], 1);
        assertThatThrownBy(() -> Sockaddr.inet6Address(memory)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> Sockaddr.unixPath(memory, 16)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> Sockaddr.writeInet4(memory, new byte[16], 1)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> Sockaddr.writeInet4(memory, new byte[4], 65_536)).isInstanceOf(AssertionError.class);
    }
}
