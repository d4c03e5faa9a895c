package dev.gyre.uring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.ring.Loop;
import dev.gyre.ring.Undivided;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.reflect.AccessFlag;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What is {@link Undivided} calls nothing in which a virtual thread could lose its carrier, and what it calls of ours
 * does not either. What is called through {@code invokedynamic} is linked below a frame of the virtual machine's, which
 * pins; lambdas are only made, and run later.
 */
final class UndividedTest {
    private static final String MARK = "Ldev/gyre/ring/Undivided;";

    /** Calls that are not followed, each with the reason. */
    private static final Map<String, String> EXCEPTIONS = Map.of(
            "dev/gyre/uring/Timer.fire", "called by the loop's own thread alone",
            "dev/gyre/io/spi/Fiber.unpark", "the JDK pins a virtual thread that wakes another one",
            "dev/gyre/linux/SegmentPool.spareOrNew", "memory of the global arena, which takes no lock",
            "dev/gyre/ring/LoopArena$Known.requireLasting", "a loop that looks at memory carries nobody");

    private final Map<String, ClassModel> classes = new HashMap<>();
    private final Set<String> seen = new HashSet<>();
    private final List<String> violations = new ArrayList<>();

    @Test
    void whatIsUndividedCallsNothingThatCouldBlock() throws Exception {
        List<ClassModel> ours = new ArrayList<>(all(Loop.class));
        ours.addAll(all(LoopThread.class));

        int marked = 0;
        for (ClassModel model : ours) {
            classes.put(model.thisClass().asInternalName(), model);
            marked += followMarked(model);
        }

        assertThat(marked).as("methods that are marked").isGreaterThan(25);
        assertThat(seen).as("methods that were looked at").hasSizeGreaterThan(marked + 20);
        assertThat(violations).isEmpty();
    }

    @Test
    void whatCouldBlockIsNoticed() throws Exception {
        assertThat(followMarked(load(Offender.class.getName().replace('.', '/')))).isEqualTo(3);

        assertThat(violations).satisfiesExactlyInAnyOrder(
                locks -> assertThat(locks).contains("Offender.locks", "takes a lock"),
                parks -> assertThat(parks).contains("Offender.parks", "LockSupport.park"),
                maps -> assertThat(maps).contains("Offender.maps > ", "ConcurrentHashMap.computeIfAbsent"));
    }

    /** In each of its methods a virtual thread may lose its carrier. */
    @SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // looked at by their byte code
    private static final class Offender {
        private int count;
        private final ConcurrentHashMap<String, String> shared = new ConcurrentHashMap<>();

        @Undivided
        void locks() {
            synchronized (this) {
                count++;
            }
        }

        @Undivided
        void parks() {
            LockSupport.park();
        }

        @Undivided
        void maps() {
            indirectly();
        }

        private void indirectly() {
            shared.computeIfAbsent("key", key -> key);
        }
    }

    private int followMarked(ClassModel model) {
        int marked = 0;
        for (MethodModel method : model.methods()) {
            if (isMarked(method)) {
                follow(model, method, "");
                marked++;
            }
        }
        return marked;
    }

    private static boolean isMarked(MethodModel method) {
        return method.findAttribute(Attributes.runtimeInvisibleAnnotations())
                .filter(found -> found.annotations().stream()
                        .anyMatch(annotation -> annotation.className().equalsString(MARK)))
                .isPresent();
    }

    private void follow(ClassModel model, MethodModel method, String way) {
        String owner = model.thisClass().asInternalName();
        String name = owner.substring(owner.lastIndexOf('/') + 1) + "."
                + method.methodName().stringValue();
        if (!seen.add(owner + "." + method.methodName() + method.methodType())) {
            return;
        }
        String here = way.isEmpty() ? name : way + " > " + name;
        if (method.flags().has(AccessFlag.SYNCHRONIZED)) {
            violations.add(here + " takes a lock");
        }
        if (method.code().isEmpty()) {
            violations.add(here + " may be anything");
            return;
        }
        for (CodeElement element : method.code().get()) {
            if (element instanceof MonitorInstruction monitor && monitor.opcode() == Opcode.MONITORENTER) {
                violations.add(here + " takes a lock");
            } else if (element instanceof InvokeInstruction call) {
                follow(call, here);
            }
        }
    }

    private void follow(InvokeInstruction call, String here) {
        String owner = call.owner().asInternalName();
        String name = call.name().stringValue();
        if (EXCEPTIONS.containsKey(owner + "." + name)) {
            return;
        }
        if (owner.startsWith("[")) {
            return; // the copy of an array
        }
        for (String at = owner; at.startsWith("dev/gyre/"); at = superclass(at)) {
            ClassModel model = load(at);
            MethodModel found = find(model, name, call.type().stringValue());
            if (found != null) {
                follow(model, found, here);
                return;
            }
            owner = superclass(at);
        }
        if (!NonBlockingCalls.contains(owner, name)) {
            violations.add(here + " calls " + owner + "." + name);
        }
    }

    private String superclass(String owner) {
        return load(owner).superclass().orElseThrow().asInternalName();
    }

    private static @Nullable MethodModel find(ClassModel model, String name, String type) {
        for (MethodModel method : model.methods()) {
            if (method.methodName().equalsString(name) && method.methodType().equalsString(type)) {
                return method;
            }
        }
        return null;
    }

    private ClassModel load(String name) {
        return classes.computeIfAbsent(name, missing -> {
            try (InputStream in = UndividedTest.class.getResourceAsStream("/" + missing + ".class")) {
                return ClassFile.of().parse(in.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** All classes of the module that one belongs to, from its folder or its jar. */
    private static List<ClassModel> all(Class<?> one) throws IOException, URISyntaxException {
        Path place = Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (Files.isDirectory(place)) {
            return all(place.resolve(one.getPackageName().replace('.', '/')));
        }
        try (FileSystem jar = FileSystems.newFileSystem(place)) {
            return all(jar.getPath("/" + one.getPackageName().replace('.', '/')));
        }
    }

    private static List<ClassModel> all(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<ClassModel> found = new ArrayList<>();
            for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
                found.add(ClassFile.of().parse(Files.readAllBytes(file)));
            }
            return found;
        }
    }
}
