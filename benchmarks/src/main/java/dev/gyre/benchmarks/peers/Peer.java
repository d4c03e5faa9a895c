package dev.gyre.benchmarks.peers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** What every peer's main method does besides serving. */
final class Peer {
    /** Bytes in a receive buffer: the same in every peer, in {@code echo.c} too, and in {@code gyre echo}. */
    static final int BUFFER_SIZE = 16384;

    /** Bytes that each datagram has room for, in every peer. */
    static final int DATAGRAM_SIZE = 2048;

    /** Connections that may wait to be accepted: enough for a load generator that opens ten thousand in a row. */
    static final int BACKLOG = 4096;

    private Peer() {}

    /** The loopback address with a port of the kernel's choice. */
    static InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    }

    /** Announces the port, and has this process end with its standard input from now on. */
    static void listening(int port) {
        Thread.ofPlatform().daemon().name("parent").start(Peer::endWithInput);
        System.out.println("listening 127.0.0.1:" + port);
    }

    private static void endWithInput() {
        try (InputStream input = System.in) {
            input.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            System.err.println("standard input: " + e.getMessage());
        }
        // Not exit: no shutdown hook of a library may keep this process.
        Runtime.getRuntime().halt(0);
    }
}
