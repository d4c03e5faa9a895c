package dev.gyre.ring.file;

import dev.gyre.ring.Callback;
import dev.gyre.ring.Operation;
import dev.gyre.ring.Submission;
import java.lang.foreign.MemorySegment;

/** An operation on an old path and a new one. */
abstract sealed class TwoPaths extends Operation permits LinkAt, RenameAt {
    private final int oldDirectory;
    private final MemorySegment oldPath;
    private final int newDirectory;
    private final MemorySegment newPath;
    private final int flags;

    TwoPaths(int oldDirectory, MemorySegment oldPath, int newDirectory, MemorySegment newPath, int flags,
            Callback callback) {
        super(callback, oldPath, newPath);
        this.oldDirectory = oldDirectory;
        this.oldPath = oldPath;
        this.newDirectory = newDirectory;
        this.newPath = newPath;
        this.flags = flags;
    }

    @Override
    protected final void prepare(Submission entry) {
        entry.operation(kind().opcode(), oldDirectory)
                .address(oldPath.address())
                .length(newDirectory)
                .offset(newPath.address())
                .operationFlags(flags);
    }
}
