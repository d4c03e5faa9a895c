package dev.gyre.checks;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Time and chance enter through backends alone: whatever runs above the interface must run the same way twice in a
 * simulator, so it may not ask the clock, the dice or an object's address by itself.
 */
final class DeterminismTest {
    /** The modules that are backends, or measure and drive them. */
    private static final Set<String> BACKENDS =
            Set.of("linux", "ring", "host", "uring", "threaded", "benchmarks", "cli", "checks");

    /** Where a backend that is none of these may look at a real clock. */
    private static final String WALL_CLOCK = "dev.gyre.simulated.turns.WallClock";

    private static final Set<String> FORBIDDEN = Set.of(
            "java.lang.System.nanoTime",
            "java.lang.System.currentTimeMillis",
            "java.lang.System.identityHashCode",
            "java.lang.Thread.sleep",
            "java.lang.Math.random",
            "java.util.concurrent.ThreadLocalRandom.current",
            "java.time.Clock.systemUTC",
            "java.time.Clock.systemDefaultZone");

    private static final ArchRule RULE = ArchRuleDefinition.noClasses()
            .that()
            .doNotHaveFullyQualifiedName(WALL_CLOCK)
            .should()
            .accessTargetWhere(new DescribedPredicate<JavaAccess<?>>("the target is time or chance") {
                @Override
                public boolean test(JavaAccess<?> access) {
                    return isForbidden(access.getTarget());
                }
            });

    @Test
    void timeAndChanceEnterThroughBackends() {
        Path[] classes = Tree.modules().stream()
                .filter(module -> !BACKENDS.contains(module.getFileName().toString()))
                .map(Tree::classes)
                .toArray(Path[]::new);

        JavaClasses above = new ClassFileImporter().importPaths(classes);

        assertThat(above).isNotEmpty();
        RULE.check(above);
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                Sleeper.class,
                Reader.class,
                Referrer.class,
                Dater.class,
                Calendar.class,
                Gambler.class,
                Thrower.class,
                Hasher.class
            })
    void aClassThatUsesThemIsNoticed(Class<?> offender) {
        assertThat(RULE.evaluate(new ClassFileImporter().importClasses(offender)).hasViolation()).isTrue();
    }

    @Test
    void aSeededClassIsLeftAlone() {
        assertThat(RULE.evaluate(new ClassFileImporter().importClasses(Seeded.class)).hasViolation()).isFalse();
    }

    private static boolean isForbidden(AccessTarget target) {
        String owner = target.getOwner().getName();
        String name = target.getName();
        return FORBIDDEN.contains(owner + "." + name)
                || (owner.startsWith("java.time.") && name.equals("now"))
                || target.getFullName().equals("java.util.Random.<init>()");
    }

    static final class Sleeper {
        void run() throws InterruptedException {
            Thread.sleep(1);
        }
    }

    static final class Reader {
        long run() {
            return System.nanoTime() + System.currentTimeMillis();
        }
    }

    static final class Referrer {
        final LongSupplier clock = System::nanoTime;
    }

    static final class Dater {
        Instant run() {
            return Instant.now();
        }
    }

    static final class Calendar {
        LocalDate run() {
            return LocalDate.now(java.time.ZoneOffset.UTC);
        }
    }

    static final class Gambler {
        Random run() {
            return new Random();
        }
    }

    static final class Thrower {
        int run() {
            return ThreadLocalRandom.current().nextInt();
        }
    }

    static final class Hasher {
        int run() {
            return System.identityHashCode(this);
        }
    }

    static final class Seeded {
        Random run(long seed) {
            return new Random(seed);
        }
    }
}
