package dev.gyre.ring;

import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Access to memory that is shared with the kernel, by (segment, offset).
 *
 * <p>A layout makes its handle when it is first used, under a lock of the JDK's. A virtual thread that waits for that
 * lock gives up its carrier in the middle of what it does; and a carrier that waits for it waits for ever if a virtual
 * thread of its own has it. So a loop never goes by way of a layout: these handles are complete before it begins.
 */
final class Words {
    static final VarHandle BYTE = exact(ValueLayout.JAVA_BYTE);
    static final VarHandle SHORT = exact(ValueLayout.JAVA_SHORT);
    static final VarHandle INT = exact(ValueLayout.JAVA_INT);
    static final VarHandle LONG = exact(ValueLayout.JAVA_LONG);

    private Words() {}

    private static VarHandle exact(ValueLayout layout) {
        return layout.varHandle().withInvokeExactBehavior();
    }
}
