package dev.gyre.process;

import dev.gyre.io.spi.Wrapper;

/**
 * What a process does that is named after something else, which the program has written.
 *
 * @param wrapped what the program has written
 * @param body what the process does
 */
record NamedBody(Object wrapped, ProcessBody body) implements ProcessBody, Wrapper {
    @Override
    public void run(Self self) throws Exception {
        body.run(self);
    }
}
