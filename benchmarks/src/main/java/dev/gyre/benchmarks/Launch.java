package dev.gyre.benchmarks;

import java.util.List;

/**
 * How to start a server.
 *
 * @param command program and arguments
 * @param port where it will listen on 127.0.0.1; {@link #ANNOUNCED} if it prints a line with {@code 127.0.0.1:PORT} or
 *     {@code 0.0.0.0:PORT}
 */
record Launch(List<String> command, int port) {
    static final int ANNOUNCED = 0;

    Launch {
        command = List.copyOf(command);
    }

    /** For a server that prints its address. */
    static Launch announcing(List<String> command) {
        return new Launch(command, ANNOUNCED);
    }
}
