package dev.gyre.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs in the documents, each followed by what it prints, print that. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class ExamplesTest {
    private static final Pattern PROGRAM =
            Pattern.compile("(?s)\n```java\n((?:(?!\n```).)*?\nvoid main\\((?:(?!\n```).)*?)\n```"
                    + "\n\n```text\n(.*?\n)```");

    @ParameterizedTest(name = "{0}")
    @MethodSource("programs")
    void printsWhatTheDocumentSays(String place, String code, String printed, @TempDir Path folder) throws Exception {
        assertThat(run(code, folder)).isEqualTo(printed);
    }

    @Test
    void programsAreFound() {
        assertThat(programs()).hasSizeGreaterThanOrEqualTo(12);
    }

    static Stream<Arguments> programs() {
        return Tree.sources().stream()
                .filter(file -> file.path().endsWith(".md"))
                .flatMap(file -> PROGRAM.matcher(file.text()).results().map(program -> {
                    long line = file.text().substring(0, program.start(1)).lines().count() + 1;
                    return Arguments.of(file.path() + ":" + line, program.group(1), program.group(2));
                }));
    }

    /** Compiles a compact source file and runs it, on the class path of the tests. Answers what it prints. */
    private static String run(String code, Path folder) throws Exception {
        JavaFileObject source =
                new SimpleJavaFileObject(URI.create("string:///Example.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return code;
                    }
                };
        List<String> options =
                List.of("-proc:none", "-d", folder.toString(), "-cp", System.getProperty("java.class.path"));
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .getTask(null, null, null, options, null, List.of(source))
                        .call())
                .isTrue();
        PrintStream out = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (URLClassLoader loader = new URLClassLoader(
                        new URL[] {folder.toUri().toURL()}, ExamplesTest.class.getClassLoader());
                PrintStream capture = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            System.setOut(capture);
            Constructor<?> maker = loader.loadClass("Example").getDeclaredConstructor();
            maker.setAccessible(true);
            Method main = maker.getDeclaringClass().getDeclaredMethod("main");
            main.setAccessible(true);
            main.invoke(maker.newInstance());
        } finally {
            System.setOut(out);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
