package dev.gyre.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** The report of {@code gyre doctor}. */
final class DoctorTest {
    private static final Report REPORT = new Report(List.of(
            new Section("Java", List.of(Finding.good("version", "25.0.4"))),
            new Section("System", List.of(Finding.warning("open files", "a \"few\"\n", "Raise it.")))));

    @Test
    void textIsInColumns() {
        StringWriter text = new StringWriter();
        REPORT.printText(new PrintWriter(text));

        assertThat(text.toString().lines())
                .startsWith(
                        "Java", "  ok    version     25.0.4", "System", "  warn  open files  a \"few\"")
                .endsWith("                    Raise it.");
    }

    @Test
    void jsonSurvivesAnything() {
        StringWriter text = new StringWriter();
        REPORT.printJson(new PrintWriter(text));

        List<String> strings = new ArrayList<>();
        try (JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), text.toString())) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NULL) {
                    strings.add(String.valueOf(json.getValueAsString()));
                }
            }
        }
        assertThat(strings)
                .containsExactly(
                        Version.current(),
                        "Java", "version", "25.0.4", "null",
                        "System", "open files", "a \"few\"\n", "Raise it.");
        assertThat(text.toString()).endsWith("}" + System.lineSeparator());
    }

    @Test
    void doctorExaminesThisMachine() {
        Run run = Run.gyre("doctor");

        assertThat(run.code()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("Java", "System", "io_uring", System.getProperty("os.version"));
    }

    @Test
    void doctorSpeaksJson() {
        Run run = Run.gyre("doctor", "--json");

        assertThat(run.code()).isZero();
        assertThat(run.out()).startsWith("{\"gyre\":\"" + Version.current() + "\"").contains("\"title\":\"io_uring\"");
    }

    @Test
    void trainingIsSilentAndGoesWell() {
        assertThat(Run.gyre("train")).isEqualTo(new Run(0, "", ""));
    }
}
