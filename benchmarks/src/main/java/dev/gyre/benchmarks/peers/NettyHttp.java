package dev.gyre.benchmarks.peers;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.File;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * The files of a directory by HTTP on Netty: one event loop, its HTTP codec, and a file region for the body, which its
 * native transports hand to sendfile or splice.
 *
 * <p>Answers GET over connections kept alive, as the load generator asks; anything that is not a file there is a 404.
 */
final class NettyHttp {
    private NettyHttp() {}

    /**
     * Serves until standard input ends.
     *
     * @param arguments the {@link Transport} and the directory
     * @throws InterruptedException if interrupted while it starts
     */
    public static void main(String[] arguments) throws InterruptedException {
        Transport transport = Transport.of(arguments[0]);
        Channel listener = new ServerBootstrap()
                .group(new MultiThreadIoEventLoopGroup(1, transport.handler()))
                .channel(transport.channel())
                .option(ChannelOption.SO_BACKLOG, Peer.BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new Initializer(new Files(Path.of(arguments[1]))))
                .bind(Peer.address())
                .sync()
                .channel();
        Peer.listening(((InetSocketAddress) listener.localAddress()).getPort());
    }

    private static final class Initializer extends ChannelInitializer<SocketChannel> {
        private final Files files;

        Initializer(Files files) {
            this.files = files;
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            channel.pipeline().addLast(new HttpServerCodec(), files);
        }
    }

    /** Writes are given the void promise: one that fails is reported to {@link #exceptionCaught}. */
    @Sharable
    @SuppressWarnings("FutureReturnValueIgnored")
    private static final class Files extends SimpleChannelInboundHandler<HttpObject> {
        private final Path root;

        Files(Path root) {
            this.root = root;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
            if (!(message instanceof HttpRequest request)) {
                return;
            }
            Path path = root.resolve(request.uri().substring(1)).normalize();
            File file = path.toFile();
            if (!path.startsWith(root) || !file.isFile()) {
                HttpResponse missing = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.NOT_FOUND);
                missing.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0);
                context.write(missing, context.voidPromise());
                return;
            }
            long length = file.length();
            HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, length);
            context.write(response, context.voidPromise());
            context.write(new DefaultFileRegion(file, 0, length), context.voidPromise());
            context.write(LastHttpContent.EMPTY_LAST_CONTENT, context.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
