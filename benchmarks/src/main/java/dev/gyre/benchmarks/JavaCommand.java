package dev.gyre.benchmarks;

import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Command lines for Java programs: the running JVM's own java, the same garbage collector and heap for all.
 *
 * <p>Peers and the load generator run from the class path. Gyre runs as its launcher runs it, with the flags and the
 * module path that the launcher has told. Where the harness was started without it, as in tests, Gyre runs from what
 * the harness runs from.
 */
final class JavaCommand {
    private static final String MODULE = "dev.gyre.cli";
    private static final String MAIN = "dev.gyre.cli.Main";

    /** How the launcher starts Gyre: what follows {@code java}, a line for each argument. */
    private static final String LAUNCHED = "gyre.program";

    /** The AOT cache that the launcher has made for Gyre. */
    private static final String LAUNCHED_CACHE = "gyre.cache";

    /** What the launcher tells the virtual machine for the sake of a fast start. */
    private static final List<String> START =
            List.of("-Djava.locale.providers=SPI", "-XX:CompileThresholdScaling=4");

    private final List<String> heap;
    private final List<String> cacheOfGyre;
    private final List<String> cacheOfPeer;

    private JavaCommand(List<String> heap) {
        this(heap, List.of(), List.of());
    }

    private JavaCommand(List<String> heap, List<String> cacheOfGyre, List<String> cacheOfPeer) {
        this.heap = heap;
        this.cacheOfGyre = cacheOfGyre;
        this.cacheOfPeer = cacheOfPeer;
    }

    /** A heap of one size from beginning to end, for measuring time. */
    static JavaCommand fixedHeap() {
        return new JavaCommand(List.of("-Xms256m", "-Xmx256m"));
    }

    /** A heap that a collection shrinks to what is used, for measuring memory. */
    static JavaCommand elasticHeap() {
        return new JavaCommand(List.of(
                "-Xms8m", "-Xmx1g", "-XX:MinHeapFreeRatio=5", "-XX:MaxHeapFreeRatio=10", "-XX:-ShrinkHeapInSteps"));
    }

    /**
     * The same, and programs of this module leave an AOT cache behind when they end. It is for the same program with
     * the same arguments; none is made for one that runs from classes outside of jars.
     *
     * @param cache the file to make
     */
    JavaCommand training(Path cache) {
        return new JavaCommand(heap, List.of(), options(List.of("-XX:AOTCacheOutput=" + cache)));
    }

    /**
     * The same, and started from an AOT cache: Gyre from its launcher's, others from their own, with the options that
     * the launcher gives to Gyre.
     *
     * @param cache made by {@link #training}; there need not be one
     */
    JavaCommand cached(Path cache) {
        String cacheOfGyre = System.getProperty(LAUNCHED_CACHE, "");
        return new JavaCommand(heap, cacheOption(cacheOfGyre), options(cacheOption(cache.toString())));
    }

    /**
     * A program of this module.
     *
     * @param main its class
     * @param options for the JVM
     */
    List<String> program(String main, List<String> options, String... arguments) {
        List<String> command = begin(cacheOfPeer);
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(), main));
        command.addAll(List.of(arguments));
        return command;
    }

    /**
     * Gyre's command line.
     *
     * @throws Unavailable if it is not where this harness was started from
     */
    List<String> gyre(String... arguments) throws Unavailable {
        List<String> command = begin(cacheOfGyre);
        String launched = System.getProperty(LAUNCHED, "");
        String modulePath = System.getProperty("jdk.module.path", "");
        Path[] modules = split(modulePath).stream().map(Path::of).toArray(Path[]::new);
        if (!launched.isEmpty()) {
            launched.lines().forEach(command::add);
        } else if (ModuleFinder.of(modules).find(MODULE).isPresent()) {
            command.addAll(List.of(
                    "--enable-native-access=dev.gyre.linux",
                    "--add-opens=java.base/java.lang=dev.gyre.uring",
                    "--module-path",
                    modulePath,
                    "--module",
                    MODULE + "/" + MAIN));
        } else if (ClassLoader.getSystemResource(MAIN.replace('.', '/') + ".class") != null) {
            command.addAll(List.of(
                    "--enable-native-access=ALL-UNNAMED",
                    "--add-opens=java.base/java.lang=ALL-UNNAMED",
                    "-cp",
                    classPath(),
                    MAIN));
        } else {
            throw new Unavailable("neither module path nor class path has " + MAIN + "; run this by ./gyre bench");
        }
        command.addAll(List.of(arguments));
        return command;
    }

    private List<String> begin(List<String> cache) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+UseSerialGC");
        command.addAll(heap);
        command.addAll(cache);
        return command;
    }

    private static List<String> options(List<String> cache) {
        List<String> options = new ArrayList<>(START);
        options.addAll(cache);
        return options;
    }

    /** Nothing if there is no such file, or if its name is empty. */
    private static List<String> cacheOption(String file) {
        return Files.isRegularFile(Path.of(file)) ? List.of("-XX:AOTCache=" + file) : List.of();
    }

    /** Everything that the running JVM has on its module path and class path. */
    private static String classPath() {
        List<String> entries = new ArrayList<>();
        for (String entry : split(System.getProperty("jdk.module.path", ""))) {
            entries.add(holdsJars(Path.of(entry)) ? entry + File.separator + "*" : entry);
        }
        entries.addAll(split(System.getProperty("java.class.path", "")));
        return String.join(File.pathSeparator, entries);
    }

    private static List<String> split(String path) {
        return Stream.of(path.split(File.pathSeparator, -1)).filter(entry -> !entry.isEmpty()).toList();
    }

    private static boolean holdsJars(Path directory) {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.anyMatch(file -> file.toString().endsWith(".jar"));
        } catch (IOException _) {
            return false;
        }
    }
}
