package dev.gyre.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The tree is tidy, and a tree that is not would be noticed. */
final class TidyTest {
    /** Files that may break a rule, each with the reason. */
    private static final Map<Rule, Map<String, String>> EXCEPTIONS = Map.of(
            Rule.SLEEPING_TEST,
            Map.of(
                    "checks/src/test/java/dev/gyre/checks/DeterminismTest.java",
                    "its offender sleeps, and never runs",
                    "io/src/test/java/dev/gyre/io/conformance/CancelConformance.java",
                    "sleeps are what is canceled",
                    "io/src/test/java/dev/gyre/io/conformance/ForeignConformance.java",
                    "sleepers must wake after the end of the Io that they began in",
                    "io/src/test/java/dev/gyre/io/conformance/TaskConformance.java",
                    "a sleep is what is interrupted"));

    private static final List<SourceFile> SOURCES = Tree.sources();

    @ParameterizedTest
    @EnumSource
    void theTreeKeeps(Rule rule) {
        assertThat(SOURCES.stream()
                        .filter(file -> !exceptions(rule).contains(file.path()))
                        .flatMap(rule::violations))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void exceptionsAreNeeded(Rule rule) {
        assertThat(SOURCES.stream()
                        .filter(file -> rule.violations(file).findAny().isPresent())
                        .map(SourceFile::path))
                .containsAll(exceptions(rule));
    }

    @Test
    void theTreeIsAllThere() {
        assertThat(SOURCES)
                .extracting(SourceFile::path)
                .contains("pom.xml", "gyre", "README.md", "checks/src/test/java/dev/gyre/checks/TidyTest.java")
                .noneMatch(path -> path.contains("/target/"));
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(unmarked(SOURCES)).isEmpty();
    }

    @Test
    void aPackageThatIsNotNullMarkedIsNoticed() {
        SourceFile code = new SourceFile("m/src/main/java/p/C.java", "package p;\n");
        SourceFile unmarked = new SourceFile("m/src/main/java/p/package-info.java", "package p;\n");
        SourceFile marked = new SourceFile("m/src/main/java/p/package-info.java", "@NullMarked\npackage p;\n");

        assertThat(unmarked(List.of(code))).containsExactly("m/src/main/java/p/");
        assertThat(unmarked(List.of(code, unmarked))).containsExactly("m/src/main/java/p/");
        assertThat(unmarked(List.of(code, marked))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource
    void aViolationIsNoticedWhereItIs(Rule rule, String path, String text, int line) {
        assertThat(rule.violations(new SourceFile(path, text)))
                .singleElement()
                .asString()
                .startsWith(path + ":" + line + ": ");
    }

    static Stream<Arguments> aViolationIsNoticedWhereItIs() {
        String longLine = "x".repeat(121);
        return Stream.of(
                Arguments.of(Rule.TAB, "a.md", "one\n\ttwo\n", 2),
                Arguments.of(Rule.TRAILING_BLANK, "a.md", "one \ntwo\n", 1),
                Arguments.of(Rule.CARRIAGE_RETURN, "a.md", "one\r\ntwo\n", 1),
                Arguments.of(Rule.UNENDED_LINE, "a.md", "one\ntwo", 2),
                Arguments.of(Rule.UNFINISHED, "A.java", "one;\n// TO" + "DO two\n", 2),
                Arguments.of(Rule.UNFINISHED, "a.md", "FIX" + "ME: one\n", 1),
                Arguments.of(Rule.REGISTRY, "pom.xml", "<url>https://repo" + ".example.org/m</url>\n", 1),
                Arguments.of(Rule.MACHINE_PATH, "a.md", "see /ho" + "me/somebody/x\n", 1),
                Arguments.of(Rule.LONG_LINE, "A.java", "one\n" + longLine + "\n", 2),
                Arguments.of(Rule.LONG_FILE, "A.java", "line\n".repeat(751), 1),
                Arguments.of(Rule.SILENTLY_DISABLED, "A.java", "@Disa" + "bled\nvoid one() {}\n", 1),
                Arguments.of(Rule.SILENTLY_DISABLED, "A.java", "@Disa" + "bled()\nvoid one() {}\n", 1),
                Arguments.of(Rule.SLEEPING_TEST, "m/src/test/java/A.java", "one;\nThread.sl" + "eep(1);\n", 2));
    }

    @ParameterizedTest
    @MethodSource
    void whatIsAllowedIsLeftAlone(Rule rule, String path, String text) {
        assertThat(rule.violations(new SourceFile(path, text))).isEmpty();
    }

    static Stream<Arguments> whatIsAllowedIsLeftAlone() {
        return Stream.of(
                Arguments.of(Rule.UNENDED_LINE, "a.md", ""),
                Arguments.of(Rule.UNENDED_LINE, "a.md", "one\n"),
                Arguments.of(Rule.UNFINISHED, "A.java", "mkstemp(\"gyreXXXXXX\")\n"),
                Arguments.of(Rule.REGISTRY, "pom.xml", "http://maven.apache.org/POM/4.0.0\n"),
                Arguments.of(Rule.MACHINE_PATH, "a.md", "the folder work/home/ in ~/work/\n"),
                Arguments.of(Rule.LONG_LINE, "A.java", "x".repeat(120) + "\n"),
                Arguments.of(Rule.LONG_LINE, "a.md", "x".repeat(121) + "\n"),
                Arguments.of(Rule.LONG_FILE, "A.java", "line\n".repeat(750)),
                Arguments.of(Rule.SILENTLY_DISABLED, "A.java", "@Disa" + "bled(\"needs two machines\")\n"),
                Arguments.of(Rule.SLEEPING_TEST, "m/src/main/java/A.java", "Thread.sl" + "eep(1);\n"));
    }

    @Test
    void everyRuleHasACounterExample() {
        assertThat(aViolationIsNoticedWhereItIs().map(arguments -> arguments.get()[0]).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder((Object[]) Rule.values());
    }

    private static Set<String> exceptions(Rule rule) {
        return EXCEPTIONS.getOrDefault(rule, Map.of()).keySet();
    }

    /** Folders with main code and without a package-info that says {@code @NullMarked}. */
    private static Set<String> unmarked(List<SourceFile> files) {
        Set<String> marked = files.stream()
                .filter(file -> file.path().endsWith("/package-info.java") && file.text().contains("@NullMarked"))
                .map(TidyTest::folder)
                .collect(Collectors.toSet());
        return files.stream()
                .filter(file -> file.path().matches(".*/src/main/java/.*/[^/]*\\.java"))
                .map(TidyTest::folder)
                .filter(folder -> !marked.contains(folder))
                .collect(Collectors.toSet());
    }

    private static String folder(SourceFile file) {
        return file.path().substring(0, file.path().lastIndexOf('/') + 1);
    }
}
