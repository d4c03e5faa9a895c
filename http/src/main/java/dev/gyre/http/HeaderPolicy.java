package dev.gyre.http;

import dev.gyre.http.coding.ContentCoding;
import dev.gyre.http.coding.Gzip;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.jspecify.annotations.Nullable;

/** {@link HeaderOptions}, ready to be applied. Any task may ask. */
final class HeaderPolicy {
    private static final String ASK_FIRST = "no-cache";

    private final HeaderOptions options;
    private final CodingOptions codings;
    private final List<Caching> caching = new ArrayList<>();
    private final List<HttpField> fields = new ArrayList<>();
    private final boolean empty;

    HeaderPolicy(HeaderOptions options, CodingOptions codings) {
        this.options = options;
        this.codings = codings;
        options.caching().forEach(rule -> caching.add(new Caching(new PathPattern(rule.pattern()), rule.value())));
        if (options.anyOrigin()) {
            fields.add(new PreEncodedHttpField(HttpHeader.ACCESS_CONTROL_ALLOW_ORIGIN, "*"));
            fields.add(new PreEncodedHttpField(
                    HttpHeader.ACCESS_CONTROL_EXPOSE_HEADERS,
                    "Accept-Ranges, Content-Encoding, Content-Length, Content-Range, Date, ETag"));
        }
        options.fields().forEach((name, value) -> fields.add(field(name, value)));
        this.empty = fields.isEmpty();
    }

    private record Caching(PathPattern pattern, String value) {}

    /** The value of {@code Content-Type} for a file. */
    String type(String path) {
        int dot = path.lastIndexOf('.');
        if (!options.types().isEmpty() && dot > path.lastIndexOf('/')) {
            String given = options.types().get(path.substring(dot + 1).toLowerCase(Locale.ROOT));
            if (given != null) {
                return given;
            }
        }
        return MediaTypes.of(path);
    }

    /** How a file is sent. */
    Delivery delivery(String path, String type, @Nullable ContentCoding coding, long size) {
        String token = coding == null ? MediaTypes.coding(path) : coding.token();
        boolean gzips = codings.gzip() && token == null && size >= codings.gzipBytesMin() && Gzip.suits(type);
        return new Delivery(cacheControl(path), token, codings.precompressed() || gzips, gzips, false);
    }

    /** Adds what every answer says, in place of what the server says there. */
    void apply(HttpFields.Mutable answer) {
        if (!empty) {
            fields.forEach(answer::put);
        }
    }

    /** How many bytes {@link #apply} adds at most. */
    int bytesMax() {
        int bytes = 0;
        for (HttpField field : fields) {
            bytes += field.getName().length() + String.valueOf(field.getValue()).length() + 4;
        }
        return bytes;
    }

    private String cacheControl(String path) {
        for (Caching rule : caching) {
            if (rule.pattern().matches(path)) {
                return rule.value();
            }
        }
        return ASK_FIRST;
    }

    private static HttpField field(String name, String value) {
        HttpHeader known = HttpHeader.CACHE.get(name);
        return known == null ? new PreEncodedHttpField(name, value) : new PreEncodedHttpField(known, name, value);
    }
}
