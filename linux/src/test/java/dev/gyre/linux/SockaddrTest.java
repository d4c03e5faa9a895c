package dev.gyre.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class SockaddrTest {
    private final MemorySegment memory = Arena.ofAuto().allocate(SockaddrStorage.LAYOUT);

    @Property
    void inet4ReadsWhatWasWritten(@ForAll @Size(4) byte[] address, @ForAll @IntRange(max = 0xffff) int port) {
        assertThat(Sockaddr.writeInet4(memory, address, port)).isEqualTo(16);
        assertThat(Sockaddr.family(memory)).isEqualTo(Sockets.AF_INET);
        assertThat(Sockaddr.inet4Address(memory)).isEqualTo(address);
        assertThat(Sockaddr.port(memory)).isEqualTo(port);
    }

    @Property
    void inet6ReadsWhatWasWritten(
            @ForAll @Size(16) byte[] address,
            @ForAll @IntRange(max = 0xffff) int port,
            @ForAll int flow,
            @ForAll int scope) {
        assertThat(Sockaddr.writeInet6(memory, address, port, flow, scope)).isEqualTo(28);
        assertThat(Sockaddr.family(memory)).isEqualTo(Sockets.AF_INET6);
        assertThat(Sockaddr.inet6Address(memory)).isEqualTo(address);
        assertThat(Sockaddr.port(memory)).isEqualTo(port);
        assertThat(Sockaddr.inet6Flow(memory)).isEqualTo(flow);
        assertThat(Sockaddr.inet6Scope(memory)).isEqualTo(scope);
    }

    @Property
    void unixReadsThePathThatWasWritten(@ForAll("paths") byte[] path) {
        int length = Sockaddr.writeUnix(memory, path);
        assertThat(Sockaddr.unixPath(memory, length)).isEqualTo(path);
    }

    @Provide
    Arbitrary<byte[]> paths() {
        return Arbitraries.bytes().filter(one -> one != 0).array(byte[].class).ofMaxSize(107);
    }

    @Property
    void unixReadsTheAbstractNameThatWasWritten(@ForAll @Size(min = 1, max = 108) byte[] name) {
        name[0] = 0;
        assertThat(Sockaddr.writeUnix(memory, name)).isEqualTo(2 + name.length);
        assertThat(Sockaddr.unixPath(memory, 2 + name.length)).isEqualTo(name);
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
