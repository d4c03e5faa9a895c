package dev.gyre.http;

import dev.gyre.io.File;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/** What a request is answered with. */
sealed interface Reply permits CachedFile, Reply.Response {

    /**
     * Anything but a whole file from memory.
     *
     * @param status the status code
     * @param fields the header fields, without {@code Date}, {@code Content-Length} and {@code Connection}
     * @param length how long the body is, in bytes; what HEAD is told, too; {@link #NO_BODY} where there can be none
     * @param body the parts of the body, in order; {@code length} bytes together unless that is {@link #CHUNKED}
     * @param file where the parts come from that are no bytes, to be closed by whoever sends the answer; or null
     */
    record Response(int status, HttpFields fields, long length, List<Piece> body, @Nullable File file)
            implements Reply {
        /** The length of what has no body and says nothing of one. */
        static final long NO_BODY = -1;

        /** The length of what is compressed while it is sent, as its one piece says, in chunks (RFC 9112, 7.1). */
        static final long CHUNKED = -2;
    }

    /** A part of a body. */
    sealed interface Piece {
        /**
         * Bytes in memory.
         *
         * @param source holds them; changed by nobody
         * @param offset of the first one
         * @param length how many
         */
        @SuppressWarnings("ArrayRecordComponent") // nobody compares pieces
        record Bytes(byte[] source, int offset, int length) implements Piece {}

        /**
         * Bytes of {@link Response#file}.
         *
         * @param offset of the first one
         * @param length how many
         */
        record FromFile(long offset, long length) implements Piece {}

        /**
         * All bytes of {@link Response#file}, compressed.
         *
         * @param length how many there are before that
         */
        record Compressed(long length) implements Piece {}
    }

    /** The same with one more field. */
    static Response with(Reply reply, HttpField field) {
        Response plain = switch (reply) {
            case CachedFile cached -> cached.response();
            case Response response -> response;
        };
        HttpFields fields = HttpFields.build(plain.fields()).add(field);
        return new Response(plain.status(), fields, plain.length(), plain.body(), plain.file());
    }

    /** An answer without a body that says nothing about one: 304. */
    static Response bodiless(int status, HttpFields fields) {
        return new Response(status, fields, Response.NO_BODY, List.of(), null);
    }

    /** An answer whose body is in memory. */
    static Response page(int status, HttpFields.Mutable fields, String type, byte[] body) {
        fields.put(HttpHeader.CONTENT_TYPE, type);
        fields.put(Fields.NO_SNIFFING);
        return new Response(status, fields, body.length, List.of(new Piece.Bytes(body, 0, body.length)), null);
    }

    /** A few words about something that went wrong, or elsewhere. */
    static Response message(int status, HttpFields.Mutable fields, String explanation) {
        String text = status + " " + HttpStatus.getMessage(status) + "\n\n" + explanation + "\n";
        return page(status, fields, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /** 503, worth another try. */
    static Response busy(String explanation) {
        return message(503, HttpFields.build().add(HttpHeader.RETRY_AFTER, "1"), explanation);
    }
}
