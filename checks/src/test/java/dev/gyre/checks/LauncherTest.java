package dev.gyre.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.checks.Checkout.Finished;
import dev.gyre.checks.Checkout.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher with made-up JDKs and a made-up Maven: what it looks for, when it builds, what it says. */
final class LauncherTest {
    private static final Map<String, String> NOTHING_SET = Map.of();

    @TempDir
    private Path parent;

    private Checkout checkout;

    @BeforeEach
    void aFreshCheckout() throws IOException {
        checkout = new Checkout(parent);
        checkout.installMaven(checkout.emptyBuild());
    }

    // ---- The JDK

    @Test
    void withoutAnyJdkItSaysWhatItSawAndWhatToDo() throws Exception {
        Path old = checkout.installJdk(checkout.jvms.resolve("old"), "24.0.2");
        Path jre = checkout.installJdk(checkout.jvms.resolve("jre"), "25.0.4");
        Files.delete(jre.resolve("bin/javac"));

        Finished finished = checkout.run(Map.of("JAVA_HOME", "/nowhere"), "--help");

        assertThat(finished.code()).isEqualTo(3);
        assertThat(finished.out()).isEmpty();
        assertThat(finished.err())
                .contains(
                        "no JDK 25 or newer",
                        "/nowhere (no bin/java)",
                        old + " (version 24.0.2)",
                        jre + " (version 25.0.4, but no bin/javac",
                        "adoptium.net",
                        "set JAVA_HOME");
        assertThat(checkout.calls("mvn")).isZero();
    }

    @Test
    void onAnEmptyMachineItSaysSo() throws Exception {
        Finished finished = checkout.run(NOTHING_SET, "--help");

        assertThat(finished.code()).isEqualTo(3);
        assertThat(finished.err()).contains("no JDK 25 or newer", "nothing at all");
    }

    @Test
    void javaHomeComesFirst() throws Exception {
        checkout.installJdk(checkout.jvms.resolve("newer"), "27");
        Path jdk = checkout.installJdk(parent.resolve("my own jdk"), "25");

        assertThat(javaChosen(Map.of("JAVA_HOME", jdk.toString()))).isEqualTo(jdk);
    }

    @Test
    void aWrongJavaHomeIsPassedOver() throws Exception {
        Path jdk = checkout.installJdk(checkout.jvms.resolve("any name at all"), "25.0.4");

        assertThat(javaChosen(Map.of("JAVA_HOME", "/nowhere"))).isEqualTo(jdk);
    }

    @Test
    void theJavaOnThePathIsFollowedToItsHome() throws Exception {
        checkout.installJdk(checkout.jvms.resolve("newer"), "27");
        Path jdk = checkout.installJdk(parent.resolve("elsewhere"), "25");
        Files.createSymbolicLink(checkout.bin.resolve("java"), jdk.resolve("bin/java"));

        assertThat(javaChosen(NOTHING_SET)).isEqualTo(jdk);
    }

    @Test
    void aVersionManagersJavaIsAskedForItsHome() throws Exception {
        Path jdk = checkout.installJdk(parent.resolve("managed"), "25");
        Checkout.program(
                checkout.bin.resolve("java"),
                "echo 'Property settings:' >&2; echo '    java.home = " + jdk + "' >&2\n");

        assertThat(javaChosen(NOTHING_SET)).isEqualTo(jdk);
    }

    @Test
    void ofSeveralInOneFolderTheNewestWins() throws Exception {
        checkout.installJdk(checkout.jvms.resolve("a"), "25.0.9");
        Path newest = checkout.installJdk(checkout.jvms.resolve("b"), "25.0.10");
        checkout.installJdk(checkout.jvms.resolve("c"), "25.0.4");

        assertThat(javaChosen(NOTHING_SET)).isEqualTo(newest);
    }

    @Test
    void aJdkOfTheUserIsFound() throws Exception {
        Path jdk = checkout.installJdk(parent.resolve("home/.sdkman/candidates/java/25-tem"), "25");

        assertThat(javaChosen(NOTHING_SET)).isEqualTo(jdk);
    }

    @Test
    void aJdkWithoutAReleaseFileIsAsked() throws Exception {
        Path jdk = checkout.installJdk(checkout.jvms.resolve("bare"), "");
        Checkout.program(
                jdk.resolve("bin/java"),
                """
                case $* in
                    -version) echo 'openjdk version "25.0.4" 2026-07-21' >&2 ;;
                    *) echo "$0" ;;
                esac
                """);

        assertThat(javaChosen(NOTHING_SET)).isEqualTo(jdk);
    }

    // ---- The build

    @Test
    void theFirstUseBuildsAndTheNextDoesNot() throws Exception {
        aJdk();

        Finished first = checkout.run(NOTHING_SET);
        Finished second = checkout.run(NOTHING_SET);

        assertThat(first.code()).isZero();
        assertThat(first.err()).contains("first use: building", "preparing a fast start");
        assertThat(second).isEqualTo(new Finished(0, first.out(), ""));
        assertThat(checkout.calls("mvn")).isEqualTo(1);
    }

    @Test
    void aNewerSourceIsBuilt() throws Exception {
        aJdk();
        Path source = Files.writeString(checkout.folder.resolve("cli/src/main/java/Main.java"), "");
        checkout.run(NOTHING_SET);

        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(1)));
        Finished finished = checkout.run(NOTHING_SET);

        assertThat(finished.err()).contains("sources have changed");
        assertThat(checkout.calls("mvn")).isEqualTo(2);
    }

    @Test
    void aMovedCheckoutIsTrainedAgainButNotBuilt() throws Exception {
        aJdk();
        checkout.run(NOTHING_SET);
        Path moved = Files.move(checkout.folder, parent.resolve("moved"));

        Finished finished = checkout.start(moved.resolve("gyre"), NOTHING_SET).finish();

        assertThat(finished.code()).isZero();
        assertThat(finished.err()).contains("preparing a fast start").doesNotContain("building");
        assertThat(checkout.calls("mvn")).isEqualTo(1);
    }

    @Test
    void twoFirstUsesBuildOnce() throws Exception {
        aJdk();
        Path go = parent.resolve("go");
        checkout.installMaven("until [ -e '" + go + "' ]; do sleep 1; done; " + checkout.emptyBuild());

        Running first = checkout.start(checkout.folder.resolve("gyre"), NOTHING_SET);
        first.await("[1/2] Gyre linux");
        Running second = checkout.start(checkout.folder.resolve("gyre"), NOTHING_SET);
        second.await("another gyre is building; waiting for it.");
        Files.createFile(go);

        assertThat(first.finish().code()).isZero();
        assertThat(second.finish().code()).isZero();
        assertThat(checkout.calls("mvn")).isEqualTo(1);
    }

    @Test
    void anEndedLauncherEndsItsBuild() throws Exception {
        aJdk();
        checkout.installMaven("while :; do sleep 1; done");
        Running ended = checkout.start(checkout.folder.resolve("gyre"), NOTHING_SET);
        ended.await("[1/2] Gyre linux");

        ended.process().destroy();
        int code = ended.finish().code();
        checkout.installMaven(checkout.emptyBuild());
        // Would wait for ever for a Maven that still held the lock.
        Finished next = checkout.run(NOTHING_SET);

        assertThat(code).isEqualTo(143);
        assertThat(next.code()).isZero();
    }

    @Test
    void aFailedBuildShowsItsErrorsAndIsTriedAgain() throws Exception {
        aJdk();
        checkout.installMaven(
                """
                echo '[ERROR] Main.java:[3,1] cannot find symbol'
                echo '[ERROR] '
                echo '[ERROR] Re-run Maven using the -X switch to enable full debug logging.'
                exit 1""");

        Finished failed = checkout.run(NOTHING_SET);
        checkout.installMaven(checkout.emptyBuild());
        Finished mended = checkout.run(NOTHING_SET);

        assertThat(failed.code()).isEqualTo(3);
        assertThat(failed.err())
                .contains("the build failed:", "Main.java:[3,1] cannot find symbol", ".gyre/build.log")
                .doesNotContain("Re-run");
        assertThat(Files.readString(checkout.folder.resolve(".gyre/build.log"))).isNotEmpty();
        assertThat(mended.code()).isZero();
    }

    @Test
    void withoutMavenItSaysWhereToGetIt() throws Exception {
        aJdk();
        Files.delete(checkout.bin.resolve("mvn"));

        Finished finished = checkout.run(NOTHING_SET);

        assertThat(finished.code()).isEqualTo(3);
        assertThat(finished.err()).contains("there is no mvn on the PATH", "apt install maven");
    }

    // ---- The benchmarks

    @Test
    void benchmarksAreBuiltWhenTheyAreFirstUsed() throws Exception {
        aJdk();
        checkout.run(NOTHING_SET, "serve");
        Path benchmarks = checkout.folder.resolve(".gyre/image-bench");
        assertThat(checkout.lastCall("mvn")).contains("-pl cli ");
        assertThat(benchmarks).doesNotExist();

        Finished first = checkout.run(NOTHING_SET, "bench", "echo");
        Finished second = checkout.run(NOTHING_SET, "bench", "echo");
        checkout.run(NOTHING_SET, "serve");

        assertThat(first.code()).as(first.err()).isZero();
        assertThat(first.err()).contains("first use: building");
        assertThat(second).isEqualTo(new Finished(0, first.out(), ""));
        assertThat(benchmarks.resolve("lib/gyre-benchmarks.jar")).exists();
        assertThat(checkout.lastCall("mvn")).contains("-pl cli,benchmarks ");
        assertThat(checkout.calls("mvn")).isEqualTo(2);
    }

    @Test
    void benchmarksAreToldWhatIsMeasured() throws Exception {
        Path jdk = aJdk();
        Path images = checkout.folder.resolve(".gyre");

        Finished finished = checkout.run(Map.of("GYRE_OPENS", "no"), "bench", "echo", "--peers", "c");

        assertThat(finished.out().lines())
                .containsExactly(
                        jdk.resolve("bin/java").toString(),
                        "-Djava.locale.providers=SPI",
                        "-XX:CompileThresholdScaling=4",
                        "--enable-native-access=dev.gyre.linux",
                        "-Dgyre.program=-Djava.locale.providers=SPI",
                        "-XX:CompileThresholdScaling=4",
                        "--enable-native-access=dev.gyre.linux",
                        "--add-opens=java.base/java.lang=dev.gyre.uring",
                        "-p",
                        images.resolve("image/lib").toString(),
                        "-m",
                        "dev.gyre.cli/dev.gyre.cli.Main",
                        "-Dgyre.cache=" + images.resolve("image/gyre.aot"),
                        "-p",
                        images.resolve("image-bench/lib").toString(),
                        "-m",
                        "dev.gyre.benchmarks/dev.gyre.benchmarks.Main",
                        "echo",
                        "--peers",
                        "c");
    }

    // ---- The start

    @Test
    void javaGetsTheModulePathTheFlagsAndTheArguments() throws Exception {
        Path jdk = aJdk();

        Finished finished = checkout.run(Map.of("GYRE_JAVA_OPTIONS", "-Xmx1g  -Da=*"), "serve", "a folder", "*");

        assertThat(finished.out().lines())
                .containsExactly(
                        jdk.resolve("bin/java").toString(),
                        "-Djava.locale.providers=SPI",
                        "-XX:CompileThresholdScaling=4",
                        "--enable-native-access=dev.gyre.linux",
                        "--add-opens=java.base/java.lang=dev.gyre.uring",
                        "-Xmx1g",
                        "-Da=*",
                        "-p",
                        checkout.folder.resolve(".gyre/image/lib").toString(),
                        "-m",
                        "dev.gyre.cli/dev.gyre.cli.Main",
                        "serve",
                        "a folder",
                        "*");
    }

    @Test
    void theFlagCanBeLeftOut() throws Exception {
        aJdk();

        Finished finished = checkout.run(Map.of("GYRE_OPENS", "no"));

        assertThat(finished.out()).contains("--enable-native-access").doesNotContain("--add-opens");
    }

    @Test
    void aSymbolicLinkWorksFromAnywhere() throws Exception {
        aJdk();
        Path link = Files.createSymbolicLink(parent.resolve("a link"), checkout.folder.resolve("gyre"));

        Finished finished = checkout.start(link, NOTHING_SET).finish();

        assertThat(finished.code()).isZero();
        assertThat(finished.out()).contains(checkout.folder.resolve(".gyre/image/lib").toString());
    }

    private Path aJdk() throws IOException {
        return checkout.installJdk(checkout.jvms.resolve("jdk"), "25.0.4");
    }

    private Path javaChosen(Map<String, String> environment) throws Exception {
        Finished finished = checkout.run(environment);
        assertThat(finished.code()).as(finished.err()).isZero();
        return Path.of(finished.out().lines().findFirst().orElseThrow()).getParent().getParent();
    }
}
