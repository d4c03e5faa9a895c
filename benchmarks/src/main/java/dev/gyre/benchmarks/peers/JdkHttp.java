package dev.gyre.benchmarks.peers;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import com.sun.net.httpserver.SimpleFileServer.OutputLevel;
import java.nio.file.Path;
import java.util.concurrent.Executors;

/** The files of a directory by the JDK's own HTTP server, a virtual thread per request. */
final class JdkHttp {
    private JdkHttp() {}

    /**
     * Serves until standard input ends.
     *
     * @param arguments the directory, absolute
     */
    public static void main(String[] arguments) {
        HttpServer server =
                SimpleFileServer.createFileServer(Peer.address(), Path.of(arguments[0]), OutputLevel.NONE);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        Peer.listening(server.getAddress().getPort());
    }
}
