package dev.gyre.http;

import dev.gyre.http.log.LogEntry;
import dev.gyre.io.Address;
import dev.gyre.io.Connection;
import dev.gyre.io.IoException;
import dev.gyre.io.IpAddress;
import org.eclipse.jetty.http.HttpVersion;

/** What the access log says of who asked for what. */
final class Clients {
    /** What the formats have for what is not known. */
    private static final String UNKNOWN = "-";

    private Clients() {}

    /** The address of a client without its port; a dash for one that has none. */
    static String describe(Connection connection) {
        try {
            Address address = connection.remoteAddress();
            if (!(address instanceof IpAddress)) {
                return UNKNOWN;
            }
            String text = address.toString();
            String host = text.substring(0, text.lastIndexOf(':'));
            return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        } catch (IoException gone) {
            return UNKNOWN;
        }
    }

    /** An entry for an answer. */
    static LogEntry entry(String client, RequestParser request, int status, long bytes, long began, long ended) {
        RequestFields fields = request.fields();
        return new LogEntry(
                began,
                ended - began,
                client,
                fields.user(),
                request.method(),
                request.target(),
                request.version() == HttpVersion.HTTP_1_0 ? "HTTP/1.0" : "HTTP/1.1",
                status,
                bytes,
                fields.referrer(),
                fields.agent());
    }
}
