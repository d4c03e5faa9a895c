package dev.gyre.benchmarks.peers;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;

/**
 * UDP echo on Netty's epoll: one event loop, the default allocator; written on read, flushed when the read is complete,
 * by which Netty uses sendmmsg(2).
 */
final class NettyDatagramEcho {
    private static final int BATCH = 64;

    private NettyDatagramEcho() {}

    /**
     * Serves until standard input ends.
     *
     * @param arguments {@code batch} for several datagrams with each recvmmsg(2), which Netty has to be told; or
     *     {@code single}
     * @throws InterruptedException if interrupted while it starts
     */
    public static void main(String[] arguments) throws InterruptedException {
        boolean batch = arguments[0].equals("batch");
        Bootstrap bootstrap = new Bootstrap()
                .group(new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()))
                .channel(EpollDatagramChannel.class)
                .option(ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(batch ? BATCH * Peer.DATAGRAM_SIZE : Peer.DATAGRAM_SIZE))
                .handler(new Echo());
        if (batch) {
            bootstrap.option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, Peer.DATAGRAM_SIZE);
        }
        Channel channel = bootstrap.bind(Peer.address()).sync().channel();
        Peer.listening(((InetSocketAddress) channel.localAddress()).getPort());
    }

    /** Writes are given the void promise: one that fails is reported to {@link #exceptionCaught}. */
    @SuppressWarnings("FutureReturnValueIgnored")
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            DatagramPacket packet = (DatagramPacket) message;
            context.write(new DatagramPacket(packet.content(), packet.sender()), context.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            System.err.println("echo: " + cause);
        }
    }
}
