package dev.gyre.examples.store;

import dev.gyre.io.IoException;
import dev.gyre.io.Timeout;
import dev.gyre.process.CallException;
import dev.gyre.process.ExitReason;
import dev.gyre.process.Self;
import dev.gyre.process.TcpSocket;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A process for each client. It takes what has come, carries out all requests that are complete, a batch, and answers
 * them with one message.
 *
 * <p>No process stands between it and the database: it has the monitor while it carries a batch out. Then it waits
 * until whatever the replies may tell of is as safe as the policy promises: its own changes, and those of others that
 * it has seen. So nobody ever learns of something that a crash could undo.
 */
final class ConnectionProcess {
    /** With so many bytes of replies, those that are there go first. */
    private static final int REPLIES_MAX = 1 << 16;

    private final Self self;
    private final TcpSocket socket;
    private final RequestParser parser = new RequestParser();
    private final Session session;
    private final Store.Current current;

    private ConnectionProcess(Store store, long number, Self self, TcpSocket socket) {
        this.self = self;
        this.socket = socket;
        this.current = store.current();
        this.session = new Session(store, current.database(), parser.request(), number);
    }

    /** Waits for the socket that it is given, and serves whoever is at its other end. */
    static void run(Store store, long number, Self self) {
        store.clientComes();
        AutoCloseable _ = self.own(store::clientGoes);
        self.ready();
        if (!(self.receive() instanceof TcpSocket socket)) {
            throw new IllegalArgumentException("the first message is the socket");
        }
        try {
            new ConnectionProcess(store, number, self, socket).serve();
        } catch (IoException gone) {
            // The client has gone. What it was not told of may be there or not.
        } catch (CallException ended) {
            // The process of the log has gone, and its supervisor is about to end this one.
        }
    }

    private void serve() throws IoException {
        try {
            while (!session.ends) {
                byte[] received = socket.receive(0);
                parser.feed(received);
                while (perform()) {
                    answer();
                }
                parser.shrink();
            }
        } catch (ProtocolException wrong) {
            session.replies.error("ERR Protocol error: " + wrong.what());
            answer();
        }
        socket.close();
    }

    /** Carries out requests that are there. False if there were none. */
    private boolean perform() throws ProtocolException {
        Database database = current.database();
        Journal journal = database.journal();
        int performed = 0;
        long position;
        boolean refused;
        synchronized (database) {
            database.beginBatch();
            while (!session.ends && session.replies.length() < REPLIES_MAX && parser.next()) {
                execute();
                performed++;
            }
            position = journal.position();
            refused = journal.failure() != null;
        }
        if (position > journal.committed() && !refused) {
            String failure = commit();
            if (failure != null) {
                session.replies.clear();
                for (int i = 0; i < performed; i++) {
                    session.replies.error(Session.unwritten(failure));
                }
            }
        }
        return performed > 0;
    }

    /**
     * Carries a request out. Should a change fail in the middle, for lack of memory say, the database may have what was
     * not written down. So it is read from the file again, by the process that takes the log's place.
     */
    private void execute() {
        boolean whole = false;
        try {
            session.execute();
            whole = true;
        } finally {
            if (!whole && session.changes()) {
                self.exit(current.log(), ExitReason.KILL);
            }
        }
    }

    /** Waits until all changes so far are safe. Answers why they are not. */
    private @Nullable String commit() {
        try {
            return self.<LogProcess.Outcome>call(current.log(), Timeout.NONE, LogProcess.Commit::new).failure();
        } catch (TimeoutException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private void answer() throws IoException {
        byte[] message = session.replies.toArray();
        session.replies.clear();
        socket.send(message);
    }
}
