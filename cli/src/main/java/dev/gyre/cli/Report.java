package dev.gyre.cli;

import java.io.PrintWriter;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * All that {@code doctor} found, ready to be printed.
 *
 * @param sections the findings by subject, in the order to show them
 */
record Report(List<Section> sections) {
    Report {
        sections = List.copyOf(sections);
    }

    /** Prints for people: a line per finding, and the advice under those that have some. */
    void printText(PrintWriter out) {
        int nameLengthMax = sections.stream()
                .flatMap(section -> section.findings().stream())
                .mapToInt(finding -> finding.name().length())
                .max()
                .orElse(0);
        for (Section section : sections) {
            out.println(section.title());
            for (Finding finding : section.findings()) {
                String mark = finding.advice() == null ? "ok  " : "warn";
                String gap = " ".repeat(nameLengthMax - finding.name().length());
                out.println("  " + mark + "  " + finding.name() + gap + "  " + finding.value());
                if (finding.advice() != null) {
                    out.println(" ".repeat(10 + nameLengthMax) + finding.advice());
                }
            }
        }
        out.flush();
    }

    /** Prints for programs: one object, with an array of sections, each with an array of findings. */
    void printJson(PrintWriter out) {
        JsonFactory factory = JsonFactory.builder()
                .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                .build();
        try (JsonGenerator json = factory.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("gyre", Version.current());
            json.writeArrayPropertyStart("sections");
            for (Section section : sections) {
                json.writeStartObject();
                json.writeStringProperty("title", section.title());
                json.writeArrayPropertyStart("findings");
                for (Finding finding : section.findings()) {
                    json.writeStartObject();
                    json.writeStringProperty("name", finding.name());
                    json.writeStringProperty("value", finding.value());
                    json.writeStringProperty("advice", finding.advice());
                    json.writeEndObject();
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        out.println();
    }
}
