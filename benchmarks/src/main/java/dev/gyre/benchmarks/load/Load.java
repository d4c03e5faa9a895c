package dev.gyre.benchmarks.load;

import tools.jackson.jr.ob.JSON;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;

/**
 * The load generator's program. It reads one {@link Workload} a line from standard input, as JSON, and ends with it.
 *
 * <p>{@code load WORKLOAD} runs it and answers {@code result MEASUREMENT}. {@code hold WORKLOAD} opens the connections,
 * has each answered one request, answers {@code held}, and keeps them open until the next line. Either answers
 * {@code error TEXT} if it fails. The same process serves a whole benchmark, so that it is warm when it matters.
 */
public final class Load {
    private Load() {}

    /**
     * Serves until standard input ends.
     *
     * @param arguments none
     * @throws IOException if standard input fails
     */
    public static void main(String[] arguments) throws IOException {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            int space = line.indexOf(' ');
            Workload workload = JSON.std.beanFrom(Workload.class, line.substring(space + 1));
            try {
                switch (line.substring(0, space)) {
                    case "load" -> System.out.println("result " + JSON.std.asString(Generator.run(workload)));
                    case "hold" -> hold(workload, input);
                    default -> System.out.println("error unknown command: " + line);
                }
            } catch (IOException e) {
                System.out.println("error " + e.getMessage());
            }
        }
    }

    private static void hold(Workload workload, BufferedReader input) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            Exchange exchange = Generator.exchange(arena, workload);
            int[] answered = {0};
            try (Transport transport = Generator.open(workload, exchange)) {
                for (int i = 0; i < workload.connections(); i++) {
                    transport.send(i);
                    while (answered[0] == i) {
                        transport.poll((connection, memory, offset, length) -> {
                            if (exchange.take(connection, memory, offset, length)) {
                                answered[0]++;
                            }
                        });
                    }
                }
                System.out.println("held");
                input.readLine();
            }
        }
    }
}
