package dev.gyre.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The order of things, on contenders that only write down what happens to them. */
class PairingTest {
    private final Contender subject = contender("a");
    private final List<String> events = new ArrayList<>();
    private final StringWriter progress = new StringWriter();
    private Workshop workshop;
    private Pairing<String> pairing;

    @BeforeEach
    void open() throws IOException {
        workshop = Workshop.open();
        Map<String, String> scenarios = new LinkedHashMap<>();
        scenarios.put("slow", "s");
        scenarios.put("fast", "f");
        pairing = new Pairing<>(workshop, scenarios, 2, Metric.CPU, this::open, new PrintWriter(progress));
    }

    @AfterEach
    void close() throws IOException {
        workshop.close();
    }

    @Test
    void subjectAndPeerAreMeasuredInTurn() throws Exception {
        pairing.run(subject, List.of(contender("b")));

        assertThat(events)
                .containsExactly(
                        "open b", "open a", "a:s", "b:s", "a:s", "b:s", "a:f", "b:f", "a:f", "b:f",
                        "close a", "close b");
        assertThat(pairing.comparisons()).extracting(Comparison::scenario).containsExactly("slow", "fast");
        assertThat(pairing.comparisons()).allSatisfy(comparison -> assertThat(comparison.peerSamples()).hasSize(2));
        assertThat(pairing.failed()).isFalse();
        assertThat(progress.toString()).contains("slow, pair 2 of 2: b 1.00 CPU µs/request");
    }

    @Test
    void aPeerThatCannotRunHereIsLeftOut() throws Exception {
        pairing.run(subject, List.of(contender("absent"), contender("b")));

        assertThat(pairing.skipped()).isEqualTo(Map.of("absent", "absent is not installed"));
        assertThat(pairing.comparisons()).extracting(Comparison::peer).containsOnly("b");
        assertThat(pairing.failed()).isFalse();
    }

    @Test
    void aPeerThatBreaksOffIsLeftOutAndIsAFailure() throws Exception {
        pairing.run(subject, List.of(contender("broken"), contender("b")));

        assertThat(pairing.skipped()).isEqualTo(Map.of("broken", "broken, slow: connection reset"));
        assertThat(pairing.comparisons()).extracting(Comparison::peer).containsOnly("b");
        assertThat(pairing.failed()).isTrue();
        assertThat(events).contains("close broken");
    }

    @Test
    void aSubjectThatCannotRunHereEndsItAll() {
        Contender absent = new Contender("a", "", (_, _) -> {
            throw new Unavailable("a is not installed");
        });

        assertThatThrownBy(() -> pairing.run(absent, List.of(contender("b"))))
                .isInstanceOf(Unavailable.class)
                .hasMessage("a is not installed");
        assertThat(events).isEmpty();
    }

    private static Contender contender(String name) {
        return new Contender(name, "", (_, _) -> Launch.announcing(List.of(name)));
    }

    private Pairing.Candidate<String> open(Contender contender) throws Unavailable {
        String name = contender.name();
        if (name.equals("absent")) {
            throw new Unavailable("absent is not installed");
        }
        events.add("open " + name);
        return new Pairing.Candidate<>() {
            @Override
            public Sample measure(String scenario) throws IOException {
                if (name.equals("broken")) {
                    throw new IOException("connection reset");
                }
                events.add(name + ":" + scenario);
                return new Sample(Map.of(Metric.CPU, 1.0), null);
            }

            @Override
            public void close() {
                events.add("close " + name);
            }
        };
    }
}
