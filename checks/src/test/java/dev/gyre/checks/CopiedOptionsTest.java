package dev.gyre.checks;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Records of options are copied by hand: each of their methods {@code withX} names all components. It must change
 * {@code x}, and nothing else.
 */
final class CopiedOptionsTest {
    /** Of so many methods at least a value is known to try. */
    private static final int METHODS_MIN = 30;

    private static final String PREFIX = "with";

    @Test
    void eachMethodChangesWhatItIsNamedAfter() throws ReflectiveOperationException {
        List<String> faults = new ArrayList<>();
        int methods = 0;
        for (Class<?> type : records()) {
            Object standard = standard(type);
            if (standard == null) {
                continue;
            }
            for (Method method : type.getMethods()) {
                RecordComponent named = component(type, method);
                Object value = named == null ? null : another(method.getParameterTypes()[0], get(standard, named));
                if (named != null && value != null) {
                    methods++;
                    faults.addAll(faults(standard, method, named, value));
                }
            }
        }
        assertThat(faults).isEmpty();
        assertThat(methods).isGreaterThanOrEqualTo(METHODS_MIN);
    }

    @Test
    void componentsThatHaveChangedPlacesAreNoticed() throws ReflectiveOperationException {
        Method method = Mistaken.class.getMethod("withFirst", int.class);
        RecordComponent first = Mistaken.class.getRecordComponents()[0];

        assertThat(component(Mistaken.class, method)).extracting(RecordComponent::getName).isEqualTo("first");
        assertThat(faults(new Mistaken(1, 2), method, first, 3))
                .containsExactly(
                        "dev.gyre.checks.CopiedOptionsTest$Mistaken.withFirst: first is 2",
                        "dev.gyre.checks.CopiedOptionsTest$Mistaken.withFirst: second is 3");
    }

    /** As it must not be. */
    public record Mistaken(int first, int second) {
        /** The wrong one. */
        public Mistaken withFirst(int value) {
            return new Mistaken(second, value);
        }
    }

    private static List<Class<?>> records() {
        Path[] classes = Tree.modules().stream().map(Tree::classes).toArray(Path[]::new);
        List<Class<?>> records = new ArrayList<>();
        for (JavaClass each : new ClassFileImporter().importPaths(classes)) {
            if (each.isRecord() && each.getModifiers().contains(JavaModifier.PUBLIC)) {
                records.add(each.reflect());
            }
        }
        return records;
    }

    /** What a record calls its default, or null. */
    private static @Nullable Object standard(Class<?> type) throws IllegalAccessException {
        for (Field field : type.getFields()) {
            if (field.getName().equals("DEFAULT") && field.getType() == type
                    && Modifier.isStatic(field.getModifiers())) {
                return field.get(null);
            }
        }
        return null;
    }

    /** The component that a method is named after, or null. */
    private static @Nullable RecordComponent component(Class<?> type, Method method) {
        String name = method.getName();
        if (!name.startsWith(PREFIX) || name.length() == PREFIX.length() || method.getParameterCount() != 1) {
            return null;
        }
        String wanted = name.substring(PREFIX.length(), PREFIX.length() + 1).toLowerCase(Locale.ROOT)
                + name.substring(PREFIX.length() + 1);
        return Arrays.stream(type.getRecordComponents())
                .filter(each -> each.getName().equals(wanted))
                .findFirst()
                .orElse(null);
    }

    /** A value that is not the present one; null if none is known. */
    private static @Nullable Object another(Class<?> type, @Nullable Object present) {
        Object plain = present instanceof Optional<?> optional ? optional.orElse(null) : present;
        if (type == boolean.class) {
            return !Boolean.TRUE.equals(plain);
        }
        if (type == int.class && plain instanceof Integer number) {
            return number == Integer.MAX_VALUE ? number - 1 : number + 1;
        }
        if (type == long.class && plain instanceof Long number) {
            return number == Long.MAX_VALUE ? number - 1 : number + 1;
        }
        if (type == Duration.class && plain instanceof Duration time) {
            return time.plusSeconds(1);
        }
        if (type == String.class) {
            return "another";
        }
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants()).filter(each -> !each.equals(plain)).findFirst().orElse(null);
        }
        return null;
    }

    private static List<String> faults(Object standard, Method method, RecordComponent named, Object value)
            throws ReflectiveOperationException {
        Object copy;
        try {
            copy = method.invoke(standard, value);
        } catch (InvocationTargetException refused) {
            if (refused.getCause() instanceof IllegalArgumentException) {
                return List.of(); // the value does not suit the other components
            }
            throw refused;
        }
        List<String> faults = new ArrayList<>();
        for (RecordComponent each : standard.getClass().getRecordComponents()) {
            Object found = get(copy, each);
            Object plain = found instanceof Optional<?> optional && !(value instanceof Optional)
                    ? optional.orElse(null)
                    : found;
            boolean right = each.getName().equals(named.getName())
                    ? value.equals(plain)
                    : Objects.equals(found, get(standard, each));
            if (!right) {
                faults.add(standard.getClass().getName() + "." + method.getName() + ": " + each.getName() + " is "
                        + found);
            }
        }
        return faults;
    }

    private static @Nullable Object get(Object owner, RecordComponent component) throws ReflectiveOperationException {
        return component.getAccessor().invoke(owner);
    }
}
