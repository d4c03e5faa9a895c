package dev.gyre.examples.store;

import dev.gyre.io.IoException;
import dev.gyre.io.Timeout;
import dev.gyre.process.CallException;
import dev.gyre.process.ExitReason;
import dev.gyre.process.ProcessExit;
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
 * it has seen. So nobody ever learns of something that a crash could undo; unless the file cannot be written, and the
 * client reads.
 */
final class ConnectionProcess {
    /** With so many bytes of replies, those that are there go first. */
    private static final int REPLIES_MAX = 1 << 16;

    private final Store store;
    private final Self self;
    private final TcpSocket socket;
    private final RequestParser parser = new RequestParser();
    private final Session session;
    private final Store.Current current;

    /** What is wrong with what the client has sent; nothing more is read then. */
    private @Nullable ProtocolException wrong;

    /** Whether the last reply would have been too long. */
    private boolean overflown;

    private ConnectionProcess(Store store, long number, Self self, TcpSocket socket) {
        this.store = store;
        this.self = self;
        this.socket = socket;
        this.current = store.current();
        this.session = new Session(store, current.database(), parser.request(), number);
        session.replies.lengthMax(store.options().replyMax());
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
        while (!session.ends) {
            byte[] received = socket.receive(0);
            try {
                parser.feed(received);
            } catch (ProtocolException tooLong) {
                refuse(tooLong);
            }
            while (perform()) {
                answer();
            }
            parser.shrink();
        }
        if (wrong != null) {
            session.replies.error("ERR Protocol error: " + wrong.what());
            answer();
        }
        if (overflown) {
            store.log("client " + session.id + " was disconnected, as it has asked for a reply of more than "
                    + store.options().replyMax() + " bytes (--reply-max)");
        }
        socket.close();
    }

    private void refuse(ProtocolException what) {
        wrong = what;
        session.ends = true;
    }

    /** Carries out requests that are there. False if there were none. */
    private boolean perform() {
        Database database = current.database();
        Journal journal = database.journal();
        int performed = 0;
        long position;
        boolean refused;
        synchronized (database) {
            if (database.isAbandoned()) {
                throw new ProcessExit(ExitReason.SHUTDOWN);
            }
            database.beginBatch();
            try {
                while (!session.ends && session.replies.length() < REPLIES_MAX && parser.next()) {
                    if (execute()) {
                        performed++;
                    }
                }
            } catch (ProtocolException what) {
                refuse(what); // what came before is answered, when it is safe
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
     * Carries a request out. False if its reply would be too long: then the client is told what came before, and no
     * more. A reply to a change never is; it has one string at most.
     *
     * <p>Should a change fail in the middle, for lack of memory say, the database may have what was not written down.
     * So it is read from the file again, by the process that takes the log's place.
     */
    private boolean execute() {
        int before = session.replies.length();
        boolean whole = false;
        try {
            session.execute();
            whole = true;
            return true;
        } catch (RespWriter.LimitException tooLong) {
            session.replies.cutOff(before);
            session.ends = true;
            overflown = true;
            whole = true;
            return false;
        } finally {
            if (!whole && session.changes()) {
                current.database().abandon();
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
