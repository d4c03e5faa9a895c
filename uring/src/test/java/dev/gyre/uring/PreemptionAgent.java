package dev.gyre.uring;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.AccessFlag;
import java.security.ProtectionDomain;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lets a fiber be switched out wherever the JDK could do so.
 *
 * <p>A virtual thread loses its carrier where the JDK blocks: at a contended monitor, in {@code
 * ConcurrentHashMap.computeIfAbsent}, at the first use of a layout's accessor. In a warm program that is rare, and a
 * fiber that is in the middle of something when it happens is not noticed for years. This agent makes it the rule: the
 * classes of Gyre call {@link Preemption#point} before and after each call of a method of the JDK's that is not known
 * not to block ({@link NonBlockingCalls}), before each {@code monitorenter}, and at the beginning of each synchronized
 * method.
 *
 * <p>A class's initializer is left alone: it runs below a frame of the virtual machine's, where a virtual thread keeps
 * its carrier. For the same reason {@code invokedynamic} has no points, whose linkage happens there.
 */
final class PreemptionAgent implements ClassFileTransformer {
    private static final Pattern OURS = Pattern.compile("dev/gyre/.*");
    private static final Pattern JDK = Pattern.compile("(java|javax|jdk|sun)/.*");
    private static final Pattern TESTS = Pattern.compile(".*(/test-classes/|-tests\\.jar)");
    private static final ClassDesc PREEMPTION = ClassDesc.of("dev.gyre.uring.Preemption");
    private static final MethodTypeDesc ACTION = MethodTypeDesc.of(ConstantDescs.CD_void);

    /** Types are looked up in class files: to load a class here would be to load it while it is being loaded. */
    private final ClassFile classFile = ClassFile.of(
            ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
            ClassFile.ClassHierarchyResolverOption.of(
                    ClassHierarchyResolver.ofResourceParsing(ClassLoader.getSystemClassLoader())
                            .cached(ConcurrentHashMap::new)));

    private final Map<String, ClassModel> classes = new ConcurrentHashMap<>();

    private PreemptionAgent() {}

    /** Called by the virtual machine before the main class is loaded. */
    public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
        instrumentation.addTransformer(new PreemptionAgent());
    }

    @Override
    public byte @Nullable [] transform(
            @Nullable ClassLoader loader, String name, @Nullable Class<?> redefined, @Nullable ProtectionDomain domain,
            byte[] bytes) {
        if (!isOurs(name) || !mayBeTransformed(name, domain)) {
            return null;
        }
        try {
            return classFile.transformClass(classFile.parse(bytes), transform());
        } catch (Throwable failure) {
            // The virtual machine would go on with the class as it was, and the test would show nothing.
            failure.printStackTrace(System.out);
            Runtime.getRuntime().halt(1);
            return null;
        }
    }

    private static boolean isOurs(@Nullable String name) {
        return name != null && OURS.matcher(name).matches();
    }

    /** Tests and the suite stay as they are, but for the one that shows that this works. */
    private static boolean mayBeTransformed(String name, @Nullable ProtectionDomain domain) {
        boolean test = domain == null
                || domain.getCodeSource() == null
                || TESTS.matcher(domain.getCodeSource().getLocation().getPath()).matches();
        return !test || name.endsWith("/PreemptionRun$Unguarded");
    }

    private ClassTransform transform() {
        return (builder, element) -> {
            if (element instanceof MethodModel method && !method.methodName().equalsString("<clinit>")) {
                Points points = new Points(method.flags().has(AccessFlag.SYNCHRONIZED));
                builder.transformMethod(method, MethodTransform.transformingCode(points));
            } else {
                builder.with(element);
            }
        };
    }

    private boolean mayBlock(InvokeInstruction call) {
        String owner = call.owner().asInternalName();
        String name = call.name().stringValue();
        if (isOurs(owner)) {
            owner = declaring(owner, name, call.type().stringValue());
        }
        return JDK.matcher(owner).matches() && !NonBlockingCalls.contains(owner, name);
    }

    /** The class that a method comes from: itself, or the first one above that declares it or is not ours. */
    private String declaring(String owner, String name, String type) {
        ClassModel model = classes.computeIfAbsent(owner, this::read);
        boolean declared = model.methods().stream()
                .anyMatch(method -> method.methodName().equalsString(name) && method.methodType().equalsString(type));
        if (declared || model.flags().has(AccessFlag.INTERFACE) || model.superclass().isEmpty()) {
            return owner;
        }
        String above = model.superclass().get().asInternalName();
        return isOurs(above) ? declaring(above, name, type) : above;
    }

    private ClassModel read(String name) {
        try (InputStream in = ClassLoader.getSystemResourceAsStream(name + ".class")) {
            return classFile.parse(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The points of one method. */
    private final class Points implements CodeTransform {
        private final boolean locked;

        Points(boolean locked) {
            this.locked = locked;
        }

        @Override
        public void atStart(CodeBuilder builder) {
            if (locked) {
                point(builder);
            }
        }

        @Override
        public void accept(CodeBuilder builder, CodeElement element) {
            if (element instanceof InvokeInstruction call && mayBlock(call)) {
                point(builder);
                builder.with(element);
                point(builder);
                return;
            }
            if (element instanceof MonitorInstruction monitor && monitor.opcode() == Opcode.MONITORENTER) {
                point(builder);
            }
            builder.with(element);
        }

        private static void point(CodeBuilder builder) {
            builder.invokestatic(PREEMPTION, "point", ACTION);
        }
    }
}
