package dev.gyre.benchmarks.programs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A chat: what one client says, all others hear. Counts the lines that are heard.
 *
 * <p>A client has two tasks, one that says something and one that hears, and says so many lines at most more than it
 * has heard from each of the others. The server has two tasks for each client: one that passes on what the client says
 * to the queues of the others, and one that writes a line at a time from its own queue.
 *
 * @param clients at least 2
 */
record Chat(int clients) implements Program {
    private static final int LINE = 32;
    private static final int STORED_MAX = 16;
    private static final int AHEAD_MAX = 64;

    private record Member(Platform.Wire wire, Platform.Line<byte[]> out) {}

    @Override
    public void start(Platform platform, Gauge gauge) throws IOException {
        Platform.Door door = platform.listen();
        platform.start(() -> serve(platform, door));
        for (int i = 0; i < clients; i++) {
            platform.start(() -> {
                Platform.Wire wire = platform.connect(door);
                Platform.Line<Boolean> ahead = platform.line(AHEAD_MAX);
                platform.startNear(() -> say(wire, ahead));
                hear(wire, ahead, gauge);
            });
        }
    }

    private void serve(Platform platform, Platform.Door door) throws IOException {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            members.add(new Member(door.accept(), platform.line(STORED_MAX)));
        }
        for (Member member : members) {
            platform.start(() -> {
                platform.startNear(() -> tell(member));
                listen(member, members);
            });
        }
    }

    private static void listen(Member member, List<Member> members) throws Exception {
        byte[] line = new byte[LINE];
        while (Platform.readAll(member.wire, line)) {
            byte[] said = line.clone();
            for (Member other : members) {
                if (other != member) {
                    other.out.put(said);
                }
            }
        }
    }

    private static void tell(Member member) throws Exception {
        while (true) {
            byte[] line = member.out.take();
            member.wire.write(line, 0, line.length);
        }
    }

    private static void say(Platform.Wire wire, Platform.Line<Boolean> ahead) throws Exception {
        byte[] line = new byte[LINE];
        while (true) {
            ahead.put(true);
            wire.write(line, 0, LINE);
        }
    }

    private void hear(Platform.Wire wire, Platform.Line<Boolean> ahead, Gauge gauge) throws Exception {
        byte[] line = new byte[LINE];
        for (int heard = 1; Platform.readAll(wire, line); heard++) {
            gauge.count();
            if (heard % (clients - 1) == 0) {
                ahead.take();
            }
        }
    }
}
