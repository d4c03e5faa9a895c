package dev.gyre.checks;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.util.JavacTask;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the documents refer to exists, and what they show compiles. */
final class DocumentsTest {
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#]*)(#[^)]*)?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
    private static final Pattern JAVA = Pattern.compile("(?s)\n```java\n(.*?)\n```");

    private static final List<SourceFile> DOCUMENTS =
            Tree.sources().stream().filter(file -> file.path().endsWith(".md")).toList();

    @Test
    void theDocumentsAreThere() {
        assertThat(DOCUMENTS)
                .extracting(SourceFile::path)
                .contains("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "RATIONALE.md", "CHANGELOG.md");
    }

    @Test
    void linksLeadSomewhere() {
        assertThat(DOCUMENTS.stream().flatMap(DocumentsTest::brokenLinks)).isEmpty();
    }

    @Test
    void aBrokenLinkIsNoticed() {
        SourceFile document = new SourceFile(
                "README.md", "[a](nowhere.md) [b](pom.xml) [c](https://example.org) [d](#here) [e](#there)\n# Here\n");

        assertThat(brokenLinks(document)).containsExactly("README.md: nowhere.md", "README.md: #there");
    }

    @Test
    void javaCompiles() {
        assertThat(DOCUMENTS.stream().flatMap(DocumentsTest::compileErrors)).isEmpty();
    }

    @Test
    void javaThatDoesNotCompileIsNoticed() {
        SourceFile good = new SourceFile("a.md", "So:\n```java\nvoid main() {\n    IO.println();\n}\n```\n");
        SourceFile bad = new SourceFile("a.md", "So:\n```java\nvoid main() {\n    nothing();\n}\n```\n");

        assertThat(compileErrors(good)).isEmpty();
        assertThat(compileErrors(bad)).singleElement().asString().startsWith("a.md: ").contains("nothing()");
    }

    @Test
    void theReadmesProgramRuns(@TempDir Path folder) throws Exception {
        List<String> programs = programs("README.md").toList();
        assertThat(programs).as("the program that the README shows").isNotEmpty();

        for (String program : programs) {
            assertThat(program.lines()).hasSizeBetween(10, 40);
            Process process = start(program, folder);
            assertThat(process.inputReader().readAllAsString()).startsWith("Hello from ");
            assertThat(process.waitFor()).isZero();
        }
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void theProgramThatIsToldToEndClosesItsConnections(@TempDir Path folder) throws Exception {
        String program = programs("docs/tasks.md")
                .filter(each -> each.contains("addShutdownHook"))
                .findFirst()
                .orElseThrow();
        Process process = start(program, folder);
        try (BufferedReader output = process.inputReader()) {
            String first = output.readLine();
            assertThat(first).matches("listening at 127\\.0\\.0\\.1:\\d+");
            int port = Integer.parseInt(first.substring(first.lastIndexOf(':') + 1));
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
                client.getOutputStream().write('a');
                assertThat(client.getInputStream().read()).isEqualTo('a');
                process.toHandle().destroy(); // SIGTERM, and the stream stays open
                assertThat(client.getInputStream().read()).isEqualTo(-1);
            }
            assertThat(output.lines()).containsExactly("closed", "stopped");
            assertThat(process.waitFor()).isEqualTo(128 + 15);
        } finally {
            process.destroyForcibly();
        }
    }

    private static Stream<String> programs(String path) {
        SourceFile found = DOCUMENTS.stream()
                .filter(document -> document.path().equals(path))
                .findFirst()
                .orElseThrow();
        return JAVA.matcher(found.text()).results().map(block -> block.group(1));
    }

    /** Starts a program from its source, as a newcomer would. */
    private static Process start(String program, Path folder) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Files.writeString(folder.resolve("Program.java"), program).toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static Stream<String> brokenLinks(SourceFile document) {
        return LINK.matcher(document.text())
                .results()
                .filter(link -> !leadsSomewhere(document, link.group(1), link.group(2)))
                .map(link -> document.path() + ": " + link.group().substring(2, link.group().length() - 1));
    }

    private static boolean leadsSomewhere(SourceFile from, String path, String anchor) {
        if (!path.isEmpty() && !Files.exists(Tree.ROOT.resolve(from.path()).resolveSibling(path))) {
            return false;
        }
        if (anchor == null) {
            return true;
        }
        String there = Path.of(from.path()).resolveSibling(path).normalize().toString();
        SourceFile to = path.isEmpty()
                ? from
                : DOCUMENTS.stream().filter(file -> file.path().equals(there)).findFirst().orElseThrow();
        return HEADING.matcher(to.text()).results().anyMatch(heading -> anchor.equals("#" + slug(heading.group(1))));
    }

    /** The anchor that a heading gets on the web. */
    private static String slug(String heading) {
        return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 _-]", "").replace(' ', '-');
    }

    /** Compiles each Java block by itself, as a source file or a compact one, against all modules. */
    private static Stream<String> compileErrors(SourceFile document) {
        return JAVA.matcher(document.text())
                .results()
                .flatMap(block -> compile(block.group(1)))
                .map(error -> document.path() + ": " + error);
    }

    private static Stream<String> compile(String code) {
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        JavaFileObject source =
                new SimpleJavaFileObject(URI.create("string:///Snippet.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return code;
                    }
                };
        List<String> options = List.of("-proc:none", "-cp", System.getProperty("java.class.path"));
        JavacTask task = (JavacTask)
                ToolProvider.getSystemJavaCompiler().getTask(null, null, found, options, null, List.of(source));
        try {
            task.analyze();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found.getDiagnostics().stream()
                .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
                .map(Object::toString);
    }
}
