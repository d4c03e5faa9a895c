package dev.gyre.http;

import dev.gyre.http.Reply.Piece;
import dev.gyre.http.Reply.Response;
import dev.gyre.http.coding.Gzip;
import dev.gyre.io.Action;
import dev.gyre.io.CanceledException;
import dev.gyre.io.Connection;
import dev.gyre.io.Direction;
import dev.gyre.io.File;
import dev.gyre.io.IoException;
import dev.gyre.io.Timeout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One connection: read, answer, and again.
 *
 * <p><b>Pipelining.</b> Answers are gathered and sent when there is nothing left to parse, or no room left. A client
 * that sends ten requests at once gets ten answers in one write.
 *
 * <p><b>Idle connections are cheap.</b> A connection that has waited, for a second at most, and less where there are
 * many, gives its {@link Workspace} back and goes on waiting with one byte of its own. What stays is this object and
 * the stack of a task that does nothing but read.
 *
 * <p><b>Closing.</b> Closing a socket that has unread input makes the kernel send a reset, which can destroy an
 * answer that is still under way. So where the client may still be sending, only this end's direction is ended, and
 * input is thrown away for a moment (RFC 9112, 9.6).
 */
final class HttpConnection {
    /** The room that is there when a request is answered: for the head of a short answer, and to read a file with. */
    private static final int ROOM_BYTES_MIN = 4 << 10;

    /** How long a client may go on sending to a connection that is being closed, and how much. */
    private static final Duration LINGER = Duration.ofSeconds(2);

    private static final int LINGER_BYTES_MAX = 256 << 10;

    /** How much of a file is compressed at once. */
    private static final int COMPRESSED_BYTES = 16 << 10;

    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Service service;
    private final Connection connection;

    /** Null while the connection only waits. */
    private @Nullable Workspace workspace;

    /** What an idle connection waits with; made when it is first idle. */
    private @Nullable MemorySegment firstByte;

    /** The wall clock when it was last needed, or 0 if time has passed since. */
    private long now;

    /** How much of the present answer's body was sent, or gathered to be. */
    private long bodyBytes;

    /** The client's address, for the log. */
    private @Nullable String client;

    /** Whether {@link #endIfWaiting()} may end the connection. */
    private volatile boolean waiting;

    HttpConnection(Service service, Connection connection) {
        this.service = service;
        this.connection = connection;
    }

    /** Serves until either end has enough, and closes the connection. What a client can cause is not thrown. */
    void run() {
        guard(() -> {
            while (awaitRequest() && answerOne()) {
                // The next one.
            }
        });
    }

    /** Says that there is no room for another connection, and closes it. */
    void refuse() {
        guard(() -> {
            Response busy = Reply.busy("The server has as many connections as it may.");
            send(busy, workspace().parser, false);
            record(busy, workspace().parser, now());
            flush();
            linger();
        });
    }

    private void guard(Action<IoException> conversation) {
        try {
            workspace = service.workspaces.take();
            conversation.run();
        } catch (IoException gone) {
            Log.debug("a connection ended", gone);
        } catch (CanceledException stopped) {
            Log.debug("a connection was cut off", stopped);
        } catch (RuntimeException | Error fault) {
            service.fault.error(fault);
        } finally {
            giveBack();
            connection.close();
        }
    }

    /** Whether it waits for a request. Any thread may ask. */
    boolean isWaiting() {
        return waiting;
    }

    /** Ends the connection if it waits for a request. Any thread may call this. */
    void endIfWaiting() {
        if (waiting) {
            try {
                connection.shutdown(Direction.READ);
            } catch (IoException already) {
                Log.debug("a connection ended by itself", already);
            }
        }
    }

    /** Waits until there is something of a request. False if there will be none. */
    private boolean awaitRequest() throws IoException {
        if (workspace().in.hasRemaining()) {
            return true;
        }
        flush();
        waiting = true;
        try {
            // Whoever stops the server sets one of the two and then reads the other, and so does this.
            return !service.stopping && awaitInput();
        } finally {
            waiting = false;
        }
    }

    private boolean awaitInput() throws IoException {
        try {
            return service.io.within(service.briefly(), this::fill);
        } catch (TimeoutException quiet) {
            giveBack();
            return awaitFirstByte();
        }
    }

    private boolean awaitFirstByte() throws IoException {
        if (firstByte == null) {
            firstByte = Arena.ofAuto().allocate(1);
        }
        MemorySegment buffer = firstByte;
        try {
            if (service.io.within(service.idle, () -> connection.read(buffer)) < 0) {
                return false;
            }
        } catch (TimeoutException idle) {
            return false;
        }
        Workspace work = service.workspaces.take();
        work.in.limit(1).put(0, buffer.get(ValueLayout.JAVA_BYTE, 0));
        workspace = work;
        now = 0;
        return true;
    }

    /** Reads a request to its end and answers it. False if it was the last one. */
    private boolean answerOne() throws IoException {
        Workspace work = workspace();
        RequestParser request = work.parser;
        if (!request.parse(work.in) && !awaitRest(work)) {
            return false;
        }
        if (!work.fits(ROOM_BYTES_MIN)) {
            flush();
        }
        long began = now();
        Reply reply = service.site.answer(request, began, work);
        now = 0; // it may have waited: for the disk, or in line
        boolean stays = request.persistent() && !service.stopping;
        boolean sent = false;
        bodyBytes = 0;
        try {
            sent = switch (reply) {
                case CachedFile file when stays -> send(file);
                case CachedFile file -> send(file.response(), request, false);
                case Response response -> send(response, request, stays);
            };
        } finally {
            record(reply, request, began);
        }
        if (sent && stays) {
            request.next();
            return true;
        }
        flush();
        if (sent && (request.isUnfinished() || work.in.hasRemaining())) {
            linger();
        }
        return false;
    }

    /** Counts an answer, and writes it down. */
    private void record(Reply reply, RequestParser request, long began) {
        int status = reply instanceof Response response ? response.status() : 200;
        service.counters.count(status, bodyBytes);
        if (service.log != null) {
            if (client == null) {
                client = Clients.describe(connection);
            }
            service.log.add(Clients.entry(client, request, status, bodyBytes, began, now()));
        }
    }

    /** Reads on until the request can be answered, if only by saying that it took too long. False at the end. */
    private boolean awaitRest(Workspace work) throws IoException {
        Timeout limit = Timeout.after(service.limits.headTimeout());
        flush();
        try {
            return service.io.within(limit, () -> {
                do {
                    if (!fill()) {
                        return false;
                    }
                } while (!work.parser.parse(work.in));
                return true;
            });
        } catch (TimeoutException late) {
            work.parser.fail(408, "The request took too long to arrive.");
            return true;
        }
    }

    /** Takes what there is. False at the end of the stream. */
    private boolean fill() throws IoException {
        Workspace work = workspace();
        now = 0;
        int read = connection.read(work.inMemory);
        now = 0;
        work.in.position(0).limit(Math.max(read, 0));
        return read >= 0;
    }

    /** The common case: everything is made already. */
    private boolean send(CachedFile file) throws IoException {
        Workspace work = workspace();
        if (!work.fits(file.headBytes())) {
            flush();
        }
        file.putHead(work.out, service.date.at(now()));
        put(file.content(), 0, file.content().length);
        bodyBytes += file.content().length;
        return true;
    }

    /** False if the file turned out shorter than what was promised. */
    private boolean send(Response response, RequestParser request, boolean stays) throws IoException {
        try {
            Workspace work = workspace();
            if (!work.fits(ResponseHead.bytesMax(response, service.policy))) {
                flush();
            }
            String date = service.date.at(now()).toString();
            ResponseHead.put(
                    work.out, response, service.policy, request.isHead(), date, request.version(), stays);
            return request.isHead() || sendBody(response);
        } finally {
            if (response.file() != null) {
                FileCache.closeQuietly(response.file());
            }
            if (response.length() == Response.CHUNKED) {
                service.variants.endStream();
            }
        }
    }

    private boolean sendBody(Response response) throws IoException {
        for (Piece piece : response.body()) {
            switch (piece) {
                case Piece.Bytes bytes -> {
                    put(bytes.source(), bytes.offset(), bytes.length());
                    bodyBytes += bytes.length();
                }
                case Piece.FromFile part -> {
                    flush();
                    File file = Objects.requireNonNull(response.file());
                    long sent = connection.sendFile(file, part.offset(), part.length(), service.stall);
                    bodyBytes += sent;
                    if (sent < part.length()) {
                        Log.debug("a file was cut short while it was sent", null);
                        return false;
                    }
                }
                case Piece.Compressed all -> {
                    if (!sendCompressed(Objects.requireNonNull(response.file()), all.length())) {
                        Log.debug("a file was cut short while it was sent", null);
                        return false;
                    }
                }
            }
        }
        return true;
    }

    /** In chunks. False if the file turned out shorter: then the last chunk is missing, so that the client knows. */
    private boolean sendCompressed(File file, long length) throws IoException {
        byte[] content = new byte[COMPRESSED_BYTES];
        byte[] room = new byte[COMPRESSED_BYTES];
        try (Gzip gzip = new Gzip()) {
            long done = 0;
            int taken = 0;
            while (taken >= 0) {
                taken = gzip.take(room, 0, room.length);
                if (taken > 0) {
                    putChunk(room, taken);
                } else if (taken == 0 && done < length) {
                    int read = file.read(MemorySegment.ofArray(content)
                            .asSlice(0, Math.min(content.length, length - done)), done);
                    if (read < 0) {
                        return false;
                    }
                    gzip.put(content, 0, read);
                    done += read;
                } else if (taken == 0) {
                    gzip.end();
                }
            }
        }
        put(LAST_CHUNK, 0, LAST_CHUNK.length);
        return true;
    }

    private void putChunk(byte[] source, int length) throws IoException {
        byte[] size = (Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        put(size, 0, size.length);
        put(source, 0, length);
        put(LAST_CHUNK, 3, 2);
        bodyBytes += length;
    }

    private void put(byte[] source, int offset, int length) throws IoException {
        ByteBuffer out = workspace().out;
        int done = 0;
        while (done < length) {
            if (!out.hasRemaining()) {
                flush();
            }
            int step = Math.min(length - done, out.remaining());
            out.put(source, offset + done, step);
            done += step;
        }
    }

    /** Sends what was gathered. */
    private void flush() throws IoException {
        Workspace work = workspace();
        if (work.out.position() > 0) {
            connection.writeAll(work.outMemory.asSlice(0, work.out.position()), service.stall);
            work.out.clear();
            now = 0;
        }
    }

    private void linger() throws IoException {
        connection.shutdown(Direction.WRITE);
        try {
            service.io.within(Timeout.after(LINGER), () -> {
                int left = LINGER_BYTES_MAX;
                while (left > 0) {
                    int read = connection.read(workspace().inMemory);
                    if (read < 0) {
                        break;
                    }
                    left -= read;
                }
                return left;
            });
        } catch (TimeoutException enough) {
            Log.debug("a client went on sending after its last answer", enough);
        }
    }

    private long now() {
        if (now == 0) {
            now = service.now();
        }
        return now;
    }

    private Workspace workspace() {
        return Objects.requireNonNull(workspace, "a connection that only waits has no workspace");
    }

    private void giveBack() {
        if (workspace != null) {
            service.workspaces.give(workspace);
            workspace = null;
        }
    }
}
