package dev.gyre.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Modules depend downwards only, as the table in ARCHITECTURE.md allows. The compiler holds code to its module's
 * descriptor, so it is enough to look at these.
 */
final class LayersTest {
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `\\w+` \\| `(dev\\.gyre(?:\\.\\w+)?)` \\|.*\\|([^|\n]*)\\|$");
    private static final Pattern FOLDER = Pattern.compile("`(\\w+)`");

    /** Packages of the simulation that are not exported: each may use those after it. */
    private static final List<String> ROOMS = List.of("network", "disk", "kernel", "turns");

    /** What they may use of the exported one: values and errors. */
    private static final Set<String> VALUES = Set.of(
            "DeadlockError", "DiskFault", "DiskLatency", "LinkOptions", "SimulationOptions", "Unsynced");

    private static final Pattern ROOM = Pattern.compile("simulated/src/main/java/dev/gyre/simulated/(\\w+)/.*");
    private static final Pattern USED = Pattern.compile("(?m)^import dev\\.gyre\\.simulated\\.(\\w+)");

    @Test
    void modulesDependDownwards() {
        Map<String, Set<String>> allowed = allowed(document());
        Map<String, Set<String>> found = found();

        assertThat(found).containsOnlyKeys(allowed.keySet());
        assertThat(violations(allowed, found)).isEmpty();
    }

    @Test
    void theTableHasNoWayUp() {
        Map<String, Set<String>> allowed = allowed(document());

        assertThat(allowed.get("dev.gyre.io")).isEmpty();
        assertThat(allowed.get("dev.gyre.linux")).isEmpty();
        assertThat(allowed.get("dev.gyre.ring")).containsExactly("dev.gyre.linux");
        assertThat(allowed.values()).noneMatch(names -> names.contains("dev.gyre.benchmarks"));
    }

    @Test
    void aDependencyThatIsNotAllowedIsNoticed() {
        Map<String, Set<String>> allowed =
                allowed("| `io` | `dev.gyre.io` | it | |\n| `uring` | `dev.gyre.uring` | it | `io`, `ring` |\n");

        assertThat(allowed)
                .isEqualTo(Map.of("dev.gyre.io", Set.of(), "dev.gyre.uring", Set.of("dev.gyre.io", "dev.gyre.ring")));
        assertThat(violations(allowed, Map.of("dev.gyre.uring", Set.of("dev.gyre.io")))).isEmpty();
        assertThat(violations(allowed, Map.of("dev.gyre.io", Set.of("dev.gyre.uring"))))
                .containsExactly("dev.gyre.io must not require dev.gyre.uring");
        assertThat(violations(allowed, Map.of("dev.gyre.uring", Set.of("dev.gyre.ring", "dev.gyre.cli"))))
                .containsExactly("dev.gyre.uring must not require dev.gyre.cli");
    }

    @Test
    void roomsOfTheSimulationUseThoseBelow() {
        assertThat(Tree.sources()).anyMatch(file -> ROOM.matcher(file.path()).matches());
        assertThat(Tree.sources().stream().flatMap(LayersTest::usedAbove)).isEmpty();
    }

    @Test
    void aRoomThatUsesOneAboveItIsNoticed() {
        String code = "import dev.gyre.simulated.%s;\n";
        String path = "simulated/src/main/java/dev/gyre/simulated/disk/A.java";

        assertThat(usedAbove(new SourceFile(path, code.formatted("turns.Wait") + code.formatted("Unsynced"))))
                .isEmpty();
        assertThat(usedAbove(new SourceFile(path, code.formatted("network.Ports") + code.formatted("World"))))
                .containsExactly(path + " must not use network", path + " must not use World");
    }

    /** What a file of a room uses that stands above that. */
    private static Stream<String> usedAbove(SourceFile file) {
        Matcher room = ROOM.matcher(file.path());
        if (!room.matches()) {
            return Stream.of();
        }
        List<String> below = ROOMS.subList(ROOMS.indexOf(room.group(1)), ROOMS.size());
        return USED.matcher(file.text()).results()
                .map(used -> used.group(1))
                .filter(used -> !below.contains(used) && !VALUES.contains(used))
                .map(used -> file.path() + " must not use " + used);
    }

    private static String document() {
        return Tree.sources().stream()
                .filter(file -> file.path().equals("ARCHITECTURE.md"))
                .findFirst()
                .orElseThrow()
                .text();
    }

    /** What each module may require, by the table's last column. */
    private static Map<String, Set<String>> allowed(String document) {
        Function<MatchResult, Set<String>> names = row -> FOLDER.matcher(row.group(2))
                .results()
                .map(folder -> "dev.gyre." + folder.group(1))
                .collect(Collectors.toSet());
        return ROW.matcher(document).results().collect(Collectors.toMap(row -> row.group(1), names));
    }

    /** What each module requires of ours, by its descriptor. */
    private static Map<String, Set<String>> found() {
        return ModuleFinder.of(Tree.modules().stream().map(Tree::classes).toArray(Path[]::new)).findAll().stream()
                .map(ModuleReference::descriptor)
                .collect(Collectors.toMap(ModuleDescriptor::name, LayersTest::required));
    }

    private static Set<String> required(ModuleDescriptor module) {
        return module.requires().stream()
                .map(ModuleDescriptor.Requires::name)
                .filter(name -> name.startsWith("dev.gyre."))
                .collect(Collectors.toSet());
    }

    private static List<String> violations(Map<String, Set<String>> allowed, Map<String, Set<String>> found) {
        return found.entrySet().stream()
                .flatMap(module -> module.getValue().stream()
                        .filter(name -> !allowed.getOrDefault(module.getKey(), Set.of()).contains(name))
                        .map(name -> module.getKey() + " must not require " + name))
                .sorted()
                .toList();
    }
}
