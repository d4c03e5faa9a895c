package dev.gyre.benchmarks.peers;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.uring.IoUringChannelOption;
import java.net.InetSocketAddress;

/** TCP echo on Netty: one event loop, the default allocator; written on read, flushed when the read is complete. */
final class NettyEcho {
    private NettyEcho() {}

    /**
     * Serves until standard input ends.
     *
     * @param arguments the {@link Transport}
     * @throws InterruptedException if interrupted while it starts
     */
    public static void main(String[] arguments) throws InterruptedException {
        Transport transport = Transport.of(arguments[0]);
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(new MultiThreadIoEventLoopGroup(1, transport.handler()))
                .channel(transport.channel())
                .option(ChannelOption.SO_BACKLOG, Peer.BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new Initializer());
        if (transport == Transport.IO_URING_BUFFER_RING) {
            bootstrap.childOption(IoUringChannelOption.IO_URING_BUFFER_GROUP_ID, Transport.BUFFER_GROUP);
        }
        Channel listener = bootstrap.bind(Peer.address()).sync().channel();
        Peer.listening(((InetSocketAddress) listener.localAddress()).getPort());
    }

    private static final class Initializer extends ChannelInitializer<SocketChannel> {
        private final Echo echo = new Echo();

        @Override
        protected void initChannel(SocketChannel channel) {
            channel.pipeline().addLast(echo);
        }
    }

    /** Writes are given the void promise: one that fails is reported to {@link #exceptionCaught}. */
    @Sharable
    @SuppressWarnings("FutureReturnValueIgnored")
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.write(message, context.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        /** What was received before the end of the stream still goes out. */
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
