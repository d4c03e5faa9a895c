package dev.gyre.simulated.disk;

import dev.gyre.io.FileKind;

/** A named pipe. What goes through it is the machine's on which it is open, and not the disk's: {@link Fifo}. */
final class NamedPipe extends Leaf {
    NamedPipe(long number, int mode, long now) {
        super(number, mode, now);
    }

    @Override
    FileKind kind() {
        return FileKind.PIPE;
    }
}
