package dev.gyre.examples.chat;

import dev.gyre.io.IoException;
import dev.gyre.process.ActiveMode;
import dev.gyre.process.ExitReason;
import dev.gyre.process.Monitor;
import dev.gyre.process.Pid;
import dev.gyre.process.ProcessExit;
import dev.gyre.process.Self;
import dev.gyre.process.Server;
import dev.gyre.process.Signal;
import dev.gyre.process.SocketMessage;
import dev.gyre.process.TcpSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A connection: what its peer types are commands and lines for a room, and what others say is sent to it. */
final class Client implements Server {
    /** The connection is its own from now on. */
    record Handover() {}

    /** Something that its peer is to read. */
    record Line(String text) {}

    private static final String HELP = """
            * /nick NAME       be called so
            * /join ROOM       go into a room; there is one as soon as somebody is in it
            * /leave           leave it
            * /who             who is in it?
            * /msg NAME TEXT   tell somebody alone
            * /quit            go
            * Everything else is said to those in your room.""";

    private final TcpSocket connection;

    private String nick = "";

    /** Where it is, if it is in a room. */
    private @Nullable Membership membership;

    /** Whether what comes belongs to a line that is too long. */
    private boolean skips;

    /** How many lines have been lost, as far as the peer was told. */
    private long lost;

    private boolean ends;

    private record Membership(String name, Pid room, Monitor monitor) {}

    Client(TcpSocket connection) {
        this.connection = connection;
    }

    @Override
    public void begin(Self self) {
        if (self.receive(Chat.MOMENT, message -> message instanceof Handover ? message : null) == null) {
            throw new ProcessExit(ExitReason.NORMAL); // the acceptor has failed just now
        }
        nick = takeFirst(self, List.of(guestName(self)));
        self.pid().send(new Line("* Welcome, " + nick + ". /help tells what you can do here."));
    }

    @Override
    public void handle(Self self, Object message) {
        try {
            switch (message) {
                case Line(String text) -> show(self, text);
                case SocketMessage.Data data -> {
                    read(self, data);
                    connection.setActive(ActiveMode.ONCE);
                }
                case Signal.Down(Monitor monitor, _, _) -> roomEnded(self, monitor);
                case SocketMessage.Closed _ -> leave();
                default -> {} // the beginning of a line, which the end has cut
            }
        } catch (IoException gone) {
            leave(); // the peer has gone, or has not read for too long
        }
    }

    @Override
    public void end(Self self) {
        if (!ends) {
            try {
                connection.send("* The server ends this connection. Good bye!\n".getBytes(StandardCharsets.UTF_8));
            } catch (IoException gone) {
                // So it knows.
            }
        }
    }

    private void leave() {
        ends = true;
        throw new ProcessExit(ExitReason.NORMAL);
    }

    private void show(Self self, String text) throws IoException {
        connection.send((text + "\n").getBytes(StandardCharsets.UTF_8));
        long dropped = self.node().info(self.pid()).orElseThrow().dropped();
        if (dropped > lost) {
            long more = dropped - lost;
            lost = dropped;
            show(self, "* " + more + " lines were lost here, since you read too slowly.");
        }
    }

    private void read(Self self, SocketMessage.Data data) throws IoException {
        boolean isWhole = data.bytes()[data.bytes().length - 1] == '\n';
        boolean isRest = skips;
        skips = !isWhole;
        if (isRest) {
            return;
        }
        if (!isWhole) {
            show(self, "* A line has " + Chat.LINE_MAX + " bytes at most. That one was not read.");
            return;
        }
        // Nobody may move the cursor of others.
        String line = data.text().replaceAll("\\p{Cc}", "").strip();
        if (line.startsWith("/")) {
            String[] words = line.split("\\s+", 2);
            obey(self, words[0].toLowerCase(Locale.ROOT), words.length == 1 ? "" : words[1]);
        } else if (!line.isEmpty()) {
            say(self, line);
        }
    }

    private void obey(Self self, String command, String rest) throws IoException {
        switch (command) {
            case "/nick" -> rename(self, rest);
            case "/join" -> join(self, rest);
            case "/leave" -> {
                if (membership != null) {
                    leaveRoom(self, membership);
                    show(self, "* You are in no room.");
                } else {
                    showNoRoom(self);
                }
            }
            case "/who" -> {
                if (membership != null) {
                    membership.room.send(new Room.Who(self.pid()));
                } else {
                    showNoRoom(self);
                }
            }
            case "/msg" -> tell(self, rest);
            case "/help" -> show(self, HELP);
            case "/quit" -> {
                show(self, "* Good bye!");
                leave();
            }
            default -> show(self, "* There is no " + command + ". /help tells what there is.");
        }
    }

    private void showNoRoom(Self self) throws IoException {
        show(self, "* You are in no room. Go into one with /join ROOM.");
    }

    private void say(Self self, String text) throws IoException {
        if (membership != null) {
            membership.room.send(new Room.Say(self.pid(), text));
        } else {
            showNoRoom(self);
        }
    }

    private void tell(Self self, String rest) throws IoException {
        String[] words = rest.split("\\s+", 2);
        if (words.length < 2) {
            show(self, "* To tell somebody: /msg NAME TEXT");
            return;
        }
        Pid other = self.node().whereIs(registered(words[0]));
        if (other == null) {
            show(self, "* Nobody is called " + words[0] + ".");
        } else {
            other.send(new Line(nick + " (to you): " + words[1]));
        }
    }

    // Names.

    private void rename(Self self, String wanted) throws IoException {
        if (!Chat.isName(wanted)) {
            show(self, "* A name has 1 to 20 letters and digits.");
            return;
        }
        if (isTaken(self, wanted)) {
            show(self, "* Somebody else is called " + wanted + ".");
            return;
        }
        self.node().unregister(registered(nick));
        nick = takeFirst(self, List.of(wanted, nick, guestName(self)));
        if (membership != null) {
            membership.room.send(new Room.Rename(self.pid(), nick));
        }
        show(self, "* You are " + nick + " now.");
    }

    private boolean isTaken(Self self, String name) {
        Pid other = self.node().whereIs(registered(name));
        return name.toLowerCase(Locale.ROOT).startsWith("guest") || (other != null && other != self.pid());
    }

    /** Registers under the first name that nobody has; others may take one at the same time. */
    private static String takeFirst(Self self, List<String> names) {
        for (String name : names) {
            try {
                self.register(registered(name));
                return name;
            } catch (IllegalArgumentException taken) {
                // the next
            }
        }
        throw new IllegalStateException("none of " + names + " is free");
    }

    /** Nobody else's: pids are unique, and others cannot call themselves so. */
    private static String guestName(Self self) {
        return "guest" + self.pid().toString().replaceAll("\\D", "");
    }

    private static String registered(String name) {
        return "client " + name.toLowerCase(Locale.ROOT);
    }

    // Rooms.

    private void join(Self self, String name) throws IoException {
        if (!Chat.isName(name)) {
            show(self, "* A room's name has 1 to 20 letters and digits.");
            return;
        }
        if (membership != null) {
            leaveRoom(self, membership);
        }
        enter(self, name, false);
        show(self, "* You are in " + name + ".");
    }

    private void enter(Self self, String name, boolean again) {
        Pid room = Chat.room(self.node(), name);
        membership = new Membership(name, room, self.monitor(room));
        room.send(new Room.Join(self.pid(), nick, again));
    }

    private void leaveRoom(Self self, Membership left) {
        self.demonitor(left.monitor);
        left.room.send(new Room.Leave(self.pid()));
        membership = null;
    }

    /** It has failed; or it ended, having been empty, at the moment when this came in. */
    private void roomEnded(Self self, Monitor monitor) throws IoException {
        if (membership != null && membership.monitor == monitor) {
            String name = membership.name;
            enter(self, name, true);
            show(self, "* " + name + " has failed. You are in it again; what was just said may be lost.");
        }
    }
}
