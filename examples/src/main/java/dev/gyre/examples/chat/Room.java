package dev.gyre.examples.chat;

import dev.gyre.process.ExitReason;
import dev.gyre.process.Monitor;
import dev.gyre.process.Pid;
import dev.gyre.process.ProcessExit;
import dev.gyre.process.Self;
import dev.gyre.process.Server;
import dev.gyre.process.Signal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A room: who is in it, and to whom goes what one of them says, to all in the same order. It ends with its last member.
 */
final class Room implements Server {
    /** What it is sent. */
    sealed interface Request {}

    /** Somebody enters. Who was in the room before it failed is not announced again. */
    record Join(Pid member, String nick, boolean again) implements Request {}

    record Leave(Pid member) implements Request {}

    record Rename(Pid member, String nick) implements Request {}

    record Say(Pid member, String text) implements Request {}

    record Who(Pid member) implements Request {}

    private record Member(String nick, Monitor monitor) {}

    private final String name;
    private final Map<Pid, Member> members = new LinkedHashMap<>();

    Room(String name) {
        this.name = name;
    }

    @Override
    public void handle(Self self, Object message) {
        switch (message) {
            case Request request -> serve(self, request);
            case Signal.Down(_, Pid ended, _) -> leaves(ended);
            default -> {}
        }
    }

    private void serve(Self self, Request request) {
        switch (request) {
            case Join(Pid member, String nick, boolean again) -> {
                members.put(member, new Member(nick, self.monitor(member)));
                if (!again) {
                    tellOthers(member, "* " + nick + " has joined " + name);
                }
            }
            case Leave(Pid member) -> {
                Member known = members.get(member);
                if (known != null) {
                    self.demonitor(known.monitor);
                    leaves(member);
                }
            }
            case Rename(Pid member, String nick) -> {
                Member known = members.get(member);
                if (known != null) {
                    members.put(member, new Member(nick, known.monitor));
                    tellOthers(member, "* " + known.nick + " is " + nick + " now");
                }
            }
            case Say(Pid member, String text) -> {
                Member known = members.get(member);
                if (known != null) {
                    tellOthers(member, known.nick + ": " + text);
                }
            }
            case Who(Pid member) -> member.send(new Client.Line(members.values().stream()
                    .map(Member::nick)
                    .collect(Collectors.joining(", ", "* In " + name + ": ", ""))));
        }
    }

    private void leaves(Pid member) {
        Member left = members.remove(member);
        if (left != null) {
            tellOthers(member, "* " + left.nick + " has left " + name);
        }
        if (members.isEmpty()) {
            throw new ProcessExit(ExitReason.NORMAL);
        }
    }

    /** Does not wait: a client whose mailbox is full loses the line. */
    private void tellOthers(Pid from, String text) {
        Client.Line line = new Client.Line(text);
        for (Pid member : members.keySet()) {
            if (member != from) {
                member.send(line);
            }
        }
    }
}
