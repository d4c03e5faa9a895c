/**
 * Whole programs side by side with their peers.
 *
 * <p>Servers and the load generator run as processes of their own, the peers from the class path: their libraries are
 * needed to compile this module, not to run it.
 */
@SuppressWarnings("requires-automatic")
module dev.gyre.benchmarks {
    requires static transitive org.jspecify;
    requires static io.netty.buffer;
    requires static io.netty.codec.http;
    requires static io.netty.common;
    requires static io.netty.transport;
    requires static io.netty.transport.classes.epoll;
    requires static io.netty.transport.classes.io_uring;
    requires static jdk.httpserver;
    requires static jmh.core;
    requires dev.gyre.io;
    requires dev.gyre.linux;
    requires dev.gyre.process;
    requires dev.gyre.ring;
    requires HdrHistogram;
    requires tools.jackson.jr.ob;
    requires info.picocli;
    requires java.desktop;
    requires jdk.management;
    requires xchart;

    exports dev.gyre.benchmarks;

    opens dev.gyre.benchmarks to
            tools.jackson.jr.ob,
            info.picocli;
    opens dev.gyre.benchmarks.load to
            tools.jackson.jr.ob;
}
