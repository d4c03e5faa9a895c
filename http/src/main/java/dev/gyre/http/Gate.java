package dev.gyre.http;

import dev.gyre.http.access.HostNames;
import dev.gyre.http.access.Users;
import dev.gyre.http.Reply.Response;
import dev.gyre.io.Io;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request may be answered at all: is this server meant, and is it somebody who may ask.
 *
 * <p>A password that was not right before is looked at on a thread of its own, by two at once at most: who tries many
 * waits in line, and takes no more than that from the others.
 */
final class Gate {
    private static final int VERIFYING_MAX = 2;

    private static final HttpField CHALLENGE =
            new PreEncodedHttpField(HttpHeader.WWW_AUTHENTICATE, "Basic realm=\"files\", charset=\"UTF-8\"");

    private final Io io;
    private final @Nullable HostNames hosts;
    private final @Nullable Users users;
    private final boolean anyOrigin;
    private final ConcurrencyLimit verifying;

    Gate(Io io, ServerOptions options) {
        this.io = io;
        AccessOptions access = options.access();
        this.hosts = access.anyHost() ? null : new HostNames(access.hosts());
        this.users = access.passwords().map(Users::parse).orElse(null);
        this.anyOrigin = options.headers().anyOrigin();
        this.verifying = new ConcurrencyLimit(io, VERIFYING_MAX);
    }

    /** Whether asking may take its time. */
    boolean mayWait() {
        return users != null;
    }

    /** What to answer instead, or null if the request may pass. A cancellation point where a password is new. */
    @Nullable Response refusal(RequestParser request) {
        if (hosts != null && !hosts.allow(authority(request))) {
            return Reply.message(
                    421,
                    HttpFields.build(),
                    "The server does not answer to this name: a page from elsewhere could have made it up to read what"
                            + " is here.\nIf the name is right, start the server with --allow-host and the name.");
        }
        if (anyOrigin && request.method().equals(HttpMethod.OPTIONS.asString())) {
            return preflight();
        }
        return users == null ? null : identified(request.fields(), users);
    }

    /** What a browser asks before a script of another origin may ask (the Fetch standard, CORS-preflight). */
    private static Response preflight() {
        return Reply.bodiless(204, HttpFields.build()
                .add(HttpHeader.ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, OPTIONS")
                .add(HttpHeader.ACCESS_CONTROL_ALLOW_HEADERS, "*, Authorization")
                .add(HttpHeader.ACCESS_CONTROL_MAX_AGE, "86400"));
    }

    private @Nullable Response identified(RequestFields fields, Users known) {
        String given = fields.authorization();
        if (given == null) {
            return unauthorized();
        }
        Optional<String> user = known.remembered(given);
        if (user.isEmpty()) {
            if (!verifying.enter()) {
                return Reply.busy("Too many passwords are being looked at.");
            }
            try {
                user = io.blocking(() -> known.verify(given));
            } finally {
                verifying.leave();
            }
        }
        user.ifPresent(fields::admit);
        return user.isPresent() ? null : unauthorized();
    }

    private static Response unauthorized() {
        return Reply.message(401, HttpFields.build().add(CHALLENGE), "A name and a password are needed.");
    }

    /** The host that is meant: an absolute target goes before {@code Host} (RFC 9112, 3.2.2). */
    private static @Nullable String authority(RequestParser request) {
        String target = request.target();
        int scheme = target.startsWith("/") ? -1 : target.indexOf("://");
        if (scheme < 0) {
            return request.fields().host();
        }
        int end = scheme + 3;
        while (end < target.length() && "/?#".indexOf(target.charAt(end)) < 0) {
            end++;
        }
        String authority = target.substring(scheme + 3, end);
        return authority.substring(authority.lastIndexOf('@') + 1);
    }
}
