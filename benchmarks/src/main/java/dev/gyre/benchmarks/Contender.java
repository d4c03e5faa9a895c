package dev.gyre.benchmarks;

import java.io.IOException;

/**
 * A server that can be measured, as subject or as peer.
 *
 * @param name what the options call it
 * @param description one line for the report
 * @param recipe how to start it
 */
record Contender(String name, String description, Recipe recipe) {
    /** Prepares a server's files and says how to start it. */
    @FunctionalInterface
    interface Recipe {
        /**
         * The server's command.
         *
         * @param workshop where files may be put
         * @param java for the command lines of Java servers
         * @throws Unavailable if it cannot run on this machine
         * @throws IOException if the files cannot be written
         */
        Launch prepare(Workshop workshop, JavaCommand java) throws Unavailable, IOException;
    }

    @Override
    public String toString() {
        return name;
    }
}
