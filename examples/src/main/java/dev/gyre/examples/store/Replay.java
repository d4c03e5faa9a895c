package dev.gyre.examples.store;

import dev.gyre.io.Directory;
import dev.gyre.io.File;
import dev.gyre.io.OpenOptions;
import java.io.IOException;
import java.util.Arrays;

/**
 * Reads the file of changes, and carries them out.
 *
 * <p>The last command may be cut off: the store has ended while it was written, so nobody was told that it is there.
 * Whatever else is not as it should be is a reason not to start.
 */
final class Replay {
    private static final String TORN_NAME = LogProcess.NAME + ".torn";
    private static final int CHUNK = 1 << 16;

    private final Store store;
    private final RequestParser parser = new RequestParser();
    private final Session session;

    /** Where the command begins that is carried out. */
    private long at;

    private Replay(Store store, Database database) {
        this.store = store;
        this.session = new Session(store, database, parser.request(), 0);
    }

    /** Carries all changes out. Answers how many bytes there are of them; what follows is cut off. */
    static long run(Directory folder, File file, Store store, Database database) throws IOException {
        return new Replay(store, database).run(folder, file);
    }

    private long run(Directory folder, File file) throws IOException {
        byte[] chunk = new byte[CHUNK];
        long offset = 0;
        for (int count = file.read(chunk, offset); count > 0; count = file.read(chunk, offset)) {
            offset += count;
            try {
                parser.feed(Arrays.copyOf(chunk, count));
                perform();
            } catch (ProtocolException wrong) {
                throw damaged(wrong.what());
            } catch (CommandError wrong) {
                throw damaged(wrong.answer());
            }
        }
        if (at < offset) {
            if (!parser.beginsArray()) {
                throw damaged("no command begins there");
            }
            try (File torn = folder.openFile(TORN_NAME, OpenOptions.REPLACE)) {
                file.copyTo(torn, at, 0, offset - at);
            }
            file.truncate(at);
            file.dataSync();
            store.log(LogProcess.NAME + " ended in the middle of a command, which nobody was told to be there: its"
                    + " last " + (offset - at) + " bytes were cut off, and are in " + TORN_NAME);
        }
        return at;
    }

    private void perform() throws ProtocolException {
        while (parser.next()) {
            Request request = parser.request();
            Command command = Command.of(request);
            if (!request.isArray() || command == null || !(command.writes || command == Command.SELECT)) {
                throw new ProtocolException("'" + session.start(0) + "' changes nothing");
            }
            session.perform();
            session.replies.clear();
            at = parser.consumed();
        }
    }

    private IOException damaged(String why) {
        return new IOException(LogProcess.NAME + " is damaged from byte " + at + " on (" + why + "). Nothing was"
                + " changed. To start with what comes before that, keep a copy and cut it off there: truncate -s "
                + at + " " + store.options().folder() + "/" + LogProcess.NAME);
    }
}
