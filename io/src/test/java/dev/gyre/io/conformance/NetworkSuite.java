package dev.gyre.io.conformance;

import org.junit.jupiter.api.Nested;

/** And sockets. */
public abstract class NetworkSuite extends TaskSuite {
    @Nested
    final class SocketCancellation extends SocketCancelConformance {}

    @Nested
    final class Listening extends ListenConformance {}

    @Nested
    final class Connecting extends ConnectConformance {}

    @Nested
    final class Options extends OptionConformance {}

    @Nested
    final class Vectors extends VectorConformance {}

    @Nested
    final class UnixSockets extends UnixSocketConformance {}

    @Nested
    final class Senders extends SenderConformance {}

    @Nested
    final class Messages extends MessageConformance {}

    @Nested
    final class Streams extends StreamConformance {}

    @Nested
    final class Transfers extends TransferConformance {}

    @Nested
    final class Relays extends RelayConformance {}

    @Nested
    final class Datagrams extends DatagramConformance {}

    @Nested
    final class HostDatagrams extends HostDatagramConformance {}

    @Nested
    final class UnixDatagrams extends UnixDatagramConformance {}

    @Nested
    final class PassedDatagrams extends PassedDatagramConformance {}

    @Nested
    final class Buffered extends BufferedConformance {}

    @Nested
    final class Closing extends CloseConformance {}

    @Nested
    final class ClosingIo extends CloseIoConformance {}

    @Nested
    final class Stress extends StressConformance {}

    @Nested
    final class Memory extends MemoryConformance {}

    @Nested
    final class Foreign extends ForeignConformance {}
}
