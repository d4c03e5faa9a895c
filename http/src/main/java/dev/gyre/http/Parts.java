package dev.gyre.http;

import dev.gyre.http.ByteRanges.ByteRange;
import dev.gyre.http.Reply.Piece;
import dev.gyre.http.Reply.Response;
import dev.gyre.io.File;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * The answers that carry content of a file: all of it, a part, or several parts.
 *
 * @param representation what clients are told of the file
 * @param cached the file in memory, or null
 * @param file the file open, or null; one of the two is there
 */
record Parts(Representation representation, @Nullable CachedFile cached, @Nullable File file) {

    /** Everything: 200. */
    Response whole() {
        HttpFields.Mutable fields = Fields.content(representation, representation.type());
        if (representation.delivery().compressed() && cached == null) {
            Piece all = new Piece.Compressed(representation.size());
            return new Response(200, fields.add(Fields.CHUNKED), Response.CHUNKED, List.of(all), file);
        }
        return new Response(200, fields, representation.size(), everything(), file);
    }

    /** Everything, as the page of an error: without validators, since it stands for whatever is not there. */
    Response error(int status) {
        HttpFields fields = HttpFields.build()
                .add(HttpHeader.CONTENT_TYPE, representation.type())
                .add(Fields.NO_SNIFFING);
        return new Response(status, fields, representation.size(), everything(), file);
    }

    /** One range: 206 (RFC 9110, 15.3.7.1). */
    Response one(ByteRange range) {
        HttpFields fields = Fields.content(representation, representation.type())
                .add(HttpHeader.CONTENT_RANGE, range.of(representation.size()));
        return new Response(206, fields, range.length(), List.of(piece(range.first(), range.length())), file);
    }

    /**
     * Several ranges: 206 as {@code multipart/byteranges} (RFC 9110, 14.6).
     *
     * @param ranges what to send
     * @param salt goes into the boundary, which the content must not be able to foresee
     */
    Response several(List<ByteRange> ranges, long salt) {
        String boundary = "gyre-" + Long.toHexString(salt * 0x9E3779B97F4A7C15L)
                + Long.toHexString(representation.hashCode() & 0xffffffffL);
        List<Piece> body = new ArrayList<>();
        long length = 0;
        for (ByteRange range : ranges) {
            Piece.Bytes head = text("\r\n--" + boundary
                    + "\r\nContent-Type: " + representation.type()
                    + "\r\nContent-Range: " + range.of(representation.size()) + "\r\n\r\n");
            body.add(head);
            body.add(piece(range.first(), range.length()));
            length += head.length() + range.length();
        }
        Piece.Bytes end = text("\r\n--" + boundary + "--\r\n");
        body.add(end);
        HttpFields fields = Fields.content(representation, "multipart/byteranges; boundary=" + boundary);
        return new Response(206, fields, length + end.length(), List.copyOf(body), file);
    }

    private List<Piece> everything() {
        return representation.size() == 0 ? List.of() : List.of(piece(0, representation.size()));
    }

    private Piece piece(long offset, long length) {
        return cached == null
                ? new Piece.FromFile(offset, length)
                : new Piece.Bytes(cached.content(), (int) offset, (int) length);
    }

    private static Piece.Bytes text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return new Piece.Bytes(bytes, 0, bytes.length);
    }
}
