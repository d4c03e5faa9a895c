/**
 * Whole programs side by side with their peers.
 *
 * <p>Servers run as processes of their own, from the class path: their libraries are needed to compile this module, not
 * to run it.
 */
module dev.gyre.benchmarks {
    requires static transitive org.jspecify;
    requires static io.netty.buffer;
    requires static io.netty.codec.http;
    requires static io.netty.common;
    requires static io.netty.transport;
    requires static io.netty.transport.classes.epoll;
    requires static io.netty.transport.classes.io_uring;
    requires static jdk.httpserver;
}
