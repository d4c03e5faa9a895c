import dev.gyre.io.*;

/** A SOCKS5 proxy (RFC 1928), an echo server behind it, and clients that want what there is and what there is not. */
static final int CLIENTS = 16;
static final int STEP = 20_000;
static final Timeout LONG = Timeout.after(Duration.ofSeconds(30));

void serve(Io io, Connection client) throws Exception {
    try (client) {
        BufferedSource in = new BufferedSource(client);
        Connection target = io.within(LONG, () -> greet(io, client, in));
        if (target == null) {
            return;
        }
        try (target; Group<IoException> both = io.group()) {
            both.concurrent(() -> {
                in.transferTo(target);
                target.shutdown(Direction.WRITE);
            });
            both.concurrent(() -> {
                target.transferTo(client);
                client.shutdown(Direction.WRITE);
            });
            both.await();
        }
    }
}

/** The connection that the client wants; null if it was told that it has none. */
Connection greet(Io io, Connection client, BufferedSource in) throws IoException {
    if (in.readByte() != 5) {
        return null;
    }
    in.skip(in.readByte());
    client.writeAll(new byte[] {5, 0});
    in.skip(3);
    String host = in.readByte() == 3 ? in.readText(in.readByte()) : "127.0.0." + in.readExactly(4)[3];
    int port = in.readShort() & 0xffff;
    Connection target = null;
    int code = 0;
    try {
        target = io.connect(host, port);
    } catch (IoException failed) {
        code = switch (failed.reason()) {
            case CONNECTION_REFUSED -> 5;
            case BAD_HOST_NAME, UNKNOWN_HOST -> 4;
            default -> 1;
        };
    }
    client.writeAll(new byte[] {5, (byte) code, 0, 1, 0, 0, 0, 0, 0, 0});
    return target;
}

/** How many bytes came back; or, negative, the proxy's answer. */
int ask(Io io, Address proxy, String host, int port, int length) throws Exception {
    try (Connection connection = io.connect(proxy);
            BufferedSource in = new BufferedSource(connection)) {
        BufferedSink out = new BufferedSink(connection);
        out.writeAll(new byte[] {5, 1, 0, 5, 1, 0});
        if (host.equals("127.0.0.1")) {
            out.writeAll(new byte[] {1, 127, 0, 0, 1});
        } else {
            out.writeByte(3);
            out.writeByte(host.length());
            out.writeText(host);
        }
        out.writeShort(port);
        out.flush();
        in.skip(2);
        int code = in.readExactly(10)[1];
        if (code != 0) {
            return -code;
        }
        byte[] sent = new byte[length];
        io.random().nextBytes(sent);
        Task<Void, IoException> writing = io.concurrent(() -> {
            connection.writeAll(sent);
            connection.shutdown(Direction.WRITE);
            return null;
        });
        byte[] received = io.within(LONG, () -> in.readAll(length + 1));
        writing.await();
        return Arrays.equals(sent, received) ? length : 0;
    }
}

void main(String[] arguments) throws Exception {
    try (Io io = Io.open(IoOptions.DEFAULT.withBackend(arguments[0]));
            Listener echo = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT);
            Listener nobody = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT);
            Listener proxy = io.listen(Ip4Address.loopback(0), ListenOptions.DEFAULT);
            Group<Exception> servers = io.group(Throwable::printStackTrace)) {
        servers.concurrent(() -> {
            while (true) {
                Connection accepted = echo.accept();
                servers.concurrent(() -> {
                    try (accepted) {
                        accepted.transferTo(accepted);
                    }
                });
            }
        });
        servers.concurrent(() -> {
            while (true) {
                Connection accepted = proxy.accept();
                servers.concurrent(() -> serve(io, accepted));
            }
        });
        int port = ((IpAddress) echo.localAddress()).port();
        int dead = ((IpAddress) nobody.localAddress()).port();
        nobody.close();
        Address where = proxy.localAddress();
        List<Task<Integer, Exception>> asking = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            String host = i % 2 == 0 ? "127.0.0.1" : "localhost";
            int length = i * STEP + 1;
            asking.add(io.concurrent(() -> ask(io, where, host, port, length)));
        }
        asking.add(io.concurrent(() -> ask(io, where, "localhost", dead, 1)));
        asking.add(io.concurrent(() -> ask(io, where, "no host", dead, 1)));
        int bytes = 0;
        List<Integer> refused = new ArrayList<>();
        for (Task<Integer, Exception> each : asking) {
            int count = each.await();
            if (count > 0) {
                bytes += count;
            } else {
                refused.add(count);
            }
        }
        IO.println(io.backend() + ": " + bytes + " bytes, refused " + refused);
    }
}
