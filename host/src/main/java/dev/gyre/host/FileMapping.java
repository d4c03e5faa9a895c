package dev.gyre.host;

import dev.gyre.io.Mapping;
import dev.gyre.linux.Errno;
import dev.gyre.linux.Files;
import dev.gyre.linux.Mmap;
import dev.gyre.posix.Answer;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory that is a part of a file, as a segment of which the JDK knows that it is: with {@code isMapped}, {@code force}
 * and {@code load}, and unmapped when its arena is closed.
 *
 * <p>Only the JDK's own channels make such segments, of files that they have opened themselves. To open a file once
 * more, by its link in {@code /proc}, asks for its permissions again, which may have changed; to have the JDK map it
 * makes it longer where the mapping is beyond its end, unasked; and the caller's own thread does it, as an arena may be
 * confined to it, while the file system may wait for a server. So we map the file ourselves, on whatever thread may
 * wait; the JDK maps as much of a file in memory, which has no content, into the arena; and then the one mapping is
 * moved over the other (mremap(2)), for which nobody waits.
 */
final class FileMapping {
    private static final int PAGE = Mmap.pageSize();

    /** Counts the files in memory, so that each has a name of its own in this process. */
    private static final AtomicLong NUMBER = new AtomicLong();

    private final Mapping mode;
    private final int inPage;
    private final long length;

    /**
     * A part of a file.
     *
     * @param mode what may be done to it
     * @param offset of the first byte
     * @param length in bytes, 1 or more
     */
    FileMapping(Mapping mode, long offset, long length) {
        this.mode = mode;
        this.inPage = (int) (offset % PAGE);
        this.length = length;
    }

    /**
     * Whether a file is open for it. The kernel would say the same, but one number for all of it.
     *
     * @param fd open
     * @return 0, or {@code EBADF} where it cannot be read, {@code EACCES} where it cannot be written
     */
    int allowed(int fd) {
        int flags = Files.fcntl(fd, Files.F_GETFL, 0);
        if (flags < 0) {
            return flags;
        }
        int access = flags & (Files.O_RDONLY | Files.O_WRONLY | Files.O_RDWR);
        if (access == Files.O_WRONLY) {
            return -Errno.EBADF.code();
        }
        return access == Files.O_RDONLY && mode == Mapping.READ_WRITE ? -Errno.EACCES.code() : 0;
    }

    /**
     * Maps the file, anywhere. May wait.
     *
     * @param fd open
     * @param offset as before
     * @return where the page begins that has the first byte, or a negated error number
     */
    long map(int fd, long offset) {
        int protection = mode == Mapping.READ ? Mmap.PROT_READ : Mmap.PROT_READ | Mmap.PROT_WRITE;
        int flags = mode == Mapping.PRIVATE ? Mmap.MAP_PRIVATE : Mmap.MAP_SHARED;
        return Mmap.mmap(0, inPage + length, protection, flags, fd, offset - inPage);
    }

    /**
     * Moves that into an arena. By a thread that may use it.
     *
     * @param mapped what {@link #map} has answered; the mapping belongs to the arena afterwards, or is gone
     * @param arena open
     * @return the part of the file
     */
    Answer<MemorySegment> moveInto(long mapped, Arena arena) {
        boolean moved = false;
        try {
            String name = "gyre-mapping-" + NUMBER.incrementAndGet();
            int memory = memoryFile(name);
            if (memory < 0) {
                return Answer.failed(memory);
            }
            MemorySegment segment;
            try {
                int result = Files.ftruncate(memory, inPage + length);
                if (result < 0) {
                    return Answer.failed(result);
                }
                segment = mapMemoryFile(memory, name, arena);
            } finally {
                FileCalls.close(memory);
            }
            int result = Mmap.mremap(mapped, inPage + length, inPage + length,
                    Mmap.MREMAP_MAYMOVE | Mmap.MREMAP_FIXED, segment.address() - inPage, segment);
            moved = result == 0;
            return moved ? Answer.of(segment) : Answer.failed(result);
        } catch (NoSuchFileException noProc) {
            return Answer.failed(-Errno.ENOSYS.code());
        } catch (IOException failed) {
            // Channels have no error numbers. There is one more that opening can meet.
            boolean room = !(failed.getCause() instanceof OutOfMemoryError);
            return Answer.failed(room ? -Errno.EMFILE.code() : -Errno.ENOMEM.code());
        } finally {
            if (!moved) {
                Mmap.munmap(mapped, inPage + length);
            }
        }
    }

    private static int memoryFile(String name) {
        try (Scratch scratch = Scratch.borrow()) {
            MemorySegment text = scratch.path(name.getBytes(StandardCharsets.US_ASCII));
            int fd = Files.memfdCreate(text, Files.MFD_CLOEXEC | Files.MFD_NOEXEC_SEAL);
            return fd == -Errno.EINVAL.code() ? Files.memfdCreate(text, Files.MFD_CLOEXEC) : fd;
        }
    }

    /**
     * Has the JDK map. It closes a channel, and throws, when its caller is interrupted; that is for the next operation
     * that waits.
     */
    private MemorySegment mapMemoryFile(int memory, String name, Arena arena) throws IOException {
        Path path = Path.of("/proc/self/fd/" + memory);
        FileChannel.MapMode kind =
                mode == Mapping.READ ? FileChannel.MapMode.READ_ONLY : FileChannel.MapMode.READ_WRITE;
        boolean interrupted = false;
        try {
            while (true) {
                interrupted |= Thread.interrupted();
                try (FileChannel channel =
                        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                    return channel.map(kind, inPage, length, arena);
                } catch (ClosedByInterruptException again) {
                    interrupted = true;
                    unmap(name);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Removes what there is of a file in memory: the JDK forgets a mapping when its caller was interrupted while it
     * was made.
     */
    private static void unmap(String name) throws IOException {
        String file = "/memfd:" + name + " (deleted)";
        try (BufferedReader mappings = new BufferedReader(
                new InputStreamReader(new FileInputStream("/proc/self/maps"), StandardCharsets.ISO_8859_1))) {
            for (String line = mappings.readLine(); line != null; line = mappings.readLine()) {
                if (line.endsWith(file)) {
                    int dash = line.indexOf('-');
                    long start = Long.parseUnsignedLong(line, 0, dash, 16);
                    long end = Long.parseUnsignedLong(line, dash + 1, line.indexOf(' '), 16);
                    Mmap.munmap(start, end - start);
                }
            }
        }
    }
}
