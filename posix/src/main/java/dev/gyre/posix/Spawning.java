package dev.gyre.posix;

import static dev.gyre.io.ErrorNumber.EACCES;
import static dev.gyre.io.ErrorNumber.ENOENT;
import static dev.gyre.io.ErrorNumber.ESRCH;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gyre.io.Command;
import dev.gyre.io.Directory;
import dev.gyre.io.File;
import dev.gyre.io.IoException;
import dev.gyre.io.Operation;
import dev.gyre.io.Permission;
import dev.gyre.io.Reason;
import dev.gyre.io.Stdio;
import dev.gyre.io.spi.Fiber;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One child on its way: what is opened for it, and what is closed again however that ends. Used by one thread, once.
 */
final class Spawning {
    private static final int DIRECTORY = 3;
    private static final byte[] HERE = ".".getBytes(UTF_8);

    private final PosixIo io;
    private final Command command;
    private final List<byte[]> arguments = new ArrayList<>();

    /** What is opened for the child, and nobody else knows: ends of pipes and a directory; -1 where there is none. */
    private final int[] forChild = Unowned.room(4);

    /** With room for all, as nothing is held that this does not know. */
    private final List<PosixFile> heldFiles = new ArrayList<>(3);

    /** This process's ends of the pipes, until they have an owner; -1 where there is none. */
    private final int[] ownEnds = Unowned.room(3);

    private @Nullable PosixDirectory heldDirectory;

    /** The child, as soon as there is one. */
    private @Nullable ProcessDescriptor process;

    private Spawning(PosixIo io, Command command) {
        this.io = io;
        this.command = command;
    }

    /**
     * Starts a child.
     *
     * @throws IoException with a reason of {@link Operation#SPAWN}; nothing stays open
     */
    static PosixChild spawn(PosixIo io, Command command) throws IoException {
        Spawning spawning = new Spawning(io, command);
        List<byte[]> variables = spawning.encode();
        Fiber fiber = io.beginOpening();
        try {
            return new PosixChild(io, command, spawning.start(fiber, variables), spawning.ownEnds);
        } catch (Throwable failure) {
            spawning.undo(fiber, failure);
            throw failure;
        }
    }

    /** However that ends, nothing is open but a child and this process's ends of its pipes. */
    private ProcessDescriptor start(Fiber fiber, List<byte[]> variables) throws IoException {
        try {
            Descriptor directory = workingDirectory(fiber);
            SpawnRequest request = new SpawnRequest(arguments, environment(variables), directory,
                    stream(0, command.input()), stream(1, command.output()), stream(2, command.error()));
            ProcessDescriptor started = start(fiber, request);
            process = started;
            return started;
        } finally {
            giveBack(fiber);
        }
    }

    /** All texts as bytes, before anything is opened. Returns the variables that the command itself sets. */
    private List<byte[]> encode() throws IoException {
        arguments.add(Paths.encodeText(command.program(), Operation.SPAWN));
        for (String argument : command.arguments()) {
            arguments.add(Paths.encodeText(argument, Operation.SPAWN));
        }
        List<byte[]> variables = new ArrayList<>();
        for (Map.Entry<String, Optional<String>> variable : command.variables().entrySet()) {
            if (variable.getValue().isPresent()) {
                String text = variable.getKey() + "=" + variable.getValue().get();
                variables.add(Paths.encodeText(text, Operation.SPAWN));
            }
        }
        return variables;
    }

    private List<byte[]> environment(List<byte[]> own) {
        if (!command.inheritsEnvironment()) {
            return own;
        }
        Set<String> replaced = new HashSet<>(command.variables().keySet());
        List<byte[]> all = new ArrayList<>();
        for (byte[] variable : io.kernel().environment()) {
            if (!replaced.contains(nameOf(variable))) {
                all.add(variable);
            }
        }
        all.addAll(own);
        return all;
    }

    private static String nameOf(byte[] variable) {
        ByteArrayOutputStream name = new ByteArrayOutputStream();
        for (int i = 0; i < variable.length && variable[i] != '='; i++) {
            name.write(variable[i]);
        }
        return Paths.decode(name.toByteArray());
    }

    /** Opened here, and not in the child: so an error there is one of the program's. */
    private @Nullable Descriptor workingDirectory(Fiber fiber) throws IoException {
        PosixDirectory start = ownDirectory();
        Descriptor from = null;
        if (start != null) {
            if (!start.tryHold()) {
                throw failure(Reason.CLOSED, ": working directory " + start);
            }
            heldDirectory = start;
            from = start.descriptor();
        }
        if (command.path().isEmpty()) {
            return from;
        }
        String path = command.path().get();
        byte[] encoded = Paths.encode(path, Operation.SPAWN);
        String target = command.program() + ": working directory " + path;
        while (true) {
            int opened = io.kernel().openWorkingDirectory(fiber, from, encoded);
            if (opened >= 0) {
                forChild[DIRECTORY] = opened;
                Descriptor directory = new Descriptor(opened);
                directory.acquire();
                return directory;
            }
            Results.requireAgain(Operation.SPAWN, opened, target);
            fiber.checkCancel();
        }
    }

    private @Nullable PosixDirectory ownDirectory() {
        if (command.directory().isEmpty()) {
            return null;
        }
        Directory directory = command.directory().get();
        if (!(directory instanceof PosixDirectory own) || own.io() != io) {
            throw new IllegalArgumentException(directory + " is not a directory of this Io");
        }
        return own;
    }

    /** What the child has as a standard stream, as {@link SpawnRequest} says it. */
    private int stream(int number, Stdio stdio) throws IoException {
        if (stdio != Stdio.PIPE) {
            return number(stdio);
        }
        PipeEnds pipe = Results.check(Operation.SPAWN, io.kernel().pipe(), command.program());
        boolean reads = number == 0;
        ownEnds[number] = reads ? pipe.writer() : pipe.reader();
        forChild[number] = reads ? pipe.reader() : pipe.writer();
        return forChild[number];
    }

    private int number(Stdio stdio) throws IoException {
        return switch (stdio) {
            case Stdio.Kind kind -> switch (kind) {
                case INHERIT -> SpawnRequest.INHERIT;
                case NULL -> SpawnRequest.NULL;
                case OUTPUT -> SpawnRequest.OUTPUT;
                case PIPE -> throw new AssertionError("a pipe is made and has two ends");
            };
            case Stdio.OfFile(File file) -> hold(file).number();
        };
    }

    private Descriptor hold(File file) throws IoException {
        if (!(file instanceof PosixFile own) || own.io() != io) {
            throw new IllegalArgumentException(file + " is not a file of this Io");
        }
        if (!own.tryHold()) {
            throw failure(Reason.CLOSED, ": file " + file);
        }
        heldFiles.add(own);
        return own.descriptor();
    }

    private ProcessDescriptor start(Fiber fiber, SpawnRequest request) throws IoException {
        while (true) {
            Answer<ProcessDescriptor> answer = io.kernel().spawn(fiber, request, command.program());
            ProcessDescriptor started = answer.value();
            if (started != null) {
                return started;
            }
            Results.requireAgain(Operation.SPAWN, answer.result(), target(fiber, request, answer.result()));
            fiber.checkCancel();
        }
    }

    /** What a failure is about, as far as the error number leaves that open. */
    private String target(Fiber fiber, SpawnRequest request, int result) {
        String program = command.program();
        Descriptor directory = request.directory();
        if (result == -EACCES.code()
                && directory != null
                && io.kernel().access(fiber, directory, HERE, Set.of(Permission.EXECUTE)) == -EACCES.code()) {
            return program + ": working directory " + command.path().orElse(String.valueOf(heldDirectory));
        }
        if (result != -ENOENT.code()) {
            return program;
        }
        if (program.indexOf('/') < 0) {
            return program + ", in no directory of its PATH";
        }
        boolean there = io.kernel().access(fiber, directory, request.arguments().getFirst(), Set.of()) == 0;
        return there ? program + ", whose interpreter is missing" : program;
    }

    private IoException failure(Reason reason, String what) {
        return Operation.SPAWN.failure(reason, command.program() + what);
    }

    /** Gives back what only the way to the child needed. */
    private void giveBack(Fiber fiber) {
        try {
            release(fiber, 0);
        } finally {
            Unowned.close(io.kernel(), forChild);
        }
    }

    /** Lets go of each file from this one on, and of the directory, whatever becomes of another. */
    private void release(Fiber fiber, int file) {
        if (file < heldFiles.size()) {
            try {
                heldFiles.get(file).release(fiber);
            } finally {
                release(fiber, file + 1);
            }
        } else if (heldDirectory != null) {
            heldDirectory.release(fiber);
        }
    }

    /** Ends a child of which nobody will know, and closes this process's ends of its pipes. */
    private void undo(Fiber fiber, Throwable failure) {
        Unowned.closeAfter(failure, io.kernel(), ownEnds);
        try {
            if (process != null && process.beginClose()) {
                end(fiber, process);
            }
        } catch (RuntimeException | Error further) {
            Unowned.tell(failure, further);
        }
    }

    /** One that may not be killed goes on, and the backend takes notice of its end. */
    private void end(Fiber fiber, ProcessDescriptor unknown) {
        try {
            int killed = io.kernel().signal(unknown, PosixChild.SIGKILL);
            if (killed == 0 || killed == -ESRCH.code()) {
                io.kernel().awaitRelease(fiber, unknown);
            }
        } finally {
            if (unknown.release()) {
                io.kernel().closeNow(unknown.take());
            }
        }
    }
}
