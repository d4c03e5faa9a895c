package dev.gyre.examples.store;

import dev.gyre.io.Directory;
import dev.gyre.io.File;
import dev.gyre.io.IoException;
import dev.gyre.io.OpenOptions;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads the file of changes, and carries them out: each {@link Group} if it is as it was written, and before the first
 * one commands without groups, should the file be one of Redis.
 *
 * <p>Its end may be torn: the store was killed while it wrote, or a power cut has taken a part of what was not on the
 * device. All from there on is cut off. Whatever else is not as it should be is a reason not to start; so is a group
 * that is broken, and was on the device when a later one was written.
 */
final class Replay {
    private static final String TORN_NAME = LogProcess.NAME + ".torn";
    private static final int CHUNK = 1 << 16;

    /** The longest command: what a client may ask for, or the longest key with the longest value. */
    private static final int COMMAND_MAX = RequestParser.REQUEST_MAX + (1 << 20);

    private final Directory folder;
    private final File file;
    private final Store store;
    private final RequestParser parser = new RequestParser(COMMAND_MAX);
    private final Session session;
    private final long size;

    /** A part of the file, where it begins there, and how long it is. */
    private final byte[] window = new byte[CHUNK];

    private long windowAt;
    private int windowLength;

    /** Where the command, or the group, begins that is carried out. */
    private long at;

    private Replay(Directory folder, File file, Store store, Database database) throws IoException {
        this.folder = folder;
        this.file = file;
        this.store = store;
        this.session = new Session(store, database, parser.request(), 0);
        this.size = file.stat().size();
    }

    /** Carries all changes out. Answers how many bytes there are of them; what follows is cut off. */
    static long run(Directory folder, File file, Store store, Database database) throws IOException {
        return new Replay(folder, file, store, database).run();
    }

    private long run() throws IOException {
        try {
            performWithoutGroups();
            for (Group group = groupAt(at); group != null; group = groupAt(at)) {
                perform(group);
            }
        } catch (ProtocolException wrong) {
            throw damaged(wrong.what());
        } catch (CommandError wrong) {
            throw damaged(wrong.answer());
        }
        if (at < size) {
            if (!parser.begins('*')) {
                refuseIfSynced();
            }
            cutOff();
        }
        return at;
    }

    private void performWithoutGroups() throws IOException, ProtocolException {
        for (long offset = 0; offset < size; ) {
            int count = read(offset, CHUNK);
            feed(offset, count);
            offset += count;
            while (!groupsBegin() && parser.next()) {
                perform();
                at = parser.consumed();
            }
            if (groupsBegin()) {
                parser.clear();
                return;
            }
        }
        if (at < size && !parser.begins('*')) {
            throw new ProtocolException("no command begins there");
        }
    }

    /** Whether a group is next, or was: of the first one a power cut may have left a hole. */
    private boolean groupsBegin() {
        return parser.begins('#') || (at == 0 && parser.begins('\0'));
    }

    private void perform(Group group) throws IOException, ProtocolException {
        long end = at + Group.HEADER + group.length();
        for (long offset = at + Group.HEADER; offset < end; ) {
            int count = read(offset, end - offset);
            feed(offset, count);
            offset += count;
            while (parser.next()) {
                perform();
            }
        }
        if (parser.begins('*')) {
            throw new ProtocolException("a command is not complete");
        }
        at = end;
    }

    private void perform() throws ProtocolException {
        Request request = parser.request();
        Command command = Command.of(request);
        if (!request.isArray() || command == null || !(command.writes || command == Command.SELECT)) {
            throw new ProtocolException("'" + session.start(0) + "' is no command with which this store writes");
        }
        session.perform();
        session.replies.clear();
    }

    /** The group that begins there; null if there is none that is whole. */
    private @Nullable Group groupAt(long begin) throws IOException {
        if (begin > size - Group.HEADER) {
            return null;
        }
        if (read(begin, Group.HEADER) < Group.HEADER) {
            move(begin);
        }
        Group group = Group.of(window, (int) (begin - windowAt));
        long from = begin + Group.HEADER;
        if (group == null || group.length() > size - from) {
            return null;
        }
        CRC32C sum = group.begunSum();
        for (long offset = from; offset < from + group.length(); ) {
            int count = read(offset, from + group.length() - offset);
            sum.update(window, (int) (offset - windowAt), count);
            offset += count;
        }
        return (int) sum.getValue() == group.sum() ? group : null;
    }

    /** What is there and broken may not have been on the device, unless a later group says that it was. */
    private void refuseIfSynced() throws IOException {
        for (long begin = at + 1; begin <= size - Group.HEADER; begin++) {
            if (read(begin, Group.START.length) < Group.START.length) {
                move(begin);
            }
            int from = (int) (begin - windowAt);
            if (Arrays.equals(window, from, from + Group.START.length, Group.START, 0, Group.START.length)) {
                Group group = groupAt(begin);
                if (group != null) {
                    if (begin - group.unsynced() > at) {
                        throw damaged("what was written there is not what there is");
                    }
                    begin += group.length(); // and the line is looked through
                }
            }
        }
    }

    private void cutOff() throws IOException {
        String where;
        try (File torn = folder.openFile(TORN_NAME, OpenOptions.REPLACE)) {
            file.copyTo(torn, at, 0, size - at);
            where = "are in " + TORN_NAME;
        } catch (IoException failure) {
            where = "could not be kept: " + failure.getMessage();
        }
        file.truncate(at);
        store.log(LogProcess.NAME + " ended with what is not whole, and was not known to be on the device: its last "
                + (size - at) + " bytes were cut off, and " + where);
    }

    private void feed(long offset, int count) throws ProtocolException {
        int from = (int) (offset - windowAt);
        parser.feed(Arrays.copyOfRange(window, from, from + count));
    }

    /** How many bytes from there on are in the window, which is moved if there is none; so many at most. */
    private int read(long offset, long max) throws IOException {
        if (offset < windowAt || offset >= windowAt + windowLength) {
            move(offset);
        }
        return (int) Math.min(max, windowAt + windowLength - offset);
    }

    private void move(long offset) throws IOException {
        int length = 0;
        int most = (int) Math.min(CHUNK, size - offset);
        while (length < most) {
            int count = file.read(MemorySegment.ofArray(window).asSlice(length, most - length), offset + length);
            if (count <= 0) {
                throw new IOException(LogProcess.NAME + " has become shorter while it was read");
            }
            length += count;
        }
        windowAt = offset;
        windowLength = length;
    }

    private IOException damaged(String why) {
        return new IOException(LogProcess.NAME + " is damaged from byte " + at + " on (" + why + "). Nothing was"
                + " changed. To start with what comes before that, keep a copy and cut it off there: truncate -s "
                + at + " " + store.options().folder() + "/" + LogProcess.NAME);
    }
}
