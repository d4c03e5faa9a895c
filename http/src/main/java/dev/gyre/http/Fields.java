package dev.gyre.http;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;

/** Header fields that do not depend on the request. */
final class Fields {
    /** Browsers shall not guess a type. */
    static final HttpField NO_SNIFFING = new PreEncodedHttpField("X-Content-Type-Options", "nosniff");

    /** A file may change at any time: whoever keeps a copy asks before using it, which costs little. */
    static final HttpField ASK_FIRST = new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "no-cache");

    /** Parts of files can be asked for. */
    static final HttpField RANGES_WELCOME = new PreEncodedHttpField(HttpHeader.ACCEPT_RANGES, "bytes");

    /** The methods that there are. */
    static final HttpField ALLOWED = new PreEncodedHttpField(HttpHeader.ALLOW, "GET, HEAD, OPTIONS");

    /** A listing runs nothing and fetches nothing but itself. */
    static final HttpField INERT = new PreEncodedHttpField(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self';"
                    + " frame-ancestors 'none'");

    /** Other clients may get another coding of the same. */
    static final HttpField VARIES = new PreEncodedHttpField(HttpHeader.VARY, "Accept-Encoding");

    /** Other clients may get something else, depending on what they say that they can show. */
    static final HttpField VARIES_BY_TYPE = new PreEncodedHttpField(HttpHeader.VARY, "Accept");

    /** The content is compressed while it is sent. */
    static final HttpField GZIP = new PreEncodedHttpField(HttpHeader.CONTENT_ENCODING, "gzip");

    /** The length is not known before. */
    static final HttpField CHUNKED = new PreEncodedHttpField(HttpHeader.TRANSFER_ENCODING, "chunked");

    private Fields() {}

    /** What a client needs for asking again: the validators and the cache policy. */
    static HttpFields.Mutable validators(Representation file) {
        HttpFields.Mutable fields = HttpFields.build()
                .add(HttpHeader.LAST_MODIFIED, file.lastModified())
                .add(HttpHeader.ETAG, file.entityTag())
                .add(HttpHeader.CACHE_CONTROL, file.delivery().cacheControl())
                .add(NO_SNIFFING);
        return file.delivery().varies() ? fields.add(VARIES) : fields;
    }

    /** What comes with the content, or with a part of it. */
    static HttpFields.Mutable content(Representation file, String type) {
        HttpFields.Mutable fields = validators(file).add(HttpHeader.CONTENT_TYPE, type);
        String coding = file.delivery().coding();
        if (coding != null) {
            fields.add(HttpHeader.CONTENT_ENCODING, coding);
        }
        return file.delivery().compressed() ? fields : fields.add(RANGES_WELCOME);
    }
}
