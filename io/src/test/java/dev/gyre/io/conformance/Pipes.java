package dev.gyre.io.conformance;

import dev.gyre.io.FileKind;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Reason;
import java.nio.file.Path;

/** Named pipes. */
final class Pipes {
    private Pipes() {}

    /** Makes one, unless it is there. */
    static Path make(Io io, Path path) throws IoException {
        try {
            io.currentDirectory().makeNode(path.toString(), FileKind.PIPE, 0600, 0);
        } catch (IoException refused) {
            if (refused.reason() != Reason.PATH_ALREADY_EXISTS) {
                throw refused;
            }
        }
        return path;
    }
}
