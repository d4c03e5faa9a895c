package dev.gyre.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.checks.Checkout.Finished;
import dev.gyre.checks.Checkout.Running;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher with the JDK that runs this test, and the program that this build has packaged. */
final class LauncherWithJavaTest {
    private static final Map<String, String> THIS_JDK = Map.of("JAVA_HOME", System.getProperty("java.home"));

    @TempDir
    private static Path parent;

    private static Checkout checkout;

    @BeforeAll
    static void firstUse() throws Exception {
        Path built = Tree.ROOT.resolve("cli/target");
        assertThat(built.resolve("gyre-cli.jar")).as("the packaged program; run mvn verify from the root").exists();
        checkout = new Checkout(parent);
        checkout.installMaven(
                """
                mkdir -p cli/%2$s/lib
                cp '%1$s/gyre-cli.jar' cli/%2$s
                cp '%1$s'/lib/*.jar cli/%2$s/lib
                """
                        .formatted(built, Checkout.TARGET));
        Finished finished = checkout.run(THIS_JDK, "--version");
        assertThat(finished.err()).contains("first use: building");
        assertThat(finished.code()).as(finished.err()).isZero();
    }

    @Test
    void helpIsHelp() throws Exception {
        Finished finished = checkout.run(THIS_JDK, "--help");

        assertThat(finished.code()).isZero();
        assertThat(finished.out()).startsWith("Usage: gyre").contains("doctor");
        assertThat(finished.err()).isEmpty();
    }

    @Test
    void anUnknownCommandIsAMistake() throws Exception {
        Finished finished = checkout.run(THIS_JDK, "doctr");

        assertThat(finished.code()).isEqualTo(2);
        assertThat(finished.out()).isEmpty();
        assertThat(finished.err()).contains("'doctr'", "gyre doctor");
    }

    @Test
    void theFlagsReachTheirModules() throws Exception {
        assertThat(checkout.run(THIS_JDK, "doctor").out())
                .containsPattern("ok +virtual threads +on the loop's own thread")
                .containsPattern("ok +native access +allowed");
        assertThat(checkout.run(with("GYRE_OPENS", "no"), "doctor").out())
                .contains("--add-opens java.base/java.lang=dev.gyre.uring");
    }

    @Test
    void classesComeFromTheCache() throws Exception {
        Finished finished = checkout.run(with("GYRE_JAVA_OPTIONS", "-Xlog:class+load"), "doctor");

        assertThat(finished.out())
                .contains("dev.gyre.cli.Doctor source: shared objects file")
                .contains("java.lang.Object source: shared objects file");
    }

    @Test
    void theCacheKnowsServersUpToTheirFirstAnswer() throws Exception {
        Finished finished = checkout.run(with("GYRE_JAVA_OPTIONS", "-Xlog:class+load"), "train");

        assertThat(finished.code()).as(finished.err()).isZero();
        assertThat(finished.out())
                .contains("dev.gyre.cli.Echo source: shared objects file")
                .contains("dev.gyre.http.HttpConnection source: shared objects file")
                .contains("dev.gyre.http.CachedFile source: shared objects file");
    }

    @Test
    void aCacheThatJavaCannotUseIsNotHeardOf() throws Exception {
        Finished finished = checkout.run(with("GYRE_JAVA_OPTIONS", "--limit-modules=dev.gyre.cli"), "--help");

        assertThat(finished.code()).isZero();
        assertThat(finished.out()).startsWith("Usage: gyre");
        assertThat(finished.err()).isEmpty();
    }

    @Test
    void theLauncherBecomesJava() throws Exception {
        String suspended = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=127.0.0.1:0";
        Running running =
                checkout.start(checkout.folder.resolve("gyre"), with("GYRE_JAVA_OPTIONS", suspended), "doctor");
        try {
            running.await("Listening for transport");

            assertThat(running.process().info().command())
                    .hasValue(System.getProperty("java.home") + "/bin/java");
        } finally {
            running.process().destroyForcibly().waitFor();
        }
    }

    private static Map<String, String> with(String name, String value) {
        return Map.of("JAVA_HOME", System.getProperty("java.home"), name, value);
    }
}
