package dev.gyre.posix;

import dev.gyre.io.Directory;
import dev.gyre.io.DirectoryEntry;
import dev.gyre.io.File;
import dev.gyre.io.FileStat;
import dev.gyre.io.IoException;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.spi.Fiber;
import dev.gyre.io.spi.StackRoom;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A folder behind a descriptor, and the current folder, which has none of its own. */
final class PosixDirectory implements Directory {
    private final PosixIo io;
    private final @Nullable Descriptor descriptor;
    private final String path;

    private PosixDirectory(PosixIo io, @Nullable Descriptor descriptor, String path) {
        this.io = io;
        this.descriptor = descriptor;
        this.path = path;
    }

    /** The current folder. */
    static PosixDirectory current(PosixIo io) {
        return new PosixDirectory(io, null, ".");
    }

    @Override
    public File openFile(String name, OpenOptions options) throws IoException {
        byte[] encoded = Paths.encode(name, Operation.OPEN_FILE);
        String target = resolve(name);
        Fiber fiber = io.beginOpening();
        while (true) {
            int result;
            hold(Operation.OPEN_FILE);
            try {
                result = io.kernel().openFile(fiber, descriptor, encoded, options);
            } finally {
                release(fiber);
            }
            if (result >= 0) {
                return new PosixFile(io, result, target);
            }
            Results.requireAgain(Operation.OPEN_FILE, result, target);
            fiber.checkCancel();
        }
    }

    @Override
    public Directory openDirectory(String name, OpenOptions.Flag... flags) throws IoException {
        Set<OpenOptions.Flag> wishes = EnumSet.noneOf(OpenOptions.Flag.class);
        wishes.addAll(Arrays.asList(flags));
        for (OpenOptions.Flag flag : wishes) {
            switch (flag) {
                case NO_FOLLOW, BENEATH -> {}
                case CREATE, EXCLUSIVE, TRUNCATE, APPEND, DIRECT, NON_BLOCKING ->
                    throw new IllegalArgumentException(flag + " has no meaning for a directory");
            }
        }
        return openDirectory(Operation.OPEN_DIRECTORY, name, resolve(name), wishes);
    }

    private PosixDirectory openDirectory(
            Operation operation, String name, String target, Set<OpenOptions.Flag> flags) throws IoException {
        byte[] encoded = Paths.encode(name, operation);
        Fiber fiber = io.beginOpening();
        while (true) {
            int result;
            hold(operation);
            try {
                result = io.kernel().openDirectory(fiber, descriptor, encoded, flags);
            } finally {
                release(fiber);
            }
            if (result >= 0) {
                return new PosixDirectory(io, io.kernel().fileDescriptor(result), target);
            }
            Results.requireAgain(operation, result, target);
            fiber.checkCancel();
        }
    }

    @Override
    public FileStat stat(String name) throws IoException {
        return stat(name, true);
    }

    @Override
    public FileStat lstat(String name) throws IoException {
        return stat(name, false);
    }

    private FileStat stat(String name, boolean follow) throws IoException {
        byte[] encoded = Paths.encode(name, Operation.STAT);
        Fiber fiber = io.begin();
        while (true) {
            Answer<FileStat> answer;
            hold(Operation.STAT);
            try {
                answer = io.kernel().stat(fiber, descriptor, encoded, follow);
            } finally {
                release(fiber);
            }
            FileStat state = answer.value();
            if (state != null) {
                return state;
            }
            Results.requireAgain(Operation.STAT, answer.result(), resolve(name));
            fiber.checkCancel();
        }
    }

    @Override
    public List<DirectoryEntry> list() throws IoException {
        // A descriptor of its own, because the position in the folder belongs to it.
        try (PosixDirectory own = openDirectory(Operation.LIST, ".", path, Set.of())) {
            return own.listHere();
        }
    }

    private List<DirectoryEntry> listHere() throws IoException {
        Fiber fiber = io.begin();
        Descriptor own = descriptor;
        if (own == null) {
            throw new AssertionError("the current folder has no position");
        }
        while (true) {
            Answer<List<DirectoryEntry>> answer;
            hold(Operation.LIST);
            try {
                answer = io.kernel().list(fiber, own);
            } finally {
                release(fiber);
            }
            List<DirectoryEntry> entries = answer.value();
            if (entries != null) {
                return entries;
            }
            Results.requireAgain(Operation.LIST, answer.result(), this);
            fiber.checkCancel();
        }
    }

    @Override
    public void close() {
        StackRoom.require();
        io.step();
        if (descriptor != null && descriptor.beginClose()) {
            release(io.caller());
        }
    }

    @Override
    public String toString() {
        return path;
    }

    private void hold(Operation operation) throws IoException {
        if (descriptor != null && !descriptor.acquire()) {
            throw operation.failure(Reason.CLOSED, path);
        }
    }

    private void release(Fiber fiber) {
        if (descriptor != null && descriptor.release()) {
            io.kernel().close(fiber, descriptor.take());
        }
    }

    private String resolve(String name) {
        return descriptor == null || name.startsWith("/") ? name : path + "/" + name;
    }
}
