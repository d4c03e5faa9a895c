package dev.gyre.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gyre.linux.layout.Sockaddr;
import java.io.IOException;
import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every number in this package, compared with what the C compiler and the installed headers say. The numbers are found
 * by reflection: a new constant is compared without anybody thinking of it, or has to be listed here as our own.
 */
final class HeadersTest {
    /** Names that exist, but in headers newer than some machine's. Anything else that is missing is a mistake. */
    private static final Set<String> NEWER_THAN_SOME_HEADERS = Set.of(
            // 6.3 and 6.4
            "IORING_REGISTER_USE_REGISTERED_RING", "IORING_FEAT_REG_REG_RING", "IORING_MSG_RING_FLAGS_PASS",
            "IORING_TIMEOUT_MULTISHOT", "IOU_PBUF_RING_MMAP", "IORING_OFF_PBUF_RING", "IORING_OFF_PBUF_SHIFT",
            "io_uring_buf_reg.flags", "MFD_NOEXEC_SEAL",
            // 6.5 and 6.6
            "__NR_cachestat", "IORING_SETUP_NO_MMAP", "IORING_SETUP_REGISTERED_FD_ONLY", "IORING_SETUP_NO_SQARRAY",
            "io_sqring_offsets.user_addr", "io_cqring_offsets.user_addr", "io_uring_sync_cancel_reg.opcode",
            "SCM_PIDFD",
            // 6.7
            "IORING_OP_READ_MULTISHOT", "IORING_OP_WAITID", "IORING_OP_FUTEX_WAIT", "IORING_OP_FUTEX_WAKE",
            "IORING_OP_FUTEX_WAITV", "io_uring_sqe.waitid_flags", "io_uring_sqe.futex_flags", "io_uring_sqe.level",
            "io_uring_sqe.optname", "io_uring_sqe.optlen", "io_uring_sqe.optval", "FUTEX2_SIZE_U32", "FUTEX2_PRIVATE",
            "BCACHEFS_SUPER_MAGIC",
            // 6.8 to 6.11
            "STATX_MNT_ID_UNIQUE",
            "IORING_OP_FIXED_FD_INSTALL", "IORING_FIXED_FD_NO_CLOEXEC", "io_uring_sqe.install_fd_flags",
            "IORING_REGISTER_PBUF_STATUS", "IORING_OP_FTRUNCATE", "IORING_REGISTER_NAPI", "IORING_UNREGISTER_NAPI",
            "IORING_FEAT_RECVSEND_BUNDLE", "IORING_RECVSEND_BUNDLE", "IORING_ACCEPT_DONTWAIT",
            "IORING_ACCEPT_POLL_FIRST", "IORING_NOP_INJECT_RESULT", "io_uring_sqe.nop_flags", "IORING_OP_BIND",
            "IORING_OP_LISTEN",
            // 6.12 and 6.13
            "IORING_ENTER_ABS_TIMER", "IORING_FEAT_MIN_TIMEOUT", "io_uring_getevents_arg.min_wait_usec",
            "IORING_CQE_F_BUF_MORE", "IOU_PBUF_RING_INC", "IORING_REGISTER_CLOCK", "IORING_REGISTER_CLONE_BUFFERS",
            "IORING_REGISTER_SEND_MSG_RING", "IORING_REGISTER_RESIZE_RINGS", "IORING_REGISTER_MEM_REGION",
            "IORING_ENTER_EXT_ARG_REG", "IORING_SETUP_HYBRID_IOPOLL",
            // 6.14 and 6.15
            "IORING_FEAT_RW_ATTR", "io_uring_sqe.attr_ptr", "io_uring_sqe.attr_type_mask",
            "IORING_ENTER_NO_IOWAIT",
            "IORING_FEAT_NO_IOWAIT", "IORING_OP_RECV_ZC", "IORING_OP_EPOLL_WAIT", "IORING_OP_READV_FIXED",
            "IORING_OP_WRITEV_FIXED", "IORING_REGISTER_ZCRX_IFQ",
            // 6.16 to 6.19
            "IORING_OP_PIPE", "io_uring_sqe.pipe_flags", "IORING_SEND_VECTORIZED", "IORING_SETUP_CQE_MIXED",
            "IORING_CQE_F_SKIP", "IORING_CQE_F_32", "IORING_REGISTER_QUERY", "IORING_URING_CMD_MULTISHOT",
            "IORING_SETUP_SQE_MIXED", "IORING_OP_NOP128", "IORING_OP_URING_CMD128");

    /** Numbers of our own, which no header has. */
    private static final Set<String> OURS = Set.of(
            "Errno.FIRST_INTERNAL",
            "FileSystems.ZFS_SUPER_MAGIC", "Files.TRANSFER_MAX", "Files.VECTORS_MAX", "Files.HIGH_HALF",
            "Libc.ERRNO_OFFSET", "Mmap.PAGE_SIZE",
            "Processes.SIGINFO_SIZE", "Processes.SIGINFO_CODE", "Processes.SIGINFO_PID", "Processes.SIGINFO_STATUS",
            "Seccomp.LOAD_WORD", "Seccomp.JUMP_IF_EQUAL", "Seccomp.RETURN", "Seccomp.DATA_NUMBER",
            "Seccomp.DATA_ARCHITECTURE",
            "Spawn.FILE_ACTIONS_SIZE", "Spawn.ATTRIBUTES_SIZE", "Spawn.SIGNAL_SET_SIZE",
            "SegmentPool.SEGMENT_BYTES", "SegmentPool.REFERENCES_PER_LINE", "SegmentPool.SLOTS",
            "Sockaddr.UNIX_PATH_MAX", "Sockaddr.UNIX_ABSTRACT_MAX", "Sockaddr.INET4_BYTES", "Sockaddr.INET6_BYTES");

    /** The C library hides what the kernel's own header says of these. */
    private static final Set<String> KERNEL_ONLY = Set.of("O_LARGEFILE");

    private static final String HEADERS = """
            #define _GNU_SOURCE
            #include <dirent.h>
            #include <errno.h>
            #include <fcntl.h>
            #include <net/if.h>
            #include <netinet/in.h>
            #include <netinet/tcp.h>
            #include <poll.h>
            #include <signal.h>
            #include <spawn.h>
            #include <stddef.h>
            #include <stdio.h>
            #include <sys/epoll.h>
            #include <sys/eventfd.h>
            #include <sys/file.h>
            #include <sys/inotify.h>
            #include <sys/ioctl.h>
            #include <sys/mman.h>
            #include <sys/prctl.h>
            #include <sys/resource.h>
            #include <sys/socket.h>
            #include <sys/stat.h>
            #include <sys/statvfs.h>
            #include <sys/syscall.h>
            #include <sys/time.h>
            #include <sys/uio.h>
            #include <sys/un.h>
            #include <sys/utsname.h>
            #include <sys/vfs.h>
            #include <sys/wait.h>
            #include <sys/xattr.h>
            #include <time.h>
            #include <unistd.h>
            #include <linux/audit.h>
            #include <linux/errqueue.h>
            #include <linux/filter.h>
            #include <linux/fs.h>
            #include <linux/futex.h>
            #include <linux/io_uring.h>
            #include <linux/limits.h>
            #include <linux/magic.h>
            #include <linux/memfd.h>
            #include <linux/openat2.h>
            #include <linux/seccomp.h>
            #include <linux/stat.h>
            #include <linux/time_types.h>
            #include <linux/udp.h>
            """;

    @TempDir
    private Path directory;

    @BeforeAll
    static void compilerIsThere() {
        assumeTrue(CCompiler.present(), "probe failed: gcc --version");
    }

    @Test
    void constantsAreThoseOfTheHeaders() throws Exception {
        Map<String, Constant> constants = constants();
        assertThat(constants).hasSizeGreaterThan(600);

        assertThat(compare(HEADERS, constants.values().stream()
                        .filter(constant -> !KERNEL_ONLY.contains(constant.cName))
                        .toList()))
                .isEmpty();
        assertThat(compare("#include <stdio.h>\n#include <linux/fcntl.h>\n", constants.values().stream()
                        .filter(constant -> KERNEL_ONLY.contains(constant.cName))
                        .toList()))
                .isEmpty();
    }

    @Test
    void layoutsAreThoseOfTheHeaders() throws Exception {
        List<Class<?>> classes = classes().filter(HeadersTest::isLayout).toList();
        assertThat(classes).hasSizeGreaterThan(30);
        List<Place> places = new ArrayList<>();
        for (Class<?> type : classes) {
            StructLayout layout = (StructLayout) type.getField("LAYOUT").get(null);
            String struct = layout.name().orElseThrow();
            places.add(new Place(struct, "", layout.byteSize(), layout.byteAlignment()));
            walk(struct, "", layout, 0, places);
        }

        CCompiler.Answer answer = new CCompiler(directory).run(missing -> HEADERS + "int main(void) {\n"
                + places.stream()
                        .filter(place -> !place.isIn(missing))
                        .map(Place::print)
                        .collect(Collectors.joining())
                + "return 0; }\n");

        reportMissing(answer.missing());
        assertThat(answer.lines())
                .containsExactlyElementsOf(places.stream()
                        .filter(place -> !place.isIn(answer.missing()))
                        .map(Place::expected)
                        .toList());
    }

    /** These have no name as a structure, or none of their insides is known. */
    @Test
    void whatHasNoLayoutHasTheRoomAndThePlaces() throws Exception {
        CCompiler.Answer answer = new CCompiler(directory).run(_ -> HEADERS + """
                int main(void) {
                printf("%d\\n", sizeof(posix_spawn_file_actions_t) <= 256);
                printf("%d\\n", sizeof(posix_spawnattr_t) <= 512);
                printf("%zu %zu %zu %zu %zu\\n", sizeof(sigset_t), sizeof(siginfo_t), offsetof(siginfo_t, si_code),
                    offsetof(siginfo_t, si_pid), offsetof(siginfo_t, si_status));
                return 0; }
                """);
        assertThat(answer.lines()).containsExactly("1", "1", "128 128 8 16 24");
    }

    @Test
    void offsetsAreThoseOfTheirLayouts() throws Exception {
        for (Class<?> type : classes().filter(HeadersTest::isLayout).toList()) {
            StructLayout layout = (StructLayout) type.getField("LAYOUT").get(null);
            List<Place> places = new ArrayList<>();
            walk(layout.name().orElseThrow(), "", layout, 0, places);
            Map<String, Long> offsets = new LinkedHashMap<>();
            places.forEach(place -> offsets.put(place.constantName(), place.offset));

            Map<String, Long> constants = new LinkedHashMap<>();
            for (Field field : numbers(type).toList()) {
                constants.put(field.getName(), number(field));
            }

            assertThat(constants.remove("SIZE")).as("%s.SIZE", type).isEqualTo(layout.byteSize());
            assertThat(offsets).as("the members of %s", type).containsAllEntriesOf(constants);
            List<String> topLevel = places.stream()
                    .filter(place -> !place.path.contains("."))
                    .map(Place::constantName)
                    .toList();
            assertThat(constants.keySet()).as("the constants of %s", type).containsAll(topLevel);
        }
    }

    private List<String> compare(String headers, List<Constant> constants) throws Exception {
        CCompiler.Answer answer = new CCompiler(directory).run(missing -> headers + "int main(void) {\n"
                + constants.stream()
                        .filter(constant -> !missing.contains(constant.cName))
                        .map(constant -> "printf(\"%s = %%lld\\n\", (long long) (%s) (%s));\n"
                                .formatted(constant.javaName, constant.cType, constant.cName))
                        .collect(Collectors.joining())
                + "return 0; }\n");

        reportMissing(answer.missing());
        List<String> expected = constants.stream()
                .filter(constant -> !answer.missing().contains(constant.cName))
                .map(constant -> constant.javaName + " = " + constant.value)
                .toList();
        assertThat(answer.lines()).hasSameSizeAs(expected);
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < expected.size(); i++) {
            if (!expected.get(i).equals(answer.lines().get(i))) {
                differences.add("we say " + expected.get(i) + ", the headers say " + answer.lines().get(i));
            }
        }
        return differences;
    }

    private static void reportMissing(SortedSet<String> missing) {
        assertThat(NEWER_THAN_SOME_HEADERS).containsAll(missing);
        if (!missing.isEmpty()) {
            System.out.println("not compared, because the installed headers are older: " + missing);
        }
    }

    private static Map<String, Constant> constants() throws Exception {
        Map<String, Constant> constants = new LinkedHashMap<>();
        for (Class<?> type : classes().filter(type -> !isLayout(type)).toList()) {
            for (Field field : numbers(type).toList()) {
                String javaName = type.getSimpleName() + "." + field.getName();
                if (!OURS.contains(javaName)) {
                    String cName = type == SystemCallNumber.class
                            ? "__NR_" + field.getName().toLowerCase(Locale.ROOT)
                            : field.getName();
                    String cType = field.getType() == int.class ? "int" : "long long";
                    constants.put(javaName, new Constant(javaName, cName, cType, number(field)));
                }
            }
        }
        for (Field field : Errno.class.getFields()) {
            if (field.getType() == Errno.class && field.get(null) instanceof Errno errno && !errno.internal()) {
                String javaName = "Errno." + field.getName();
                constants.put(javaName, new Constant(javaName, field.getName(), "int", errno.code()));
            }
        }
        return constants;
    }

    /** Members in the order of the layout, those of nameless groups among them, those of named ones after a dot. */
    private static void walk(String struct, String prefix, GroupLayout group, long start, List<Place> places) {
        long offset = start;
        for (MemoryLayout member : group.memberLayouts()) {
            if (member.name().isEmpty() && member instanceof GroupLayout nameless) {
                walk(struct, prefix, nameless, offset, places);
            } else if (member.name().isPresent()) {
                String path = prefix + member.name().get();
                places.add(new Place(struct, path, member.byteSize(), offset));
                if (member instanceof GroupLayout named) {
                    walk(struct, path + ".", named, offset, places);
                }
            }
            if (group instanceof StructLayout) {
                offset += member.byteSize();
            }
        }
    }

    private static Stream<Field> numbers(Class<?> type) {
        return Stream.of(type.getDeclaredFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()))
                .filter(field -> Modifier.isFinal(field.getModifiers()))
                .filter(field -> field.getType() == int.class || field.getType() == long.class)
                .peek(field -> field.setAccessible(true));
    }

    private static long number(Field field) throws IllegalAccessException {
        return field.getType() == int.class ? field.getInt(null) : field.getLong(null);
    }

    private static boolean isLayout(Class<?> type) {
        return Stream.of(type.getFields()).anyMatch(field -> field.getName().equals("LAYOUT"));
    }

    /** All top-level classes of the package and its rooms. */
    private static Stream<Class<?>> classes() throws IOException, URISyntaxException {
        Path root = Path.of(Errno.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        List<String> names;
        try (Stream<Path> files = Files.walk(root.resolve("dev/gyre/linux"))) {
            names = files.map(file -> root.relativize(file).toString())
                    .filter(name -> name.endsWith(".class") && !name.contains("$") && !name.contains("-"))
                    .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .sorted()
                    .toList();
        }
        List<Class<?>> classes = new ArrayList<>();
        for (String name : names) {
            try {
                classes.add(Class.forName(name));
            } catch (ClassNotFoundException e) {
                throw new AssertionError(e);
            }
        }
        return classes.stream();
    }

    private record Constant(String javaName, String cName, String cType, long value) {}

    /** A member of a structure; with an empty path the structure itself, and its alignment for an offset. */
    private record Place(String struct, String path, long size, long offset) {
        boolean isIn(SortedSet<String> missing) {
            // The compiler names the innermost structure, which for the parameters of a ring is another one.
            String inner = path.replace("sq_off.", "io_sqring_offsets.").replace("cq_off.", "io_cqring_offsets.");
            return missing.contains(struct + "." + path) || missing.contains(inner);
        }

        String constantName() {
            return path.replace('.', '_').toUpperCase(Locale.ROOT).replaceFirst("^_+", "");
        }

        String print() {
            if (path.isEmpty()) {
                return """
                        printf("struct %1$s: size %%zu, alignment %%zu\\n", sizeof(struct %1$s), _Alignof(struct %1$s));
                        """.formatted(struct);
            }
            // What has no length of its own, C does not measure.
            String measured = size == 0 ? "(size_t) 0" : "sizeof(((struct %s *) 0)->%s)".formatted(struct, path);
            return "printf(\"%1$s.%2$s: size %%zu, offset %%zu\\n\", %3$s, offsetof(struct %1$s, %2$s));\n"
                    .formatted(struct, path, measured);
        }

        String expected() {
            return path.isEmpty()
                    ? "struct %s: size %d, alignment %d".formatted(struct, size, offset)
                    : "%s.%s: size %d, offset %d".formatted(struct, path, size, offset);
        }
    }
}
