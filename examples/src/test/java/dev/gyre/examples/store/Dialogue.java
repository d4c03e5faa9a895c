package dev.gyre.examples.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.IoException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a client asks, and what it is answered: the file {@code dialogue.txt}, a line each. A line that begins with
 * {@code >} is a command; the next one is the reply, as {@link RespClient} shows it. A reply that begins with {@code ~}
 * is not Redis's, for the reason that the line before it says. One that ends with a blank has {@code $} behind it.
 */
record Dialogue(List<Exchange> exchanges) {
    /** A command with its reply, and where it is in the file. */
    record Exchange(int line, String command, String reply, boolean isRedis) {}

    static Dialogue read() throws IOException {
        List<Exchange> exchanges = new ArrayList<>();
        try (InputStream file = Objects.requireNonNull(Dialogue.class.getResourceAsStream("dialogue.txt"))) {
            String command = "";
            int number = 0;
            for (String line : new String(file.readAllBytes(), StandardCharsets.ISO_8859_1)
                    .replace("$\n", "\n")
                    .split("\n", -1)) {
                number++;
                if (line.isEmpty() || line.startsWith("#")) {
                    continue;
                }
                if (line.startsWith("> ")) {
                    command = line.substring(2);
                } else {
                    boolean isRedis = !line.startsWith("~ ");
                    exchanges.add(new Exchange(number, command, isRedis ? line : line.substring(2), isRedis));
                }
            }
        }
        return new Dialogue(exchanges);
    }

    /** Asks all, by lines as people type them. */
    void hold(RespClient client, boolean withRedis) throws IoException {
        for (Exchange exchange : exchanges) {
            client.send(exchange.command() + "\r\n");
            String reply = client.read();
            if (exchange.isRedis() || !withRedis) {
                assertThat(reply).as("line %d: %s", exchange.line(), exchange.command()).isEqualTo(exchange.reply());
            }
        }
    }
}
