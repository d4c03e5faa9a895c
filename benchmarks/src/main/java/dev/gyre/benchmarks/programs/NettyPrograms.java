package dev.gyre.benchmarks.programs;

import dev.gyre.benchmarks.peers.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.uring.IoUringChannelOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.Supplier;

/**
 * Some of the programs as they are written with Netty: one event loop for each processor, for server and clients
 * together, the default allocator, and what is written while something is read is flushed together.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails is reported to exceptionCaught
final class NettyPrograms {
    private static final int BACKLOG = 1024;

    private final Transport transport;
    private final EventLoopGroup loops;

    NettyPrograms(String transportName) {
        transport = Transport.of(transportName);
        loops = new MultiThreadIoEventLoopGroup(Runtime.getRuntime().availableProcessors(), transport.handler());
    }

    /**
     * Starts a program.
     *
     * @throws IOException if it is none of those written here
     */
    void start(Program program, Gauge gauge) throws IOException, InterruptedException {
        switch (program) {
            case Stream stream -> {
                SocketAddress door = listen(Drain::new);
                for (int i = 0; i < stream.connections(); i++) {
                    connect(door, () -> new Flood(stream.size(), gauge));
                }
            }
            case Exchange exchange -> {
                SocketAddress door = listen(Answer::new);
                for (int i = 0; i < exchange.connections(); i++) {
                    connect(door, () -> new Ask(exchange.window(), gauge));
                }
            }
            case Churn churn -> {
                SocketAddress door = listen(() -> new Serve(churn.silent()));
                for (int i = 0; i < churn.clients(); i++) {
                    request(door, churn, gauge);
                }
            }
            default -> throw new IOException(program + " is not written with Netty");
        }
    }

    private void request(SocketAddress door, Churn churn, Gauge gauge) {
        connect(door, () -> new Request(churn.silent(), () -> {
            gauge.count();
            request(door, churn, gauge);
        }));
    }

    private SocketAddress listen(Supplier<ChannelHandler> handler) throws InterruptedException {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(transport.channel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(initializer(handler));
        if (transport == Transport.IO_URING_BUFFER_RING) {
            bootstrap.childOption(IoUringChannelOption.IO_URING_BUFFER_GROUP_ID, Transport.BUFFER_GROUP);
        }
        Channel listener = bootstrap.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
        return listener.localAddress();
    }

    private void connect(SocketAddress door, Supplier<ChannelHandler> handler) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loops)
                .channel(transport.clientChannel())
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(initializer(handler));
        if (transport == Transport.IO_URING_BUFFER_RING) {
            bootstrap.option(IoUringChannelOption.IO_URING_BUFFER_GROUP_ID, Transport.BUFFER_GROUP);
        }
        bootstrap.connect(door).addListener(connected -> {
            if (!connected.isSuccess()) {
                Platform.vital(() -> {
                    throw new IOException(connected.cause());
                }).run();
            }
        });
    }

    private static ChannelHandler initializer(Supplier<ChannelHandler> handler) {
        return new ChannelInitializer<SocketChannel>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                channel.pipeline().addLast(handler.get());
            }
        };
    }

    private static ByteBuf bytes(ChannelHandlerContext context, int size) {
        return context.alloc().ioBuffer(size).writerIndex(size);
    }

    /** Takes what comes. */
    private static class Drain extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf buffer = (ByteBuf) message;
            received(context, buffer.readableBytes());
            buffer.release();
        }

        void received(ChannelHandlerContext context, int count) {}
    }

    /** Writes for as long as there is room. */
    private static final class Flood extends ChannelInboundHandlerAdapter {
        private final int size;
        private final Gauge gauge;

        Flood(int size, Gauge gauge) {
            this.size = size;
            this.gauge = gauge;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            flood(context);
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            flood(context);
        }

        private void flood(ChannelHandlerContext context) {
            while (context.channel().isWritable()) {
                context.write(bytes(context, size), context.voidPromise());
                gauge.count();
            }
            context.flush();
        }
    }

    /** Answers with what came. */
    private static final class Answer extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.write(message, context.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }
    }

    /** Keeps some requests under way. */
    private static final class Ask extends Drain {
        private final int window;
        private final Gauge gauge;
        private int rest;

        Ask(int window, Gauge gauge) {
            this.window = window;
            this.gauge = gauge;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            for (int i = 0; i < window; i++) {
                context.write(bytes(context, Exchange.SIZE), context.voidPromise());
            }
            context.flush();
        }

        @Override
        void received(ChannelHandlerContext context, int count) {
            for (rest += count; rest >= Exchange.SIZE; rest -= Exchange.SIZE) {
                gauge.count();
                context.write(bytes(context, Exchange.SIZE), context.voidPromise());
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }
    }

    /** Answers one request, and closes. */
    private static final class Serve extends Drain {
        private final boolean silent;
        private int filled;

        Serve(boolean silent) {
            this.silent = silent;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            if (silent) {
                context.close();
            }
        }

        @Override
        void received(ChannelHandlerContext context, int count) {
            filled += count;
            if (filled == Exchange.SIZE) {
                context.writeAndFlush(bytes(context, Exchange.SIZE));
                context.close();
            }
        }
    }

    /** Makes one request, and waits for the end of the connection. */
    private static final class Request extends Drain {
        private final boolean silent;
        private final Runnable then;

        Request(boolean silent, Runnable then) {
            this.silent = silent;
            this.then = then;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            if (!silent) {
                context.writeAndFlush(bytes(context, Exchange.SIZE), context.voidPromise());
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            then.run();
        }
    }
}
