package dev.gyre.checks;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Modules depend downwards only. The compiler holds code to its module descriptor, so it is enough to look at these.
 */
final class LayersTest {
    /** Each module, and which others it may require. */
    private static final Map<String, Set<String>> LAYERS = Map.ofEntries(
            entry("dev.gyre.linux", Set.of()),
            entry("dev.gyre.ring", Set.of("dev.gyre.linux")),
            entry("dev.gyre.io", Set.of()),
            entry("dev.gyre.uring", Set.of("dev.gyre.io", "dev.gyre.linux", "dev.gyre.ring")),
            entry("dev.gyre.threaded", Set.of("dev.gyre.io", "dev.gyre.linux")),
            entry("dev.gyre.http", Set.of("dev.gyre.io")),
            entry(
                    "dev.gyre.cli",
                    Set.of(
                            "dev.gyre.http",
                            "dev.gyre.io",
                            "dev.gyre.linux",
                            "dev.gyre.ring",
                            "dev.gyre.threaded",
                            "dev.gyre.uring")),
            entry(
                    "dev.gyre.benchmarks",
                    Set.of(
                            "dev.gyre.http",
                            "dev.gyre.io",
                            "dev.gyre.linux",
                            "dev.gyre.ring",
                            "dev.gyre.threaded",
                            "dev.gyre.uring")));

    @Test
    void modulesDependDownwards() {
        Map<String, Set<String>> found = ModuleFinder.of(
                        Tree.modules().stream().map(Tree::classes).toArray(Path[]::new))
                .findAll()
                .stream()
                .map(ModuleReference::descriptor)
                .collect(Collectors.toMap(ModuleDescriptor::name, LayersTest::required));

        assertThat(found).containsOnlyKeys(LAYERS.keySet());
        assertThat(violations(found)).isEmpty();
    }

    @Test
    void aDependencyUpwardsIsNoticed() {
        assertThat(violations(Map.of("dev.gyre.io", Set.of("dev.gyre.linux"))))
                .containsExactly("dev.gyre.io must not require dev.gyre.linux");
        assertThat(violations(Map.of("dev.gyre.ring", Set.of("dev.gyre.linux", "dev.gyre.io"))))
                .containsExactly("dev.gyre.ring must not require dev.gyre.io");
        assertThat(violations(Map.of("dev.gyre.cli", Set.of("dev.gyre.benchmarks"))))
                .containsExactly("dev.gyre.cli must not require dev.gyre.benchmarks");
    }

    private static Set<String> required(ModuleDescriptor module) {
        return module.requires().stream()
                .map(ModuleDescriptor.Requires::name)
                .filter(name -> name.startsWith("dev.gyre."))
                .collect(Collectors.toSet());
    }

    private static List<String> violations(Map<String, Set<String>> modules) {
        return modules.entrySet().stream()
                .flatMap(module -> module.getValue().stream()
                        .filter(name -> !LAYERS.getOrDefault(module.getKey(), Set.of()).contains(name))
                        .map(name -> module.getKey() + " must not require " + name))
                .sorted()
                .toList();
    }
}
