package dev.gyre.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpGenerator;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;

/**
 * Status line and header fields, as Jetty's generator writes them. The date comes first, so that a head that is kept
 * can be given a new one.
 */
final class ResponseHead {
    /** More than everything but the fields takes. */
    private static final int REST_BYTES_MAX = 256;

    private ResponseHead() {}

    /**
     * How many bytes {@link #put} may need.
     *
     * @param response what it will put
     * @param policy what every answer says
     * @return an upper bound
     */
    static int bytesMax(Reply.Response response, HeaderPolicy policy) {
        int bytes = REST_BYTES_MAX + policy.bytesMax();
        for (HttpField field : response.fields()) {
            bytes += field.getName().length() + String.valueOf(field.getValue()).length() + 4;
        }
        return bytes;
    }

    /**
     * Appends a head.
     *
     * @param out has room for {@link #bytesMax}; its position moves behind the head
     * @param response what the head is of
     * @param policy what every answer says
     * @param head whether the request was HEAD
     * @param date the value of {@code Date}
     * @param version the request's; the status line says HTTP/1.1 to everybody (RFC 9110, 6.2)
     * @param stays whether the connection is kept for another request
     */
    static void put(
            ByteBuffer out,
            Reply.Response response,
            HeaderPolicy policy,
            boolean head,
            String date,
            HttpVersion version,
            boolean stays) {
        HttpFields.Mutable fields = HttpFields.build().add(HttpHeader.DATE, date).add(response.fields());
        policy.apply(fields);
        if (!stays) {
            fields.add(HttpFields.CONNECTION_CLOSE);
        } else if (version == HttpVersion.HTTP_1_0) {
            fields.add(HttpFields.CONNECTION_KEEPALIVE);
        }
        MetaData.Response info =
                new MetaData.Response(response.status(), null, version, fields, response.length());
        ByteBuffer room = out.slice().limit(0);
        try {
            HttpGenerator.Result result = new HttpGenerator().generateResponse(info, head, room, null, null, false);
            if (result != HttpGenerator.Result.FLUSH) {
                throw new AssertionError("the generator answered " + result + " for status " + response.status());
            }
        } catch (IOException impossible) {
            throw new AssertionError("the generator failed for status " + response.status(), impossible);
        }
        out.position(out.position() + room.limit());
    }
}
