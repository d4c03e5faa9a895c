package dev.gyre.http;

import dev.gyre.http.access.Users;
import java.util.List;
import java.util.Optional;

/**
 * Who may ask.
 *
 * @param anyHost whether the server answers whatever a client says that it is called
 * @param hosts the names that it answers to otherwise, such as {@code localhost} or {@code *.example.org}, besides all
 *     literal addresses: a request for another one gets 421. That keeps pages of other origins from reading a server
 *     that only this machine reaches (DNS rebinding).
 * @param passwords lines {@code name:password} as {@code htpasswd -B} writes them: then a request without a right pair
 *     gets 401. Nothing is asked of whom where there are none.
 */
public record AccessOptions(boolean anyHost, List<String> hosts, Optional<List<String>> passwords) {
    /** Everybody. */
    public static final AccessOptions DEFAULT = new AccessOptions(true, List.of(), Optional.empty());

    /** The names by which browsers reach this machine itself. */
    public static final List<String> LOOPBACK_NAMES = List.of("localhost", "*.localhost");

    /** Refuses lines that are no passwords, with what is wrong. */
    public AccessOptions {
        hosts = List.copyOf(hosts);
        passwords = passwords.map(List::copyOf);
        passwords.ifPresent(Users::parse);
    }

    /**
     * Whether a password stands in the lines as it is.
     *
     * @return true for at least one
     */
    public boolean hasPlainPasswords() {
        return passwords.map(lines -> Users.parse(lines).hasPlainPasswords()).orElse(false);
    }

    /** Without the passwords. */
    @Override
    public String toString() {
        return "AccessOptions[anyHost=" + anyHost + ", hosts=" + hosts + ", passwords=" + passwords.isPresent() + "]";
    }
}
