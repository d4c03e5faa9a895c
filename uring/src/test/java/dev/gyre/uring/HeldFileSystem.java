package dev.gyre.uring;

import dev.gyre.linux.Directories;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Files;
import dev.gyre.linux.layout.OpenHow;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;

/**
 * A file system that a thread of this process serves by FUSE (fuse(4), linux/fuse.h). It has one file, and knows the
 * state of that when the test lets it. Whatever it is asked, nothing is kept in the kernel.
 */
final class HeldFileSystem implements Runnable {
    static final String FILE = "file";
    static final long SIZE = 12_345;

    private static final int LOOKUP = 1;
    private static final int FORGET = 2;
    private static final int GETATTR = 3;
    private static final int OPEN = 14;
    private static final int STATFS = 17;
    private static final int RELEASE = 18;
    private static final int INIT = 26;
    private static final int INTERRUPT = 36;
    private static final int BATCH_FORGET = 42;

    private static final int ROOT = 1;
    private static final int NODE = 2;
    private static final int REQUEST_MAX = 128 << 10;
    private static final int IN_HEADER = 40;
    private static final int OUT_HEADER = 16;
    private static final int ATTR = 88;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment in = arena.allocate(REQUEST_MAX, Long.BYTES);
    private final MemorySegment out = arena.allocate(256, Long.BYTES);
    private final Semaphore asked = new Semaphore(0);
    private final Semaphore allowed = new Semaphore(0);
    private final int device;

    private HeldFileSystem(int device) {
        this.device = device;
    }

    /** Mounts one, until this process ends. */
    static HeldFileSystem mount(Path folder) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment how = arena.allocate(OpenHow.LAYOUT);
            how.set(ValueLayout.JAVA_LONG, OpenHow.FLAGS, Files.O_RDWR | Files.O_CLOEXEC);
            int device = made("open /dev/fuse", Files.openat2(
                    Directories.AT_FDCWD, arena.allocateFrom("/dev/fuse"), how, OpenHow.SIZE));
            String options = "fd=" + device + ",rootmode=40000,user_id=0,group_id=0";
            int result = (int) Linker.nativeLinker()
                    .downcallHandle(Linker.nativeLinker().defaultLookup().findOrThrow("mount"),
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS,
                                    ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS))
                    .invokeExact(arena.allocateFrom("held"), arena.allocateFrom(folder.toString()),
                            arena.allocateFrom("fuse"), 0L, arena.allocateFrom(options));
            made("mount fuse", result);
            HeldFileSystem system = new HeldFileSystem(device);
            Thread.ofPlatform().daemon().name("fuse").start(system);
            return system;
        } catch (IOException | RuntimeException | Error thrown) {
            throw thrown;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static int made(String call, int result) throws IOException {
        if (result < 0) {
            throw new IOException(call + ": " + result);
        }
        return result;
    }

    /** Waits until the state of the file was asked for. */
    void awaitQuestion() {
        asked.acquireUninterruptibly();
    }

    /** Has such a question answered. */
    void allow() {
        allowed.release();
    }

    @Override
    public void run() {
        while (Files.read(device, in, REQUEST_MAX) >= IN_HEADER) {
            long unique = in.get(ValueLayout.JAVA_LONG, 8);
            long node = in.get(ValueLayout.JAVA_LONG, 16);
            out.fill((byte) 0);
            switch (in.get(ValueLayout.JAVA_INT, 4)) {
                case INIT -> init(unique);
                case LOOKUP -> lookup(unique);
                case GETATTR -> state(unique, node);
                case OPEN -> answer(unique, 0, 16);
                case STATFS -> answer(unique, 0, 80);
                case RELEASE -> answer(unique, 0, 0);
                case FORGET, BATCH_FORGET, INTERRUPT -> {}
                default -> answer(unique, Errno.ENOSYS.code(), 0);
            }
        }
    }

    /** Version 7.31, and nothing that can be chosen. */
    private void init(long unique) {
        out.set(ValueLayout.JAVA_INT, OUT_HEADER, 7);
        out.set(ValueLayout.JAVA_INT, OUT_HEADER + 4, 31);
        out.set(ValueLayout.JAVA_INT, OUT_HEADER + 20, 4096);
        answer(unique, 0, 64);
    }

    private void lookup(long unique) {
        if (!in.getString(IN_HEADER).equals(FILE)) {
            answer(unique, Errno.ENOENT.code(), 0);
            return;
        }
        out.set(ValueLayout.JAVA_LONG, OUT_HEADER, NODE);
        putState(OUT_HEADER + 40, NODE);
        answer(unique, 0, 40 + ATTR);
    }

    private void state(long unique, long node) {
        if (node == NODE) {
            asked.release();
            allowed.acquireUninterruptibly();
        }
        putState(OUT_HEADER + 16, node);
        answer(unique, 0, 16 + ATTR);
    }

    private void putState(long at, long node) {
        out.set(ValueLayout.JAVA_LONG, at, node);
        out.set(ValueLayout.JAVA_LONG, at + 8, node == ROOT ? 0 : SIZE);
        out.set(ValueLayout.JAVA_INT, at + 60, node == ROOT ? Directories.S_IFDIR | 0755 : Directories.S_IFREG | 0644);
        out.set(ValueLayout.JAVA_INT, at + 64, 1);
    }

    private void answer(long unique, int error, int length) {
        out.set(ValueLayout.JAVA_INT, 0, OUT_HEADER + length);
        out.set(ValueLayout.JAVA_INT, 4, -error);
        out.set(ValueLayout.JAVA_LONG, 8, unique);
        Files.write(device, out, OUT_HEADER + length);
    }
}
