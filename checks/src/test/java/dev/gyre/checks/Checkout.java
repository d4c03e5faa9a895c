package dev.gyre.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A checkout of Gyre with just what the launcher looks at, in folders with blanks in their names, on a machine that
 * has nothing but the tools that the launcher needs, and where a second is short.
 */
final class Checkout {
    private static final List<String> TOOLS = List.of(
            "cp", "find", "flock", "grep", "head", "mkdir", "mv", "readlink", "rm", "sed", "tail", "touch");

    /** Where in a module the launcher lets Maven build. */
    static final String TARGET = "target/launcher";

    /** Long enough for a loaded machine; every wait here is for an event that comes at once on an idle one. */
    private static final long PATIENCE_SECONDS = 120;

    final Path folder;

    /** Where JDKs are installed on this machine. */
    final Path jvms;

    /** The machine's PATH. */
    final Path bin;

    private final Path home;

    /** Puts the launcher and the poms and sources that it looks at into a new folder below {@code parent}. */
    Checkout(Path parent) throws IOException {
        folder = Files.createDirectories(parent.resolve("a folder/with gyre"));
        jvms = Files.createDirectories(parent.resolve("installed jdks"));
        bin = Files.createDirectories(parent.resolve("bin"));
        home = Files.createDirectories(parent.resolve("home"));
        Files.copy(Tree.ROOT.resolve("gyre"), folder.resolve("gyre"));
        Files.writeString(folder.resolve("pom.xml"), "");
        Files.createDirectories(folder.resolve("cli/src/main/java"));
        Files.writeString(folder.resolve("cli/pom.xml"), "");
        for (String tool : TOOLS) {
            program(bin.resolve(tool), "exec '" + find(tool) + "' \"$@\"\n");
        }
        program(bin.resolve("sleep"), "exec '" + find("sleep") + "' 0.05\n");
    }

    /** Puts a Maven on the PATH that leaves a line in {@code calls}, says what Maven says, and runs {@code script}. */
    void installMaven(String script) throws IOException {
        program(
                bin.resolve("mvn"),
                """
                echo "mvn $*" >>"%s"
                echo "[INFO] Building Gyre linux 0.1.0-SNAPSHOT                 [1/2]"
                %s
                """
                        .formatted(calls(), script));
    }

    /** A script for {@link #installMaven} that builds a program without any code. */
    String emptyBuild() {
        return """
                for module in cli benchmarks; do
                    mkdir -p $module/%1$s/lib
                    touch $module/%1$s/gyre-$module.jar $module/%1$s/lib/gyre-io.jar
                done
                """
                .formatted(TARGET);
    }

    /** Installs a JDK whose {@code java} prints its own path and arguments, a line for each. */
    Path installJdk(Path jdk, String release) throws IOException {
        Files.createDirectories(jdk.resolve("bin"));
        Files.createDirectories(jdk.resolve("lib"));
        Files.writeString(jdk.resolve("lib/modules"), "");
        if (!release.isEmpty()) {
            Files.writeString(
                    jdk.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + release + "\"\nLIBC=\"gnu\"\n");
        }
        program(jdk.resolve("bin/java"), "echo java >>\"" + calls() + "\"\nprintf '%s\\n' \"$0\" \"$@\"\n");
        program(jdk.resolve("bin/javac"), "exit 1\n");
        return jdk;
    }

    /** Makes an executable shell script. */
    static void program(Path path, String script) throws IOException {
        Files.writeString(path, "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** How often a tool that was installed here was called. */
    long calls(String tool) throws IOException {
        if (!Files.exists(calls())) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(calls())) {
            return lines.filter(line -> line.startsWith(tool)).count();
        }
    }

    /** How a tool that was installed here was called last, with its arguments. */
    String lastCall(String tool) throws IOException {
        return Files.readAllLines(calls()).reversed().stream()
                .filter(line -> line.startsWith(tool))
                .findFirst()
                .orElseThrow();
    }

    /** Runs the launcher and waits for its end. */
    Finished run(Map<String, String> environment, String... arguments) throws Exception {
        return start(folder.resolve("gyre"), environment, arguments).finish();
    }

    /** Starts the launcher by one of its names. */
    Running start(Path launcher, Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(home, "out", ".txt");
        Path err = Files.createTempFile(home, "err", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of("PATH", bin.toString(), "HOME", home.toString(), "GYRE_JVM_DIR", jvms.toString()));
        builder.environment().putAll(environment);
        return new Running(builder.start(), out, err);
    }

    private Path calls() {
        return home.resolve("calls");
    }

    private static Path find(String tool) {
        return Stream.of("/usr/bin", "/bin")
                .map(folder -> Path.of(folder, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError("the launcher's tests need " + tool + " in /usr/bin or /bin"));
    }

    /** A launcher, or the program that it became. */
    record Running(Process process, Path out, Path err) {
        /** Waits until it has written a text. */
        void await(String text) throws IOException, InterruptedException {
            while (!said().contains(text)) {
                assertThat(process.isAlive()).as("alive, having said: %s", said()).isTrue();
                process.waitFor(10, TimeUnit.MILLISECONDS);
            }
        }

        Finished finish() throws IOException, InterruptedException {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("no end in sight; said so far: " + said());
            }
            return new Finished(process.exitValue(), Files.readString(out), Files.readString(err));
        }

        private String said() throws IOException {
            return Files.readString(out) + Files.readString(err);
        }
    }

    /** What a launcher did, and the program that it became. */
    record Finished(int code, String out, String err) {}
}
