package dev.gyre.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ErrnoTest {
    private static final int LONGEST_MESSAGE = 200;

    @ParameterizedTest
    @EnumSource
    void isFoundByItsNumber(Errno errno) {
        assertThat(Errno.of(errno.code())).contains(errno);
    }

    @Test
    void describesKnownAndUnknownNumbers() {
        assertThat(Errno.describe(111)).isEqualTo("ECONNREFUSED (111): Connection refused");
        assertThat(Errno.describe(4095)).isEqualTo("errno 4095: unknown to Linux");
        assertThat(Errno.describe(41)).isEqualTo("errno 41: unknown to Linux");
        assertThat(Errno.describe(0)).isEqualTo("errno 0: unknown to Linux");
        assertThat(Errno.describe(-111)).isEqualTo("errno -111: unknown to Linux");
    }

    @Test
    @Tag("A3")
    void numbersOfTheKernelsInsideAreMarked() {
        assertThat(Errno.of(512)).contains(Errno.ERESTARTSYS);
        assertThat(Errno.ERESTARTSYS.internal()).isTrue();
        assertThat(Errno.EHWPOISON.internal()).isFalse();
    }

    @Test
    void aliasesAreTheSame() {
        assertThat(Errno.EWOULDBLOCK).isSameAs(Errno.EAGAIN);
        assertThat(Errno.EDEADLOCK).isSameAs(Errno.EDEADLK);
        assertThat(Errno.ENOTSUP).isSameAs(Errno.EOPNOTSUPP);
    }

    /** musl words its messages in its own way; glibc's are what people search for. */
    @ParameterizedTest
    @EnumSource
    void saysWhatTheCLibrarySays(Errno errno) throws Throwable {
        assumeTrue(
                Linker.nativeLinker().defaultLookup().find("gnu_get_libc_version").isPresent(),
                "probe failed: the C library has no gnu_get_libc_version");
        if (errno.internal()) {
            return;
        }
        MethodHandle strerror = Linker.nativeLinker()
                .downcallHandle(
                        Libc.address("strerror"),
                        FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        MemorySegment message = (MemorySegment) strerror.invokeExact(errno.code());
        assertThat(errno.message()).isEqualTo(message.reinterpret(LONGEST_MESSAGE).getString(0));
    }
}
