package dev.gyre.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gyre.linux.Directories;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Events;
import dev.gyre.linux.Files;
import dev.gyre.linux.Processes;
import dev.gyre.linux.Signals;
import dev.gyre.linux.Spawn;
import dev.gyre.posix.Answer;
import dev.gyre.posix.Descriptor;
import dev.gyre.posix.Paths;
import dev.gyre.posix.ProcessDescriptor;
import dev.gyre.posix.SpawnRequest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Starts one child, on one thread, which blocks until the child runs its program. However it ends, the caller's
 * descriptors are as before, and without an {@link #answer} there is no child.
 */
final class SpawnCall {
    /** Numbers of the standard streams are below this. */
    private static final int STREAMS = 3;

    private static final int SPARE = STREAMS;
    private static final int PIDFD = SPARE + 1;
    private static final int NONE = -1;

    private static final byte[] NULL_DEVICE = "/dev/null".getBytes(UTF_8);
    private static final byte[] PATH_VARIABLE = "PATH=".getBytes(UTF_8);

    /** Where programs are without a {@code PATH}: confstr(3), {@code _CS_PATH}. */
    private static final byte[] PATH_DEFAULT = "/bin:/usr/bin".getBytes(UTF_8);

    private static final byte[] SLASH = {'/'};
    private static final byte[] NOTHING = {};

    /** The path of the null device, an id, and what alignment skips. */
    private static final long SPARE_BYTES = 64;

    /** All of them. The two that the C library has for itself would be ignored otherwise. */
    private static final long SIGNALS = -1;

    private final SpawnRequest request;
    private final @Nullable Descriptor directory;

    /**
     * What was opened for the time of this call: for each stream, a {@link #SPARE} number, and until it has an owner
     * the child's {@link #PIDFD}.
     */
    private final int[] opened = new int[PIDFD + 1];

    /** The child's id, 0 while there is none. */
    private int child;

    private @Nullable Answer<ProcessDescriptor> answer;

    SpawnCall(SpawnRequest request) {
        this.request = request;
        this.directory = request.directory();
        Arrays.fill(opened, NONE);
    }

    /** The child, held by nobody but the reaper; null if there is none. */
    @Nullable Answer<ProcessDescriptor> answer() {
        return answer;
    }

    /** Ends the child, if there is one. Of its end, the reaper takes notice. */
    void undo() {
        if (answer != null && answer.value() != null && answer.value().beginClose()) {
            ((HostProcess) answer.value()).abandon();
        }
    }

    /** Starts it: 0, or a negated error number. */
    int make() {
        int ready = Reaper.expect();
        if (ready < 0) {
            return ready;
        }
        try {
            return spawn();
        } finally {
            settle();
        }
    }

    private void settle() {
        try {
            FileCalls.closeAll(opened);
        } finally {
            try {
                if (answer == null && child != 0) {
                    end(child);
                }
            } finally {
                Reaper.expectNoMore();
            }
        }
    }

    private int spawn() {
        // A number for the child's descriptor, so that a lack of them shows before the program has done anything.
        int spare = Events.eventfd(0, Events.EFD_CLOEXEC);
        if (spare < 0) {
            return spare;
        }
        opened[SPARE] = spare;
        int result = start();
        if (result < 0) {
            return result;
        }
        FileCalls.close(spare);
        opened[SPARE] = NONE;
        return adopt();
    }

    private int adopt() {
        int pidfd = Processes.pidfdOpen(child, 0);
        if (pidfd < 0) {
            return pidfd;
        }
        opened[PIDFD] = pidfd;
        HostProcess adopted = new HostProcess(pidfd, child);
        Answer<ProcessDescriptor> adoption = Answer.of(adopted);
        int watched = Reaper.watch(adopted);
        if (watched < 0) {
            return watched;
        }
        opened[PIDFD] = NONE;
        answer = adoption;
        return 0;
    }

    /** Its id is its own until it has been waited for. What there is no memory for is tried again. */
    private static void end(int child) {
        boolean killed = false;
        int result = -Errno.EINTR.code();
        for (int attempt = 1; result == -Errno.EINTR.code(); attempt++) {
            try {
                if (!killed) {
                    Processes.kill(child, Signals.SIGKILL);
                    killed = true;
                }
                result = Processes.waitid(Processes.P_PID, child, Processes.WEXITED).result();
            } catch (OutOfMemoryError shortage) {
                if (attempt >= FileCalls.ATTEMPTS) {
                    throw shortage;
                }
            }
        }
    }

    /** Makes the child: 0, or a negated error number. */
    private int start() {
        int[] streams = {request.input(), request.output(), request.error()};
        for (int number = 0; number < STREAMS; number++) {
            int result = prepare(streams, number);
            if (result < 0) {
                return result;
            }
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(size(), Long.BYTES);
            SegmentAllocator allocator = SegmentAllocator.slicingAllocator(memory);
            MemorySegment actions = allocator.allocate(Spawn.FILE_ACTIONS_SIZE, Long.BYTES);
            int result = Spawn.initActions(actions);
            if (result < 0) {
                return result;
            }
            try {
                result = addActions(actions, allocator, streams);
                return result < 0 ? result : start(memory, allocator, actions);
            } finally {
                Spawn.destroyActions(actions);
            }
        }
    }

    /** A stream's source must not have the number of a stream itself, which might be overwritten before. */
    private int prepare(int[] streams, int number) {
        int stream = streams[number];
        if (stream == SpawnRequest.INHERIT && Files.fcntl(number, Files.F_GETFD, 0) < 0) {
            streams[number] = SpawnRequest.NULL;
        } else if (stream >= 0 && stream < STREAMS) {
            int copy = Files.fcntl(stream, Files.F_DUPFD_CLOEXEC, STREAMS);
            if (copy < 0) {
                return copy;
            }
            opened[number] = copy;
            streams[number] = copy;
        }
        return 0;
    }

    /** What the child does before it becomes the program. A descriptor that is copied to itself is not closed then. */
    private int addActions(MemorySegment actions, SegmentAllocator allocator, int[] streams) {
        int result = directory == null ? 0 : Spawn.addFchdir(actions, directory.number());
        MemorySegment nullDevice = text(allocator, NULL_DEVICE);
        for (int number = 0; number < STREAMS && result == 0; number++) {
            result = switch (streams[number]) {
                case SpawnRequest.INHERIT -> Spawn.addDup2(actions, number, number);
                case SpawnRequest.NULL -> Spawn.addOpen(actions, number, nullDevice, Files.O_RDWR);
                case SpawnRequest.OUTPUT -> Spawn.addDup2(actions, 1, number);
                default -> Spawn.addDup2(actions, streams[number], number);
            };
        }
        return result < 0 ? result : Spawn.addCloseFrom(actions, STREAMS);
    }

    private int start(MemorySegment memory, SegmentAllocator allocator, MemorySegment actions) {
        MemorySegment attributes = allocator.allocate(Spawn.ATTRIBUTES_SIZE, Long.BYTES);
        int result = Spawn.initAttributes(attributes);
        if (result < 0) {
            return result;
        }
        try {
            MemorySegment signals = allocator.allocate(Spawn.SIGNAL_SET_SIZE, Long.BYTES);
            Spawn.setSignalMask(attributes, signals);
            signals.set(ValueLayout.JAVA_LONG, 0, SIGNALS);
            Spawn.setSignalDefaults(attributes, signals);
            Spawn.setFlags(attributes, Spawn.POSIX_SPAWN_SETSIGMASK | Spawn.POSIX_SPAWN_SETSIGDEF);
            MemorySegment id = allocator.allocate(ValueLayout.JAVA_INT);
            MemorySegment path = allocator.allocate(Paths.LENGTH_MAX, 1);
            MemorySegment arguments = texts(allocator, request.arguments());
            MemorySegment environment = texts(allocator, request.environment());
            result = find(path, () -> Spawn.spawn(memory, id, path, actions, attributes, arguments, environment));
            child = result < 0 ? 0 : id.get(ValueLayout.JAVA_INT, 0);
            return result;
        } finally {
            Spawn.destroyAttributes(attributes);
        }
    }

    /** Makes an attempt for each file that the program could be, as execvp(3) does, until one is not refused. */
    private int find(MemorySegment path, IntSupplier attempt) {
        byte[] program = request.arguments().getFirst();
        if (indexOf(program, 0, '/') < program.length) {
            return write(path, program) ? attempt.getAsInt() : -Errno.ENAMETOOLONG.code();
        }
        byte[] folders = folders();
        boolean refused = false;
        for (int from = 0; from <= folders.length; ) {
            int to = indexOf(folders, from, ':');
            byte[] slash = to == from ? NOTHING : SLASH;
            int result = write(path, Arrays.copyOfRange(folders, from, to), slash, program)
                    ? attempt(path, attempt)
                    : -Errno.ENOENT.code();
            if (result == -Errno.EACCES.code()) {
                refused = true;
            } else if (!isElsewhere(result)) {
                return result;
            }
            from = to + 1;
        }
        return refused ? -Errno.EACCES.code() : -Errno.ENOENT.code();
    }

    /** A child is only made where there is a file, as it costs much more to look. */
    private int attempt(MemorySegment path, IntSupplier attempt) {
        int start = directory == null ? Directories.AT_FDCWD : directory.number();
        int answer = Directories.faccessat(start, path, Directories.X_OK, Directories.AT_EACCESS);
        return answer < 0 ? answer : attempt.getAsInt();
    }

    /** Whether the program may still be in another folder. */
    private static boolean isElsewhere(int result) {
        return result == -Errno.ENOENT.code()
                || result == -Errno.ENOTDIR.code()
                || result == -Errno.ENODEV.code()
                || result == -Errno.ESTALE.code()
                || result == -Errno.ELOOP.code()
                || result == -Errno.ETIMEDOUT.code();
    }

    private byte[] folders() {
        for (byte[] variable : request.environment()) {
            if (Arrays.mismatch(variable, PATH_VARIABLE) == PATH_VARIABLE.length) {
                return Arrays.copyOfRange(variable, PATH_VARIABLE.length, variable.length);
            }
        }
        return PATH_DEFAULT;
    }

    /** Where a character is next, or the end. */
    private static int indexOf(byte[] text, int from, char character) {
        int index = from;
        while (index < text.length && text[index] != character) {
            index++;
        }
        return index;
    }

    /** Writes a path of some parts; false if it is too long for one. */
    private static boolean write(MemorySegment path, byte[]... parts) {
        long length = 0;
        for (byte[] part : parts) {
            if (length + part.length >= path.byteSize()) {
                return false;
            }
            MemorySegment.copy(part, 0, path, ValueLayout.JAVA_BYTE, length, part.length);
            length += part.length;
        }
        path.set(ValueLayout.JAVA_BYTE, length, (byte) 0);
        return true;
    }

    /** Addresses of texts, and a zero. */
    private static MemorySegment texts(SegmentAllocator allocator, List<byte[]> texts) {
        MemorySegment addresses = allocator.allocate(ValueLayout.JAVA_LONG, texts.size() + 1L);
        for (int i = 0; i < texts.size(); i++) {
            addresses.setAtIndex(ValueLayout.JAVA_LONG, i, text(allocator, texts.get(i)).address());
        }
        return addresses;
    }

    private static MemorySegment text(SegmentAllocator allocator, byte[] bytes) {
        MemorySegment text = allocator.allocate(bytes.length + 1L, 1);
        MemorySegment.copy(bytes, 0, text, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return text;
    }

    /** Bytes for all of it. */
    private long size() {
        return Spawn.FILE_ACTIONS_SIZE + Spawn.ATTRIBUTES_SIZE + Spawn.SIGNAL_SET_SIZE + Paths.LENGTH_MAX + SPARE_BYTES
                + size(request.arguments()) + size(request.environment());
    }

    private static long size(List<byte[]> texts) {
        long size = 2 * Long.BYTES;
        for (byte[] text : texts) {
            size += Long.BYTES + text.length + 1L;
        }
        return size;
    }
}
