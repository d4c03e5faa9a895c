package dev.gyre.names;

import dev.gyre.io.BufferedSource;
import dev.gyre.io.Clock;
import dev.gyre.io.Connection;
import dev.gyre.io.Datagram;
import dev.gyre.io.DatagramOptions;
import dev.gyre.io.DatagramSocket;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.Timeout;
import dev.gyre.io.Timestamp;
import dev.gyre.names.Messages.Reply;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Questions put to one server, and what it says to them.
 *
 * <p>Who wants to answer in the server's place has to guess the port, which the kernel chooses at random for each
 * exchange, and the id, which is chosen anew for each time that a question is sent (RFC 5452); the socket is connected,
 * so that the kernel drops what comes from other addresses. What does not fit a question is passed over, and costs the
 * server none of its time.
 */
final class Exchange implements AutoCloseable {
    /** The greatest reply without EDNS (RFC 1035 §4.2.1). */
    private static final int PLAIN_PAYLOAD_MAX = 512;

    private static final int MESSAGE_MAX = 0xffff;

    private final Io io;
    private final IpAddress server;
    private final Duration timeout;
    private final DatagramSocket socket;
    private final Datagram room;
    private final byte[] buffer;
    private final List<Asked> open = new ArrayList<>();
    private int payloadMax;
    private Timestamp deadline;
    private long idBits;
    private int idsLeft;

    /** A question under way, with EDNS or without. */
    private record Asked(Question question, int id, int payloadMax) {
        byte[] query() {
            return Messages.query(id, question.name(), question.family(), payloadMax);
        }
    }

    /** A reply to a question. */
    record Answered(Question question, Reply reply) {}

    private Exchange(Io io, IpAddress server, Duration timeout, int payloadMax, DatagramSocket socket) {
        this.io = io;
        this.server = server;
        this.timeout = timeout;
        this.payloadMax = payloadMax;
        this.socket = socket;
        this.buffer = new byte[Math.max(payloadMax, PLAIN_PAYLOAD_MAX)];
        this.room = new Datagram(MemorySegment.ofArray(buffer));
        this.deadline = io.now(Clock.AWAKE).plus(timeout);
    }

    /**
     * Makes the socket. Asks nothing yet.
     *
     * @param io whose
     * @param server whom to ask
     * @param timeout how long the server has for each answer
     * @param payloadMax of {@link dev.gyre.io.NameConfiguration}
     * @throws IoException if there is no way to the server, or no socket; nothing stays open
     */
    static Exchange open(Io io, IpAddress server, Duration timeout, int payloadMax) throws IoException {
        IpAddress any = switch (server) {
            case Ip4Address _ -> Ip4Address.unspecified(0);
            case Ip6Address _ -> Ip6Address.unspecified(0);
        };
        DatagramSocket socket = io.bind(any, DatagramOptions.DEFAULT);
        boolean connected = false;
        try {
            socket.connect(server);
            connected = true;
            return new Exchange(io, server, timeout, payloadMax, socket);
        } finally {
            if (!connected) {
                socket.close();
            }
        }
    }

    /** Sends questions. From now on the server has its time again. A cancellation point. */
    void ask(List<Question> questions) throws IoException {
        List<Datagram> datagrams = new ArrayList<>(questions.size());
        for (Question question : questions) {
            open.removeIf(asked -> asked.question == question);
            Asked asked = new Asked(question, newId(), payloadMax);
            open.add(asked);
            datagrams.add(new Datagram(MemorySegment.ofArray(asked.query())));
        }
        deadline = io.now(Clock.AWAKE).plus(timeout);
        for (int sent = 0; sent < datagrams.size(); ) {
            sent += socket.send(datagrams.subList(sent, datagrams.size()));
        }
    }

    /** Different from all that are under way. Chance comes from the kernel, four ids at a time. */
    private int newId() {
        while (true) {
            if (idsLeft == 0) {
                idBits = io.randomSecure().nextLong();
                idsLeft = Long.BYTES / Short.BYTES;
            }
            idsLeft--;
            int id = (int) (idBits >>> (idsLeft * Short.SIZE)) & 0xffff;
            if (open.stream().noneMatch(asked -> asked.id == id)) {
                return id;
            }
        }
    }

    /**
     * Waits for a reply to a question that was asked here. A cancellation point; the next call goes on where it was.
     *
     * @return null when the server's time is over
     * @throws IoException if the server cannot be reached
     */
    @Nullable Answered receive() throws IoException {
        while (true) {
            for (Asked asked : open) {
                if (asked.question.isTruncated()) {
                    Reply reply = stream(asked);
                    open.remove(asked);
                    // What the other question was answered meanwhile is still to be received.
                    deadline = io.now(Clock.AWAKE).plus(timeout);
                    return reply == null ? null : new Answered(asked.question, reply);
                }
            }
            try {
                io.within(Timeout.at(deadline), () -> {
                    socket.receive(room);
                    return room;
                });
            } catch (TimeoutException _) {
                return null;
            }
            Answered answered = answered();
            if (answered != null) {
                return answered;
            }
        }
    }

    /** Null for what is to be passed over, and where the question has to be asked again. */
    private @Nullable Answered answered() throws IoException {
        ByteBuffer message = ByteBuffer.wrap(buffer, 0, room.length());
        int id = Messages.replyId(message);
        for (Asked asked : open) {
            if (asked.id == id) {
                Reply reply = room.isTruncated()
                        ? new Reply.Truncated()
                        : Messages.reply(message, asked.question.name(), asked.question.family());
                return reply == null ? null : finished(asked, reply);
            }
        }
        return null;
    }

    private @Nullable Answered finished(Asked asked, Reply reply) throws IoException {
        switch (reply) {
            case Reply.Truncated _ -> {
                asked.question.markTruncated();
                return null;
            }
            case Reply.NoExtensions _ when asked.payloadMax > 0 -> {
                payloadMax = 0;
                ask(List.of(asked.question));
                return null;
            }
            case Reply.NoExtensions _, Reply.Addresses _, Reply.Alias _, Reply.NoData _, Reply.NoSuchName _,
                    Reply.Useless _ -> {
                open.remove(asked);
                return new Answered(asked.question, reply);
            }
        }
    }

    /** Asks by TCP (RFC 7766): each message has its length before it. Null when the server's time is over. */
    private @Nullable Reply stream(Asked asked) throws IoException {
        byte[] query = asked.query();
        byte[] framed = ByteBuffer.allocate(Short.BYTES + query.length)
                .putShort((short) query.length)
                .put(query)
                .array();
        try {
            return io.within(Timeout.after(timeout), () -> {
                try (Connection connection = io.connect(server);
                        BufferedSource source = new BufferedSource(connection)) {
                    connection.writeAll(framed);
                    byte[] message = new byte[source.readShort() & MESSAGE_MAX];
                    source.readFully(message);
                    return streamed(ByteBuffer.wrap(message), asked);
                }
            });
        } catch (TimeoutException _) {
            return null;
        }
    }

    private static Reply streamed(ByteBuffer message, Asked asked) {
        Reply reply = Messages.replyId(message) == asked.id
                ? Messages.reply(message, asked.question.name(), asked.question.family())
                : null;
        if (reply == null) {
            return new Reply.Useless("a reply to another question");
        }
        return reply instanceof Reply.Truncated ? new Reply.Useless("a truncated reply over TCP") : reply;
    }

    @Override
    public void close() {
        socket.close();
    }

    @Override
    public String toString() {
        return server.toString();
    }
}
