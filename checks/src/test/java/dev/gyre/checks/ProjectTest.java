package dev.gyre.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A project of somebody's, outside of the tree, that has the README's dependency and the README's program. Maven builds
 * it with a local repository of its own, into which ours has been installed, and which has the rest from the one that
 * this build uses.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ProjectTest {
    private static final Pattern DEPENDENCY = Pattern.compile("(?s)```xml\n(<dependency>.*?)```");
    private static final Pattern PROGRAM = Pattern.compile("(?s)## A program\n.*?```java\n(.*?)```");
    private static final Pattern VERSION = Pattern.compile("<version>(.*?)</version>");

    /** The modules that an installation of {@code gyre} consists of, with the names of their artifacts. */
    private static final Map<String, String> ARTIFACTS = Map.of(
            "bundle", "gyre",
            "io", "gyre-io",
            "uring", "gyre-uring",
            "threaded", "gyre-threaded",
            "names", "gyre-names",
            "posix", "gyre-posix",
            "host", "gyre-host",
            "ring", "gyre-ring",
            "linux", "gyre-linux");

    private static final String GREETING = "Hello from (io_uring|threads).*\n";

    @TempDir
    private Path folder;

    @Test
    void buildsAndRunsOnTheClassPathAndOnTheModulePath() throws Exception {
        String readme = Files.readString(Tree.ROOT.resolve("README.md"));
        String dependency = group(DEPENDENCY, readme);
        install(group(VERSION, dependency));
        writeProject(dependency, group(PROGRAM, readme));

        run("mvn", "-B", "-q", "-s", folder.resolve("settings.xml").toString(),
                "-Dmaven.repo.local=" + folder.resolve("repository"),
                "package", "dependency:build-classpath", "-Dmdep.outputFile=path.txt");

        String classes = folder.resolve("target/classes").toString();
        String path = classes + ":" + Files.readString(folder.resolve("path.txt"));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        assertThat(run(java, "--enable-native-access=ALL-UNNAMED", "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "-cp", path, "program.Main"))
                .matches(GREETING);
        assertThat(run(java, "--enable-native-access=dev.gyre.linux", "--add-opens=java.base/java.lang=dev.gyre.uring",
                        "-p", path, "-m", "program/program.Main"))
                .matches(GREETING);
        assertThat(run(java, "--enable-native-access=dev.gyre.linux", "-p", path, "-m", "program/program.Main"))
                .matches(GREETING);
    }

    /** As {@code mvn install} does, which would have to run in the middle of the build that this is a part of. */
    private void install(String version) throws IOException {
        installFile("gyre-parent", version, "pom", Tree.ROOT.resolve("pom.xml"));
        for (Map.Entry<String, String> artifact : ARTIFACTS.entrySet()) {
            Path module = Tree.ROOT.resolve(artifact.getKey());
            String name = artifact.getValue();
            Path jar = module.resolve("target").resolve(name + "-" + version + ".jar");
            assertThat(jar).as("a packaged module; run mvn verify from the root").exists();
            installFile(name, version, "pom", module.resolve("pom.xml"));
            installFile(name, version, "jar", jar);
        }
    }

    private void installFile(String artifact, String version, String kind, Path file) throws IOException {
        Path place = Files.createDirectories(
                folder.resolve("repository/dev/gyre").resolve(artifact).resolve(version));
        Files.copy(file, place.resolve(artifact + "-" + version + "." + kind));
    }

    private void writeProject(String dependency, String program) throws IOException {
        // Surefire says where it is; where tests run without it, it is where it usually is.
        Path known = Path.of(System.getProperty(
                "localRepository", Path.of(System.getProperty("user.home"), ".m2", "repository").toString()));
        Files.writeString(folder.resolve("settings.xml"), """
                <settings><mirrors><mirror>
                  <id>known</id><mirrorOf>*</mirrorOf><url>%s</url>
                </mirror></mirrors></settings>
                """.formatted(known.toUri()));
        Files.writeString(folder.resolve("pom.xml"), """
                <project>
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>somebody</groupId>
                  <artifactId>program</artifactId>
                  <version>1</version>
                  <properties>
                    <maven.compiler.release>25</maven.compiler.release>
                    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
                  </properties>
                  <dependencies>
                %s
                  </dependencies>
                  <build><pluginManagement><plugins>
                %s
                  </plugins></pluginManagement></build>
                </project>
                """.formatted(dependency, plugins()));
        Path sources = Files.createDirectories(folder.resolve("src/main/java/program"));
        Files.writeString(sources.resolveSibling("module-info.java"), "module program { requires dev.gyre; }\n");
        int body = program.indexOf("void main");
        Files.writeString(sources.resolve("Main.java"),
                "package program;\n" + program.substring(0, body) + "public class Main {\n" + program.substring(body)
                        + "}\n");
    }

    /** The plugins of a build, in the versions that this build has fetched already. */
    private static String plugins() throws IOException {
        String pom = Files.readString(Tree.ROOT.resolve("pom.xml"));
        return Stream.of("resources", "compiler", "surefire", "jar", "dependency")
                .map(name -> "maven-" + name + "-plugin")
                .map(name -> "<artifactId>" + name + "</artifactId>\\s*<version>.*?</version>")
                .map(plugin -> "<plugin>" + group(Pattern.compile("(" + plugin + ")"), pom) + "</plugin>")
                .collect(Collectors.joining("\n"));
    }

    private static String group(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).as("something like " + pattern).isTrue();
        return matcher.group(1);
    }

    /** What a command prints, which must succeed. */
    private String run(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(command)))
                .directory(folder.toFile())
                .redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("the status of %s, which printed:%n%s", List.of(command), output).isZero();
        return output;
    }
}
