package dev.gyre.process;

import dev.gyre.io.Placement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a process is started.
 *
 * @param name under which it is registered from its beginning, if any
 * @param mailbox a limit for its mailbox; unbounded without
 * @param placement where its task should run
 * @param externalIo whether it may use sockets
 * @param owned what it owns from its beginning; see {@link #withOwned}
 */
public record SpawnOptions(
        Optional<String> name,
        Optional<MailboxLimit> mailbox,
        Placement placement,
        boolean externalIo,
        List<AutoCloseable> owned) {
    /** No name, an unbounded mailbox, near the one that spawns it unless many wait to start there, with sockets. */
    public static final SpawnOptions DEFAULT =
            new SpawnOptions(Optional.empty(), Optional.empty(), Placement.BALANCED, true, List.of());

    /** Refuses an empty name. */
    public SpawnOptions {
        name.ifPresent(Names::check);
        owned = List.copyOf(owned);
    }

    /**
     * The same with a name.
     *
     * @param newName under which the process is registered
     * @return the options
     */
    public SpawnOptions withName(String newName) {
        return new SpawnOptions(Optional.of(newName), mailbox, placement, externalIo, owned);
    }

    /**
     * The same with a bounded mailbox.
     *
     * @param messages 1 or more
     * @param overflow what becomes of one more
     * @return the options
     */
    public SpawnOptions withMailbox(int messages, MailboxLimit.Overflow overflow) {
        return new SpawnOptions(
                name, Optional.of(new MailboxLimit(messages, overflow)), placement, externalIo, owned);
    }

    /**
     * The same with another placement.
     *
     * @param newPlacement where the process should run
     * @return the options
     */
    public SpawnOptions withPlacement(Placement newPlacement) {
        return new SpawnOptions(name, mailbox, newPlacement, externalIo, owned);
    }

    /**
     * The same for a process that may use no sockets: what it calls of {@link Sockets} and of sockets, except to close
     * them, throws {@link ExternalIoDenied}, and nobody can hand one over to it. So it is for processes that it starts.
     *
     * <p>This is a plan that is kept, and no prison: whoever has an {@link dev.gyre.io.Io} can use that.
     *
     * @return the options
     */
    public SpawnOptions withoutExternalIo() {
        return new SpawnOptions(name, mailbox, placement, false, owned);
    }

    /**
     * The same for a process that owns one more thing from its beginning, as if {@link Self#own} were its first call:
     * so that is closed even if the process is told to end before it runs. For one process.
     *
     * <pre>{@code
     * Connection connection = listener.accept();
     * self.spawn(SpawnOptions.DEFAULT.withOwned(connection), one -> serve(one, connection));
     * }</pre>
     *
     * @param resource a file, a connection. It stays the caller's if no process can be started
     * @return the options
     */
    public SpawnOptions withOwned(AutoCloseable resource) {
        List<AutoCloseable> more = new ArrayList<>(owned);
        more.add(resource);
        return new SpawnOptions(name, mailbox, placement, externalIo, more);
    }
}
