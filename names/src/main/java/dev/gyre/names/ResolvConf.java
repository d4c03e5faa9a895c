package dev.gyre.names;

import dev.gyre.io.Ip4Address;
import dev.gyre.io.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * How names are asked for (resolv.conf(5)). What is not understood is passed over, and numbers are brought within their
 * limits, as the C library does. The variables {@code LOCALDOMAIN} and {@code RES_OPTIONS} are not looked at, and where
 * the file has no search list there is none: the C library would take the domain of this machine's name.
 *
 * @param servers whom to ask, at least one
 * @param search the domains to be tried with a name
 * @param ndots a name with so many dots is tried as it is first, 0 to 15
 * @param timeout how long a server has to answer
 * @param attempts how often each server is asked, 1 to 5
 * @param rotate whether servers take turns in being the first
 * @param noIp6 whether IPv6 addresses are not asked for
 */
record ResolvConf(
        List<IpAddress> servers,
        List<String> search,
        int ndots,
        Duration timeout,
        int attempts,
        boolean rotate,
        boolean noIp6) {
    private static final int PORT = 53;
    private static final int SERVERS_MAX = 3;
    private static final int NDOTS_MAX = 15;
    private static final int SECONDS_MAX = 30;
    private static final int ATTEMPTS_MAX = 5;

    static ResolvConf parse(String text) {
        return parse(text, UnaryOperator.identity());
    }

    /**
     * Reads a file.
     *
     * @param text its content
     * @param scoped puts the number of an interface in the place of its name, at the end of an address
     */
    static ResolvConf parse(String text, UnaryOperator<String> scoped) {
        Parser parser = new Parser(scoped);
        text.lines().forEach(parser::line);
        return parser.end();
    }

    private static final class Parser {
        private final UnaryOperator<String> scoped;
        private final List<IpAddress> servers = new ArrayList<>();
        private List<String> search = List.of();
        private int ndots = 1;
        private int seconds = 5;
        private int attempts = 2;
        private boolean rotate;
        private boolean noIp6;

        Parser(UnaryOperator<String> scoped) {
            this.scoped = scoped;
        }

        /** Keywords begin their line; the last search list counts. */
        void line(String line) {
            String[] words = line.split("[ \\t]+");
            if (words.length < 2 || words[0].isEmpty()) {
                return;
            }
            List<String> values = List.of(words).subList(1, words.length);
            switch (words[0]) {
                case "nameserver" -> server(values.getFirst());
                case "domain" -> search = List.of(values.getFirst());
                case "search" -> search = List.copyOf(values);
                case "options" -> values.forEach(this::option);
                default -> {}
            }
        }

        private void server(String address) {
            if (servers.size() < SERVERS_MAX) {
                try {
                    servers.add(IpAddress.parse(scoped.apply(address), PORT));
                } catch (IllegalArgumentException _) {
                    // Passed over.
                }
            }
        }

        private void option(String option) {
            int colon = option.indexOf(':');
            String name = colon < 0 ? option : option.substring(0, colon);
            String value = option.substring(colon + 1);
            switch (name) {
                case "ndots" -> ndots = number(value, 0, NDOTS_MAX, ndots);
                case "timeout" -> seconds = number(value, 1, SECONDS_MAX, seconds);
                case "attempts" -> attempts = number(value, 1, ATTEMPTS_MAX, attempts);
                case "rotate" -> rotate = true;
                case "no-aaaa" -> noIp6 = true;
                default -> {}
            }
        }

        private static int number(String text, int min, int max, int otherwise) {
            try {
                return Math.clamp(Long.parseLong(text), min, max);
            } catch (NumberFormatException _) {
                return otherwise;
            }
        }

        ResolvConf end() {
            if (servers.isEmpty()) {
                servers.add(Ip4Address.loopback(PORT));
            }
            return new ResolvConf(
                    List.copyOf(servers), search, ndots, Duration.ofSeconds(seconds), attempts, rotate, noIp6);
        }
    }
}
