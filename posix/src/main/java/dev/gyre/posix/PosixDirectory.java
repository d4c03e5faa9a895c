package dev.gyre.posix;

import dev.gyre.io.AttributeMode;
import dev.gyre.io.Clock;
import dev.gyre.io.Directory;
import dev.gyre.io.DirectoryEntry;
import dev.gyre.io.File;
import dev.gyre.io.FileKind;
import dev.gyre.io.FileStat;
import dev.gyre.io.FileSystemStat;
import dev.gyre.io.IoException;
import dev.gyre.io.Listing;
import dev.gyre.io.Locking;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Operation;
import dev.gyre.io.Permission;
import dev.gyre.io.Reason;
import dev.gyre.io.Renaming;
import dev.gyre.io.Replacement;
import dev.gyre.io.Timestamp;
import dev.gyre.io.Walk;
import dev.gyre.io.spi.Fiber;
import dev.gyre.io.spi.StackRoom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A folder behind a descriptor, and the current folder, which has none of its own. */
final class PosixDirectory implements Directory, Holdable {
    private final PosixIo io;
    private final @Nullable Descriptor descriptor;
    private final String path;

    private PosixDirectory(PosixIo io, @Nullable Descriptor descriptor, String path) {
        this.io = io;
        this.descriptor = descriptor;
        this.path = path;
    }

    @Override
    public PosixIo io() {
        return io;
    }

    /** The current folder. */
    static PosixDirectory current(PosixIo io) {
        return new PosixDirectory(io, null, ".");
    }

    /** One that was passed, open already. */
    static PosixDirectory passed(PosixIo io, int directory) {
        return new PosixDirectory(io, io.kernel().fileDescriptor(directory), "a directory that was passed");
    }

    /** Whether it has no descriptor of its own. */
    boolean isCurrent() {
        return descriptor == null;
    }

    @Override
    public File openFile(String name, OpenOptions options) throws IoException {
        return options.lock() == null ? openUnlocked(name, options) : openLocked(name, options);
    }

    private PosixFile openUnlocked(String name, OpenOptions options) throws IoException {
        byte[] encoded = Paths.encode(name, Operation.OPEN_FILE);
        Fiber fiber = io.beginOpening();
        int opened = call(Operation.OPEN_FILE, fiber, name,
                () -> io.kernel().openFile(fiber, descriptor, encoded, options));
        boolean complete = false;
        try {
            PosixFile file = new PosixFile(io, opened, resolve(name));
            complete = true;
            return file;
        } finally {
            if (!complete) {
                io.kernel().closeNow(opened);
            }
        }
    }

    /** What is cut off might be in use by whoever has the lock. */
    private File openLocked(String name, OpenOptions options) throws IoException {
        PosixFile file = openUnlocked(name, options.without(OpenOptions.Flag.TRUNCATE));
        boolean ready = false;
        try {
            Locking locking = options.lock();
            if (locking != null && !options.flags().contains(OpenOptions.Flag.LOCK_NOW)) {
                file.lock(locking);
            } else if (locking != null && !file.tryLock(locking)) {
                throw Operation.LOCK.failure(Reason.WOULD_BLOCK, file);
            }
            if (options.flags().contains(OpenOptions.Flag.TRUNCATE)) {
                file.truncate(0);
            }
            ready = true;
            return file;
        } finally {
            if (!ready) {
                file.close();
            }
        }
    }

    @Override
    public Directory openDirectory(String name, OpenOptions.Flag... flags) throws IoException {
        return openDirectory(Operation.OPEN_DIRECTORY, name, wishes(flags));
    }

    private static Set<OpenOptions.Flag> wishes(OpenOptions.Flag... flags) {
        Set<OpenOptions.Flag> wishes = EnumSet.noneOf(OpenOptions.Flag.class);
        wishes.addAll(Arrays.asList(flags));
        for (OpenOptions.Flag flag : wishes) {
            switch (flag) {
                case NO_FOLLOW, BENEATH -> {}
                case CREATE, EXCLUSIVE, TRUNCATE, APPEND, DIRECT, NON_BLOCKING, NO_SPECIAL, LOCK_SHARED, LOCK_EXCLUSIVE,
                        LOCK_NOW ->
                    throw new IllegalArgumentException(flag + " has no meaning for a directory");
            }
        }
        return wishes;
    }

    private PosixDirectory openDirectory(Operation operation, String name, Set<OpenOptions.Flag> flags)
            throws IoException {
        return openDirectory(operation, name, resolve(name), flags);
    }

    /** One that messages call by a path of the caller's. */
    private PosixDirectory openDirectory(
            Operation operation, String name, String called, Set<OpenOptions.Flag> flags) throws IoException {
        byte[] encoded = Paths.encode(name, operation);
        Fiber fiber = io.beginOpening();
        int opened = call(operation, fiber, name, () -> io.kernel().openDirectory(fiber, descriptor, encoded, flags));
        boolean complete = false;
        try {
            PosixDirectory folder = new PosixDirectory(io, io.kernel().fileDescriptor(opened), called);
            complete = true;
            return folder;
        } finally {
            if (!complete) {
                io.kernel().closeNow(opened);
            }
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
        return ask(Operation.STAT, fiber, name, () -> io.kernel().stat(fiber, descriptor, encoded, follow));
    }

    @Override
    public List<DirectoryEntry> list() throws IoException {
        try (PosixDirectory own = openToList()) {
            List<DirectoryEntry> all = new ArrayList<>();
            for (List<DirectoryEntry> some = own.next(); !some.isEmpty(); some = own.next()) {
                all.addAll(some);
            }
            return all;
        }
    }

    @Override
    public Listing listing() throws IoException {
        return new PosixListing(openToList());
    }

    @Override
    public Walk walk(String name) throws IoException {
        return PosixWalk.begin(openDirectory(name));
    }

    /** One with a descriptor of its own, because the position in the folder belongs to it. */
    private PosixDirectory openToList() throws IoException {
        return openDirectory(Operation.LIST, ".", path, Set.of());
    }

    /** The next entries, where nobody else asks for them; none after the last. */
    List<DirectoryEntry> next() throws IoException {
        Descriptor own = descriptor;
        if (own == null) {
            throw new AssertionError("the current folder has no position");
        }
        Fiber fiber = io.begin();
        return ask(Operation.LIST, fiber, "", () -> io.kernel().list(fiber, own));
    }

    @Override
    public void access(String name, Permission... wanted) throws IoException {
        Set<Permission> all = EnumSet.noneOf(Permission.class);
        all.addAll(Arrays.asList(wanted));
        onPath(Operation.ACCESS, name, (fiber, encoded) -> io.kernel().access(fiber, descriptor, encoded, all));
    }

    @Override
    public void makeDirectory(String name, int mode) throws IoException {
        requireMode(mode);
        onPath(Operation.MAKE_DIRECTORY, name,
                (fiber, encoded) -> io.kernel().makeDirectory(fiber, descriptor, encoded, mode));
    }

    @Override
    public boolean makePath(String name) throws IoException {
        Deque<String> missing = new ArrayDeque<>();
        boolean made = false;
        for (String next = name; next != null; next = missing.poll()) {
            try {
                makeDirectory(next);
                made = true;
            } catch (IoException failed) {
                String parent = parent(next);
                if (failed.reason() == Reason.FILE_NOT_FOUND && parent != null && !made) {
                    missing.push(next);
                    missing.push(parent);
                } else if (failed.reason() != Reason.PATH_ALREADY_EXISTS) {
                    throw failed;
                } else if (!isFolder(next)) {
                    throw Operation.MAKE_DIRECTORY.failure(Reason.NOT_A_DIRECTORY, resolve(next));
                }
            }
        }
        return made;
    }

    /** Whether that which has the name leads to a folder. It may have gone again. */
    private boolean isFolder(String name) throws IoException {
        try {
            return stat(name).kind() == FileKind.DIRECTORY;
        } catch (IoException failed) {
            throw Operation.MAKE_DIRECTORY.failure(failed.reason(), resolve(name));
        }
    }

    /** The part of a path before its last name; null if there is none. */
    private static @Nullable String parent(String name) {
        int end = name.length();
        while (end > 0 && name.charAt(end - 1) == '/') {
            end--;
        }
        int slash = name.lastIndexOf('/', end - 1);
        return slash <= 0 ? null : name.substring(0, slash);
    }

    @Override
    public Directory makeOpenPath(String name, OpenOptions.Flag... flags) throws IoException {
        Set<OpenOptions.Flag> wishes = wishes(flags);
        try {
            return openDirectory(Operation.OPEN_DIRECTORY, name, wishes);
        } catch (IoException failed) {
            if (failed.reason() != Reason.FILE_NOT_FOUND) {
                throw failed;
            }
        }
        makePath(name);
        return openDirectory(Operation.OPEN_DIRECTORY, name, wishes);
    }

    @Override
    public Replacement replace(String name, int mode) throws IoException {
        requireMode(mode);
        Paths.encode(name, Operation.OPEN_FILE);
        int slash = name.lastIndexOf('/');
        String last = name.substring(slash + 1);
        if (last.isEmpty() || last.equals(".") || last.equals("..")) {
            throw Operation.OPEN_FILE.failure(name.isEmpty() ? Reason.FILE_NOT_FOUND : Reason.IS_A_DIRECTORY,
                    resolve(name));
        }
        String parent = slash < 0 ? "." : name.substring(0, slash + 1);
        return PosixReplacement.begin(io, openDirectory(Operation.OPEN_DIRECTORY, parent, Set.of()), last, mode);
    }

    @Override
    public long copyFile(String from, Directory folder, String to) throws IoException {
        PosixDirectory other = own(folder);
        // A pipe is opened without a wait for its other end, and then refused.
        try (File source = openFile(from, OpenOptions.READ.with(OpenOptions.Flag.NON_BLOCKING))) {
            FileStat state = source.stat();
            switch (state.kind()) {
                case FILE -> {}
                case DIRECTORY -> throw Operation.COPY.failure(Reason.IS_A_DIRECTORY, source);
                default -> throw Operation.COPY.failure(Reason.OPERATION_UNSUPPORTED, source);
            }
            try (Replacement replacement = other.replace(to, state.mode() & 0777)) {
                long length = source.cloneTo(replacement.file())
                        ? state.size()
                        : source.copyTo(replacement.file(), 0, 0, Long.MAX_VALUE);
                replacement.commitWithoutSync();
                return length;
            }
        }
    }

    @Override
    public void rename(String from, Directory folder, String to, Renaming renaming) throws IoException {
        byte[] newPath = Paths.encode(to, Operation.RENAME);
        PosixDirectory other = own(folder);
        try {
            onPath(Operation.RENAME, from, (fiber, encoded) -> other.held(Operation.RENAME, fiber,
                    () -> io.kernel().rename(fiber, descriptor, encoded, other.descriptor, newPath, renaming)));
        } catch (IoException failed) {
            if (failed.reason() == Reason.INTO_ITSELF && renaming != Renaming.REPLACE
                    && !isWithin(other, to, from) && !other.isWithin(this, from, to)) {
                throw Operation.RENAME.failure(Reason.OPERATION_UNSUPPORTED, resolve(from));
            }
            throw failed;
        }
    }

    /** Whether what has a path of another folder is, or would be, somewhere in what has one of this. */
    private boolean isWithin(PosixDirectory other, String inner, String outer) {
        String parent = parent(inner);
        String above = parent == null ? inner.startsWith("/") ? "/" : "." : parent;
        try {
            String top = realPath(outer);
            return (other.realPath(above) + "/").startsWith(top + "/");
        } catch (IoException unknown) {
            return false;
        }
    }

    @Override
    public void hardLink(String existing, Directory folder, String name) throws IoException {
        byte[] newPath = Paths.encode(name, Operation.HARD_LINK);
        PosixDirectory other = own(folder);
        onPath(Operation.HARD_LINK, existing, (fiber, encoded) -> other.held(Operation.HARD_LINK, fiber,
                () -> io.kernel().hardLink(fiber, descriptor, encoded, other.descriptor, newPath)));
    }

    /** One of the same {@code Io}. */
    PosixDirectory own(Directory folder) {
        if (folder instanceof PosixDirectory other && other.io == io) {
            return other;
        }
        throw new IllegalArgumentException(folder + " is not a folder of the same Io");
    }

    @Override
    public void symlink(String target, String name) throws IoException {
        byte[] text = Paths.encode(target, Operation.SYMLINK);
        onPath(Operation.SYMLINK, name, (fiber, encoded) -> io.kernel().symlink(fiber, text, descriptor, encoded));
    }

    @Override
    public void makeNode(String name, FileKind kind, int mode, long device) throws IoException {
        requireMode(mode);
        switch (kind) {
            case PIPE, SOCKET -> {
                if (device != 0) {
                    throw new IllegalArgumentException("a " + kind + " stands for no device, and not for " + device);
                }
            }
            case BLOCK_DEVICE, CHARACTER_DEVICE -> {}
            case FILE, DIRECTORY, SYMLINK, UNKNOWN ->
                throw new IllegalArgumentException(kind + " is not made by makeNode");
        }
        onPath(Operation.MAKE_NODE, name,
                (fiber, encoded) -> io.kernel().makeNode(fiber, descriptor, encoded, kind, mode, device));
    }

    @Override
    public String readLink(String name) throws IoException {
        return readLink(Operation.READ_LINK, name);
    }

    String readLink(Operation operation, String name) throws IoException {
        byte[] encoded = Paths.encode(name, operation);
        Fiber fiber = io.begin();
        return Paths.decode(ask(operation, fiber, name, () -> io.kernel().readLink(fiber, descriptor, encoded)));
    }

    @Override
    public String realPath(String name) throws IoException {
        byte[] encoded = Paths.encode(name, Operation.REAL_PATH);
        Fiber fiber = io.begin();
        return Paths.decode(
                ask(Operation.REAL_PATH, fiber, name, () -> io.kernel().realPath(fiber, descriptor, encoded)));
    }

    @Override
    public void deleteFile(String name) throws IoException {
        onPath(Operation.DELETE_FILE, name,
                (fiber, encoded) -> io.kernel().delete(fiber, descriptor, encoded, false));
    }

    @Override
    public void deleteDirectory(String name) throws IoException {
        onPath(Operation.DELETE_DIRECTORY, name,
                (fiber, encoded) -> io.kernel().delete(fiber, descriptor, encoded, true));
    }

    @Override
    public boolean deleteTree(String name) throws IoException {
        return TreeDeletion.delete(this, name);
    }

    @Override
    public void setPermissions(String name, int mode) throws IoException {
        requireMode(mode);
        onPath(Operation.SET_PERMISSIONS, name,
                (fiber, encoded) -> io.kernel().setPermissions(fiber, descriptor, encoded, mode));
    }

    @Override
    public void setOwner(String name, int user, int group) throws IoException {
        onPath(Operation.SET_OWNER, name,
                (fiber, encoded) -> io.kernel().setOwner(fiber, descriptor, encoded, user, group));
    }

    @Override
    public void setTimes(String name, @Nullable Timestamp accessed, @Nullable Timestamp modified)
            throws IoException {
        requireReal(accessed);
        requireReal(modified);
        onPath(Operation.SET_TIMES, name,
                (fiber, encoded) -> io.kernel().setTimes(fiber, descriptor, encoded, accessed, modified));
    }

    @Override
    public void sync() throws IoException {
        Descriptor own = descriptor;
        if (own == null) {
            try (PosixDirectory opened = openDirectory(Operation.SYNC, ".", Set.of())) {
                opened.sync();
            }
            return;
        }
        Fiber fiber = io.begin();
        call(Operation.SYNC, fiber, "", () -> io.kernel().sync(fiber, own, false));
    }

    @Override
    public FileSystemStat statFileSystem() throws IoException {
        Fiber fiber = io.begin();
        return ask(Operation.STAT_FILE_SYSTEM, fiber, "", () -> io.kernel().statFileSystem(fiber, descriptor));
    }

    @Override
    public List<String> listExtendedAttributes(String name) throws IoException {
        byte[] encoded = Paths.encode(name, Operation.LIST_EXTENDED_ATTRIBUTES);
        Fiber fiber = io.begin();
        return Paths.decodeList(ask(Operation.LIST_EXTENDED_ATTRIBUTES, fiber, name,
                () -> io.kernel().listAttributes(fiber, descriptor, encoded)));
    }

    @Override
    public byte[] getExtendedAttribute(String name, String attribute) throws IoException {
        byte[] encoded = Paths.encode(name, Operation.GET_EXTENDED_ATTRIBUTE);
        byte[] which = Paths.encodeAttribute(attribute, Operation.GET_EXTENDED_ATTRIBUTE);
        Fiber fiber = io.begin();
        return ask(Operation.GET_EXTENDED_ATTRIBUTE, fiber, name,
                () -> io.kernel().getAttribute(fiber, descriptor, encoded, which));
    }

    @Override
    public void setExtendedAttribute(String name, String attribute, byte[] value, AttributeMode mode)
            throws IoException {
        byte[] which = Paths.encodeAttribute(attribute, Operation.SET_EXTENDED_ATTRIBUTE);
        onPath(Operation.SET_EXTENDED_ATTRIBUTE, name,
                (fiber, encoded) -> io.kernel().setAttribute(fiber, descriptor, encoded, which, value, mode));
    }

    @Override
    public void removeExtendedAttribute(String name, String attribute) throws IoException {
        byte[] which = Paths.encodeAttribute(attribute, Operation.REMOVE_EXTENDED_ATTRIBUTE);
        onPath(Operation.REMOVE_EXTENDED_ATTRIBUTE, name,
                (fiber, encoded) -> io.kernel().removeAttribute(fiber, descriptor, encoded, which));
    }

    /** Refuses what is no permission bits. */
    static void requireMode(int mode) {
        if (mode < 0 || mode > 07777) {
            throw new IllegalArgumentException("mode 0" + Integer.toOctalString(mode) + " is not within 0..07777");
        }
    }

    /** Refuses times that no file has. */
    static void requireReal(@Nullable Timestamp time) {
        if (time != null && time.clock() != Clock.REAL) {
            throw new IllegalArgumentException("a file's times are those of Clock.REAL, and not of " + time.clock());
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

    /** A thin call on a path. */
    @FunctionalInterface
    interface PathCall {
        /** Makes it, with the folder's descriptor held. */
        int make(Fiber fiber, byte[] path) throws IoException;
    }

    /** Makes one until it is answered. */
    int onPath(Operation operation, String name, PathCall call) throws IoException {
        byte[] encoded = Paths.encode(name, operation);
        Fiber fiber = io.begin();
        return call(operation, fiber, name, () -> call.make(fiber, encoded));
    }

    /** A thin call. */
    @FunctionalInterface
    private interface Call {
        int make() throws IoException;
    }

    /** Makes a call until it is answered. */
    private int call(Operation operation, Fiber fiber, String name, Call call) throws IoException {
        while (true) {
            int result = held(operation, fiber, call);
            if (result >= 0) {
                return result;
            }
            Results.requireAgain(operation, result, resolve(name));
            fiber.checkCancel();
        }
    }

    /** Makes a call, once, with the folder's descriptor held. */
    private int held(Operation operation, Fiber fiber, Call call) throws IoException {
        hold(operation);
        try {
            return call.make();
        } finally {
            release(fiber);
        }
    }

    /** Asks something until it is answered. */
    private <T> T ask(Operation operation, Fiber fiber, String name, Supplier<Answer<T>> question)
            throws IoException {
        while (true) {
            Answer<T> answer;
            hold(operation);
            try {
                answer = question.get();
            } finally {
                release(fiber);
            }
            T value = answer.value();
            if (value != null) {
                return value;
            }
            Results.requireAgain(operation, answer.result(), resolve(name));
            fiber.checkCancel();
        }
    }

    private void hold(Operation operation) throws IoException {
        if (!tryHold()) {
            throw operation.failure(Reason.CLOSED, path);
        }
    }

    @Override
    public boolean tryHold() {
        return descriptor == null || descriptor.acquire();
    }

    @Override
    public @Nullable Descriptor descriptor() {
        return descriptor;
    }

    @Override
    public void release(Fiber fiber) {
        if (descriptor != null && descriptor.release()) {
            io.kernel().close(fiber, descriptor.take());
        }
    }

    /** The path of a name in this folder, for messages. */
    String resolve(String name) {
        if (name.isEmpty() && descriptor != null) {
            return path;
        }
        return descriptor == null || name.startsWith("/") ? name : path + "/" + name;
    }
}
