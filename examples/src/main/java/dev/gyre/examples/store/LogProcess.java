package dev.gyre.examples.store;

import dev.gyre.examples.store.Database.Snapshot;
import dev.gyre.examples.store.Journal.Part;
import dev.gyre.io.Directory;
import dev.gyre.io.File;
import dev.gyre.io.IoException;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.OpenOptions.Access;
import dev.gyre.io.OpenOptions.Flag;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Timeout;
import dev.gyre.process.ExitReason;
import dev.gyre.process.Pid;
import dev.gyre.process.ProcessBody;
import dev.gyre.process.ProcessExit;
import dev.gyre.process.ReplyTo;
import dev.gyre.process.Self;
import dev.gyre.process.Server;
import dev.gyre.process.Signal;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The process that owns the file. It reads the database from it when it begins, and then writes changes to its end.
 *
 * <p>Who has changed something asks for a {@link Commit} and waits. All that have asked meanwhile are served together:
 * one write takes what all of them have changed, and one sync where the policy wants it. So the slower the device, the
 * more share it.
 *
 * <p><b>When the file cannot be written</b>, for lack of room say, who waits is told, changes are refused from then on,
 * and every second it is tried again; nothing that was acknowledged is in danger, and reading goes on. After a sync
 * that failed, nobody knows what the device has, and another one might succeed without having written it
 * (fsync(2)). Then a new file is made of what is in memory, and until that has the old one's name, and the device both,
 * changes are refused.
 *
 * <p><b>When the file has doubled</b>, a new one is made as well: a process writes what there is at one moment, and
 * when it is done, what has been appended since is copied behind it, and it takes the old one's name. A crash at any
 * time finds one of the two, whole.
 *
 * <p><b>When this process is killed</b>, its supervisor ends all that have seen its database, and what is read from the
 * file is the database again. It is synced before anybody sees it: what was written last may not have been.
 */
final class LogProcess implements Server {
    static final String NAME = "store.aof";

    private static final String NEW_NAME = NAME + ".new";
    private static final String LOCK_NAME = NAME + ".lock";

    /** A file of that name tells the next program that a sync has failed. A power cut may take it, and the doubt. */
    private static final String SUSPECT_NAME = NAME + ".suspect";

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final int CHUNK = 1 << 16;

    private static final OpenOptions OPEN = new OpenOptions(Access.READ_WRITE, Set.of(Flag.CREATE), 0600);

    /** Changes so far are to be as safe as the policy promises. */
    record Commit(ReplyTo<Outcome> replyTo) {}

    /** Whether they are; if not, why. */
    record Outcome(@Nullable String failure) {
        private static final Outcome DONE = new Outcome(null);
    }

    /** The file is to be made anew. */
    record Rewrite() {}

    private record Tick() {}

    /** A sync of a file has ended, which had so many bytes. */
    private record Synced(File of, long length, @Nullable IoException failure) {}

    /** The new file has all that was to be in it: so many bytes. */
    private record Rewritten(long bytes, @Nullable IoException failure) {}

    /** A new file that is written, of what there was at a position. */
    private record Rewriting(File target, long position) {}

    private final Store store;
    private final FsyncPolicy fsync;
    private final List<Commit> waiting = new ArrayList<>();

    /** What was taken from the journal and is not in the file. */
    private final ArrayDeque<Part> unwritten = new ArrayDeque<>();

    private final Database database;
    private final Journal journal;
    private final Directory folder;
    private File file;

    /** How many bytes of the file count. */
    private long length;

    /** The position in the journal up to which the file has all changes. */
    private long written;

    /** At what length a new file is made. */
    private long rewriteLength;

    /** How many bytes of the file are on the device. */
    private long synced;

    private boolean unsynced;

    /** Whether the sync of a second ago has not ended yet. Then nobody goes on without one. */
    private boolean late;

    private @Nullable Pid syncing;
    private @Nullable Rewriting rewriting;
    private @Nullable Pid rewriter;

    /** What the process does. */
    static ProcessBody body(Store store) {
        return self -> {
            LogProcess log = new LogProcess(self, store);
            AutoCloseable _ = self.own(log::close);
            Server.of(() -> log).run(self);
        };
    }

    /** Reads the file. */
    private LogProcess(Self self, Store store) throws IOException {
        this.store = store;
        fsync = store.options().fsync();
        database = new Database(self.io());
        journal = database.journal();
        store.saved(false);
        store.current(null);
        folder = self.own(openFolder(self.io().currentDirectory(), store.options().folder()));
        lock(self);
        delete(NEW_NAME);
        if (exists(SUSPECT_NAME)) {
            store.suspect(true);
        }
        file = self.own(folder.openFile(NAME, OPEN));
        length = Replay.run(folder, file, store, database);
        rewriteLength = Math.max(2 * length, store.options().rewriteMin());
        database.begin();
        syncFirst(self);
    }

    /** Opens the folder. If it is made, its name is to survive a power cut, and those of folders above that are new. */
    private static Directory openFolder(Directory from, String path) throws IoException {
        try {
            return from.openDirectory(path);
        } catch (IoException failure) {
            if (failure.reason() != Reason.FILE_NOT_FOUND) {
                throw failure;
            }
        }
        from.makePath(path);
        try {
            int slash = path.length();
            do {
                slash = path.lastIndexOf('/', slash - 1);
                try (Directory above = from.openDirectory(slash < 0 ? "." : path.substring(0, slash + 1))) {
                    above.sync();
                }
            } while (slash > 0);
        } catch (IoException failure) {
            from.deleteDirectory(path); // the next start makes it anew
            throw failure;
        }
        return from.openDirectory(path);
    }

    /** What was read is to be on the device before anybody sees it. */
    private void syncFirst(Self self) {
        try {
            if (store.suspect()) {
                File target = self.own(folder.openFile(NEW_NAME, OPEN.with(Flag.EXCLUSIVE)));
                long bytes = write(snapshot(), target);
                folder.rename(NEW_NAME, NAME);
                adopt(target, bytes);
            } else {
                sync();
                sync(folder::sync);
            }
        } catch (IoException failure) {
            Outcome _ = refuse(failure);
        }
    }

    private Snapshot snapshot() {
        synchronized (database) {
            take();
            return database.snapshot();
        }
    }

    @Override
    public void begin(Self self) {
        self.trapExit(true);
        store.current(new Store.Current(database, self.pid()));
        self.sendAfter(TICK, new Tick());
    }

    @Override
    public void handle(Self self, Object message) throws IOException {
        switch (message) {
            case Commit commit -> commit(self, commit);
            case Tick _ -> tick(self);
            case Synced(File of, long bytes, IoException failure) -> synced(of, bytes, failure);
            case Rewrite _ -> startRewriting(self);
            case Rewritten(long bytes, IoException failure) -> rewritten(self, bytes, failure);
            case Signal.Exit(Pid from, ExitReason reason) -> ended(from, reason);
            default -> {}
        }
    }

    /** The last changes go into the file, and onto the device. */
    @Override
    public void end(Self self) {
        try {
            take();
            flush();
            sync();
            store.saved(!store.suspect());
        } catch (IoException failure) {
            store.log("the last changes could not be written: " + failure.getMessage());
        }
        if (store.suspect()) {
            store.log("a sync has failed, and nobody knows what the device has of " + NAME);
        }
    }

    /** After the end: gives back the files that have come since the beginning. */
    private void close() throws IoException {
        if (rewriting != null) {
            rewriting.target().close();
        }
        file.close();
    }

    private void commit(Self self, Commit first) {
        waiting.add(first);
        for (Commit next = nextCommit(self); next != null; next = nextCommit(self)) {
            waiting.add(next);
        }
        Outcome outcome = save();
        waiting.forEach(each -> each.replyTo().reply(outcome));
        waiting.clear();
        if (length >= rewriteLength) {
            startRewriting(self);
        }
    }

    private static @Nullable Commit nextCommit(Self self) {
        return self.receive(Timeout.after(Duration.ZERO), message -> message instanceof Commit commit ? commit : null);
    }

    /** Makes all changes so far as safe as the policy promises. */
    private Outcome save() {
        String refused = failure();
        if (refused != null) {
            return new Outcome(refused);
        }
        take();
        if (unwritten.isEmpty()) {
            return Outcome.DONE;
        }
        try {
            write();
            return Outcome.DONE;
        } catch (IoException failure) {
            return refuse(failure);
        }
    }

    private void take() {
        synchronized (database) {
            if (journal.isPending()) {
                unwritten.add(journal.take());
            }
        }
    }

    /** Makes what was taken as safe as the policy promises. */
    private void write() throws IoException {
        flush();
        if (fsync == FsyncPolicy.ALWAYS || late) {
            sync();
        } else {
            unsynced = true;
        }
        journal.committed(written);
    }

    private void sync() throws IoException {
        sync(file::dataSync);
        synced = length;
        unsynced = false;
        late = false;
    }

    private void sync(Step step) throws IoException {
        boolean known = false;
        try {
            step.run();
            known = true;
        } catch (IoException failure) {
            suspect();
            known = true;
            throw failure;
        } finally {
            if (!known) { // this process was killed
                store.suspect(true);
            }
        }
    }

    /** Nobody knows any more what the device has of the file. */
    private void suspect() {
        store.suspect(true);
        IoException failure = failureOf(() -> folder.openFile(SUSPECT_NAME, OPEN).close());
        if (failure != null) {
            store.log("it could not be noted that a sync has failed: " + failure.getMessage());
        }
    }

    /** Writes what was taken. What a write that failed has left is written over by the next one. */
    private void flush() throws IoException {
        for (Part part = unwritten.peek(); part != null; part = unwritten.peek()) {
            Group.seal(part.content(), length - synced);
            writeAll(file, part.content(), length);
            length += part.length();
            written = part.end();
            unwritten.remove();
            synchronized (database) {
                journal.recycle(part);
            }
        }
    }

    private static void writeAll(File to, RespWriter content, long offset) throws IoException {
        MemorySegment bytes = MemorySegment.ofArray(content.bytes()).asSlice(0, content.length());
        long done = 0;
        while (done < bytes.byteSize()) {
            done += to.write(bytes.asSlice(done), offset + done);
        }
    }

    private @Nullable String failure() {
        synchronized (database) {
            return journal.failure();
        }
    }

    /** Nothing can be changed from now on. */
    private Outcome refuse(IoException failure) {
        String why = failure.reason().text();
        synchronized (database) {
            journal.failure(why);
        }
        store.log("changes are refused, as " + NAME + " cannot be written: " + failure.getMessage());
        return new Outcome(why);
    }

    /** The file has all that it is to have. */
    private void recover() {
        synchronized (database) {
            journal.failure(null);
        }
        store.log("changes are taken again");
    }

    private void tick(Self self) {
        self.sendAfter(TICK, new Tick());
        if (failure() != null) {
            retry(self);
            return;
        }
        // What has expired is written down as well, though nobody waits for that.
        Outcome _ = save();
        if (!unsynced || fsync != FsyncPolicy.EVERYSEC) {
            return;
        }
        if (syncing == null) {
            unsynced = false;
            File of = file;
            long bytes = length;
            // Commits go on meanwhile.
            syncing = self.spawnLink(one -> self.pid().send(new Synced(of, bytes, failureOf(of::dataSync))));
        } else {
            late = true;
        }
    }

    private void retry(Self self) {
        if (store.suspect()) {
            startRewriting(self);
            return;
        }
        try {
            // What a write has left half done is not to be found, should this be the last try.
            file.truncate(length);
            write();
            recover();
        } catch (IoException again) {
            // Still not; who wants to change something is told so.
        }
    }

    private void synced(File of, long bytes, @Nullable IoException failure) {
        syncing = null;
        if (of != file) {
            return;
        }
        if (failure == null) {
            synced = Math.max(synced, bytes);
        } else {
            suspect();
            Outcome _ = refuse(failure);
        }
    }

    /** Has a process write what there is now into a new file. */
    private void startRewriting(Self self) {
        if (rewriting != null) {
            return;
        }
        Snapshot snapshot = snapshot();
        try {
            delete(NEW_NAME);
            File target = folder.openFile(NEW_NAME, OPEN.with(Flag.EXCLUSIVE));
            rewriting = new Rewriting(target, snapshot.position());
            rewriter = self.spawnLink(one -> {
                long[] bytes = {0};
                IoException failure = failureOf(() -> bytes[0] = write(snapshot, target));
                self.pid().send(new Rewritten(bytes[0], failure));
            });
        } catch (IoException failure) {
            rewriteFailed(failure);
        }
    }

    private static long write(Snapshot snapshot, File target) throws IoException {
        RespWriter out = new RespWriter();
        Group.begin(out);
        long bytes = 0;
        for (Database.Item item : snapshot.items()) {
            Journal.write(out, item.key(), item.value(), item.expiresAtMillis());
            if (out.length() >= CHUNK) {
                bytes += writeGroup(target, out, bytes);
            }
        }
        if (!Group.isEmpty(out)) {
            bytes += writeGroup(target, out, bytes);
        }
        target.dataSync();
        return bytes;
    }

    /** Writes a group, and begins the next one. The file has its name only when all of it is on the device. */
    private static long writeGroup(File to, RespWriter group, long offset) throws IoException {
        Group.seal(group, 0);
        writeAll(to, group, offset);
        int length = group.length();
        group.clear();
        Group.begin(group);
        return length;
    }

    /** The new file takes the old one's place. */
    private void rewritten(Self self, long bytes, @Nullable IoException failure) throws IoException {
        Rewriting done = rewriting;
        if (done == null) {
            return;
        }
        long bytesNew = bytes;
        try {
            if (failure != null) {
                throw failure;
            }
            long since = written - done.position();
            if (since > 0) {
                copyTail(done.target(), bytes, since);
                bytesNew += since;
            }
            folder.rename(NEW_NAME, NAME);
        } catch (IoException refused) {
            abandonRewriting(done);
            rewriteFailed(refused);
            return;
        }
        rewriting = null;
        written = Math.max(written, done.position());
        unwritten.removeIf(part -> part.end() <= done.position());
        try {
            adopt(done.target(), bytesNew);
        } catch (IoException refused) {
            Outcome _ = refuse(refused);
            return;
        }
        if (failure() == null) {
            journal.committed(written);
        } else {
            retry(self);
        }
    }

    /**
     * A file that is on the device has the name, and is the one from now on. If this fails, the device may have the old
     * one by that name; the next new one is another chance.
     */
    private void adopt(File target, long bytes) throws IoException {
        store.log(NAME + " was rewritten: " + length + " bytes became " + bytes);
        file.close();
        file = target;
        length = bytes;
        synced = bytes;
        unsynced = false;
        late = false;
        rewriteLength = Math.max(2 * length, store.options().rewriteMin());
        sync(folder::sync);
        store.suspect(false);
        delete(SUSPECT_NAME);
    }

    /** What was appended since the snapshot follows it. It is read again, so the old file has to be sound. */
    private void copyTail(File target, long offset, long since) throws IoException {
        if (!store.suspect()) {
            try {
                sync();
            } catch (IoException failure) {
                Outcome _ = refuse(failure);
            }
        }
        if (store.suspect()) {
            throw Operation.COPY.failure(Reason.INPUT_OUTPUT, file);
        }
        file.copyTo(target, length - since, offset, since);
        target.dataSync();
    }

    private void abandonRewriting(Rewriting abandoned) throws IoException {
        rewriting = null;
        abandoned.target().close();
        delete(NEW_NAME);
    }

    private void rewriteFailed(IoException failure) {
        rewriteLength = 2 * length;
        if (!store.suspect()) { // otherwise it is tried every second
            store.log(NAME + " could not be rewritten, and is as it was: " + failure.getMessage());
        }
    }

    /** A process has ended that is linked to this one. */
    private void ended(Pid from, ExitReason reason) throws IoException {
        if (reason instanceof ExitReason.Normal) {
            return;
        }
        Rewriting broken = rewriting;
        if (broken != null && from == rewriter) {
            abandonRewriting(broken);
            rewriteLength = 2 * length;
        } else if (from == syncing) {
            syncing = null;
            suspect();
            Outcome _ = refuse(Operation.SYNC.failure(Reason.INPUT_OUTPUT, file));
        } else {
            throw new ProcessExit(reason);
        }
    }

    /** Two stores with one file would ruin it. */
    private void lock(Self self) throws IOException {
        try {
            self.own(folder.openFile(LOCK_NAME, OPEN.with(Flag.LOCK_EXCLUSIVE, Flag.LOCK_NOW)));
        } catch (IoException failure) {
            if (failure.reason() == Reason.WOULD_BLOCK) {
                throw new IOException("another store uses the folder " + store.options().folder()
                        + "; stop that one, or choose another folder", failure);
            }
            throw failure;
        }
    }

    private void delete(String name) {
        IoException failure = failureOf(() -> folder.deleteFile(name));
        if (failure != null && failure.reason() != Reason.FILE_NOT_FOUND) {
            store.log(name + " could not be deleted: " + failure.getMessage());
        }
    }

    private boolean exists(String name) throws IoException {
        IoException failure = failureOf(() -> {
            var _ = folder.stat(name);
        });
        if (failure == null || failure.reason() == Reason.FILE_NOT_FOUND) {
            return failure == null;
        }
        throw failure;
    }

    private interface Step {
        void run() throws IoException;
    }

    private static @Nullable IoException failureOf(Step step) {
        try {
            step.run();
            return null;
        } catch (IoException failure) {
            return failure;
        }
    }
}
