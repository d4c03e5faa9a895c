package dev.gyre.benchmarks.programs;

import java.io.IOException;

/**
 * Requests and replies of 64 bytes. Counts the replies.
 *
 * @param window how many requests of a connection are under way at most
 * @param connections at least 1
 * @param near whether connections stay where they are accepted, and clients where the first one is
 */
record Exchange(int window, int connections, boolean near) implements Program {
    static final int SIZE = 64;

    private static final int READ_MAX = 8 << 10;

    @Override
    public void start(Platform platform, Gauge gauge) throws IOException {
        if (near) {
            Platform.Door door = platform.listen();
            platform.start(() -> {
                platform.startNear(() -> {
                    while (true) {
                        Platform.Wire wire = door.accept();
                        platform.startNear(() -> answer(wire));
                    }
                });
                for (int i = 0; i < connections; i++) {
                    platform.startNear(() -> ask(platform.connect(door), gauge));
                }
            });
            return;
        }
        Platform.Door door = Platform.serve(platform, Exchange::answer);
        for (int i = 0; i < connections; i++) {
            platform.start(() -> ask(platform.connect(door), gauge));
        }
    }

    private void ask(Platform.Wire wire, Gauge gauge) throws IOException {
        byte[] request = new byte[SIZE];
        byte[] replies = new byte[READ_MAX];
        int rest = 0;
        for (int i = 0; i < window; i++) {
            wire.write(request, 0, SIZE);
        }
        while (true) {
            int count = wire.read(replies, 0, replies.length);
            if (count < 0) {
                return;
            }
            for (rest += count; rest >= SIZE; rest -= SIZE) {
                gauge.count();
                wire.write(request, 0, SIZE);
            }
        }
    }

    /** Answers each request by a write of its own. */
    static void answer(Platform.Wire wire) throws IOException {
        byte[] requests = new byte[READ_MAX];
        int filled = 0;
        while (true) {
            int count = wire.read(requests, filled, requests.length - filled);
            if (count < 0) {
                wire.close();
                return;
            }
            filled += count;
            int answered = 0;
            for (; filled - answered >= SIZE; answered += SIZE) {
                wire.write(requests, answered, SIZE);
            }
            System.arraycopy(requests, answered, requests, 0, filled - answered);
            filled -= answered;
        }
    }
}
