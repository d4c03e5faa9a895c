package dev.gyre.names;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Action;
import dev.gyre.io.BufferedSource;
import dev.gyre.io.ConcurrencyUnavailable;
import dev.gyre.io.Connection;
import dev.gyre.io.Datagram;
import dev.gyre.io.DatagramOptions;
import dev.gyre.io.DatagramSocket;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A name server on the loopback address that answers as it is told, by UDP and TCP on one port. */
final class LyingServer implements AutoCloseable {
    private static final int ROOM = 4096;

    private final Io io;
    private final Script script;
    private final DatagramSocket socket;
    private final Listener listener;
    private final Group<RuntimeException> tasks;
    private final List<Ask> asks = new CopyOnWriteArrayList<>();

    /** What it does with a question. */
    interface Script {
        void answer(Ask ask) throws Exception;
    }

    /** A question, and the way back to who asked it. */
    abstract static class Ask {
        final Message query;
        final IpAddress from;
        final boolean stream;

        Ask(Message query, IpAddress from, boolean stream) {
            this.query = query;
            this.from = from;
            this.stream = stream;
        }

        abstract void send(byte[] message) throws IOException;

        final void send(Message message) throws IOException {
            send(message.toWire());
        }

        final String name() {
            return query.getQuestion().getName().toString(true);
        }

        final boolean isFor6() {
            return query.getQuestion().getType() == Type.AAAA;
        }

        /** An answer with these records, of which those of the other family are left out. */
        final Message answer(int rcode, Record... records) {
            Message message = new Message(query.getHeader().getID());
            message.getHeader().setFlag(Flags.QR);
            message.getHeader().setFlag(Flags.RD);
            message.getHeader().setFlag(Flags.RA);
            message.getHeader().setRcode(rcode);
            message.addRecord(query.getQuestion(), Section.QUESTION);
            for (Record record : records) {
                int type = record.getType();
                if (type == query.getQuestion().getType() || type == Type.CNAME) {
                    message.addRecord(record, Section.ANSWER);
                }
            }
            return message;
        }

        final void reply(int rcode, Record... records) throws IOException {
            send(answer(rcode, records));
        }

        final void reply(Record... records) throws IOException {
            reply(Rcode.NOERROR, records);
        }

        /** As a server says that there is nothing more to be known. */
        final void replyNoData() throws IOException {
            Message message = answer(Rcode.NOERROR);
            Name zone = LyingServer.name("example.");
            message.addRecord(new SOARecord(zone, DClass.IN, 60, zone, zone, 1, 1, 1, 1, 1), Section.AUTHORITY);
            send(message);
        }

        final void replyTruncated() throws IOException {
            Message message = answer(Rcode.NOERROR);
            message.getHeader().setFlag(Flags.TC);
            send(message);
        }
    }

    private LyingServer(Io io, Script script, DatagramSocket socket, Listener listener) {
        this.io = io;
        this.script = script;
        this.socket = socket;
        this.listener = listener;
        this.tasks = io.group(thrown -> {
            throw new AssertionError("the server failed", thrown);
        });
    }

    static LyingServer start(Io io, Script script) throws Exception {
        while (true) {
            DatagramSocket socket = io.bind(Ip4Address.loopback(0), DatagramOptions.DEFAULT);
            try {
                Listener listener = io.listen(socket.localAddress(), ListenOptions.DEFAULT);
                LyingServer server = new LyingServer(io, script, socket, listener);
                server.task(server::serveDatagrams);
                server.task(server::serveStreams);
                return server;
            } catch (IoException taken) {
                socket.close();
                if (taken.reason() != Reason.ADDRESS_IN_USE) {
                    throw taken;
                }
            }
        }
    }

    /** One that never answers. */
    static LyingServer silent(Io io) throws Exception {
        return start(io, ask -> {});
    }

    private void task(Action<Exception> action) throws ConcurrencyUnavailable {
        tasks.concurrent(() -> {
            try {
                action.run();
            } catch (RuntimeException unchecked) {
                throw unchecked;
            } catch (Exception failed) {
                throw new AssertionError("the script failed", failed);
            }
        });
    }

    IpAddress address() throws IoException {
        return (IpAddress) socket.localAddress();
    }

    /** What was asked up to now. */
    List<Ask> asks() {
        return asks;
    }

    List<String> names() {
        return asks.stream().map(Ask::name).distinct().toList();
    }

    private void serveDatagrams() throws Exception {
        byte[] buffer = new byte[ROOM];
        while (true) {
            Datagram datagram = socket.receive(MemorySegment.ofArray(buffer));
            Message query = new Message(ByteBuffer.wrap(buffer.clone(), 0, datagram.length()));
            answer(new Ask(query, (IpAddress) datagram.address(), false) {
                @Override
                void send(byte[] message) throws IOException {
                    socket.send(MemorySegment.ofArray(message), from);
                }
            });
        }
    }

    private void serveStreams() throws Exception {
        while (true) {
            Connection connection = listener.accept();
            task(() -> serve(connection));
        }
    }

    private void serve(Connection accepted) throws Exception {
        try (Connection connection = accepted; BufferedSource source = new BufferedSource(connection)) {
            byte[] query = new byte[source.readShort() & 0xffff];
            source.readFully(query);
            answer(new Ask(new Message(query), (IpAddress) connection.remoteAddress(), true) {
                @Override
                void send(byte[] message) throws IOException {
                    byte[] framed = ByteBuffer.allocate(2 + message.length)
                            .putShort((short) message.length)
                            .put(message)
                            .array();
                    // The length in two pieces, and the message in some.
                    connection.writeAll(framed, 0, 1);
                    io.sleep(Duration.ofMillis(1));
                    int half = framed.length / 2;
                    connection.writeAll(framed, 1, half);
                    io.sleep(Duration.ofMillis(1));
                    connection.writeAll(framed, 1 + half, framed.length - half - 1);
                }
            });
        } catch (IoException gone) {
            // The client has had enough.
            assertThat(gone.reason())
                    .isIn(Reason.BROKEN_PIPE, Reason.CONNECTION_RESET, Reason.END_OF_STREAM, Reason.NOT_CONNECTED);
        }
    }

    private void answer(Ask ask) throws Exception {
        asks.add(ask);
        script.answer(ask);
    }

    @Override
    public void close() throws IoException {
        tasks.close();
        socket.close();
        listener.close();
    }

    static Name name(String text) {
        try {
            return Name.fromString(text, Name.root);
        } catch (IOException wrong) {
            throw new UncheckedIOException(wrong);
        }
    }

    static Record a(String name, String address) {
        try {
            return new ARecord(name(name), DClass.IN, 60, InetAddress.getByName(address));
        } catch (UnknownHostException wrong) {
            throw new UncheckedIOException(wrong);
        }
    }

    static Record aaaa(String name, String address) {
        try {
            return new AAAARecord(name(name), DClass.IN, 60, InetAddress.getByName(address));
        } catch (UnknownHostException wrong) {
            throw new UncheckedIOException(wrong);
        }
    }

    static Record cname(String name, String target) {
        return new CNAMERecord(name(name), DClass.IN, 60, name(target));
    }
}
