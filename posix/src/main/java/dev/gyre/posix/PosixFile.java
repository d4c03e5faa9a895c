package dev.gyre.posix;

import static dev.gyre.io.ErrorNumber.EACCES;
import static dev.gyre.io.ErrorNumber.EAGAIN;
import static dev.gyre.io.ErrorNumber.ECANCELED;
import static dev.gyre.io.ErrorNumber.EINTR;
import static dev.gyre.io.ErrorNumber.EINVAL;
import static dev.gyre.io.ErrorNumber.ENOSYS;
import static dev.gyre.io.ErrorNumber.ENOTTY;
import static dev.gyre.io.ErrorNumber.ENXIO;
import static dev.gyre.io.ErrorNumber.EOPNOTSUPP;
import static dev.gyre.io.ErrorNumber.EXDEV;

import dev.gyre.io.Advice;
import dev.gyre.io.AttributeMode;
import dev.gyre.io.File;
import dev.gyre.io.FileKind;
import dev.gyre.io.FileStat;
import dev.gyre.io.FileSystemStat;
import dev.gyre.io.IoException;
import dev.gyre.io.Locking;
import dev.gyre.io.Mapping;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.io.Sink;
import dev.gyre.io.Timeout;
import dev.gyre.io.Timestamp;
import dev.gyre.io.spi.Fiber;
import dev.gyre.io.spi.OpenWaits;
import dev.gyre.io.spi.SharedArena;
import dev.gyre.io.spi.StackRoom;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A file behind a descriptor. */
final class PosixFile implements File, Holdable {
    /** The answer where there is none, as of where something is that is not there; no file is so long. */
    private static final long NOWHERE = Long.MAX_VALUE;

    private final PosixIo io;
    private final Descriptor descriptor;
    private final String path;
    private final OpenWaits waits = new OpenWaits();

    /**
     * A file.
     *
     * @param fd open; belongs to this from now on
     * @param path what it was opened as, for messages
     */
    PosixFile(PosixIo io, int fd, String path) {
        this.io = io;
        this.descriptor = io.kernel().fileDescriptor(fd);
        this.path = path;
    }

    @Override
    public PosixIo io() {
        return io;
    }

    @Override
    public int read(MemorySegment buffer) throws IoException {
        return read(buffer, buffer, Kernel.STREAM);
    }

    @Override
    public int read(MemorySegment buffer, long offset) throws IoException {
        return read(buffer, Buffers.beforeLastOffset(buffer, offset), offset);
    }

    private int read(MemorySegment buffer, MemorySegment part, long offset) throws IoException {
        try (SharedArena.Use _ = Buffers.useToWrite(buffer)) {
            Fiber fiber = io.begin();
            if (buffer.byteSize() == 0) {
                return 0;
            }
            if (part.byteSize() == 0) {
                return -1;
            }
            while (true) {
                int result;
                OpenWaits.Wait wait = beginWait(fiber, offset);
                hold(Operation.READ_FILE, wait);
                try {
                    result = io.kernel().read(fiber, descriptor, part, offset);
                } catch (InternalError fault) {
                    result = Buffers.faulted(part, fault);
                } finally {
                    release(fiber, wait);
                }
                if (result >= 0) {
                    return result == 0 ? -1 : result;
                }
                Results.requireAgain(Operation.READ_FILE, result, descriptor, this);
                fiber.checkCancel();
            }
        }
    }

    @Override
    public int write(MemorySegment buffer) throws IoException {
        return write(buffer, buffer, Kernel.STREAM);
    }

    @Override
    public int write(MemorySegment buffer, long offset) throws IoException {
        return write(buffer, Buffers.beforeLastOffset(buffer, offset), offset);
    }

    private int write(MemorySegment buffer, MemorySegment part, long offset) throws IoException {
        try (SharedArena.Use _ = Buffers.useToRead(buffer)) {
            Fiber fiber = io.begin();
            if (buffer.byteSize() == 0) {
                return 0;
            }
            if (part.byteSize() == 0) {
                throw Operation.WRITE_FILE.failure(Reason.FILE_TOO_BIG, this);
            }
            while (true) {
                int result;
                OpenWaits.Wait wait = beginWait(fiber, offset);
                hold(Operation.WRITE_FILE, wait);
                try {
                    result = io.kernel().write(fiber, descriptor, part, offset);
                } catch (InternalError fault) {
                    result = Buffers.faulted(part, fault);
                } finally {
                    release(fiber, wait);
                }
                if (result >= 0) {
                    return result;
                }
                Results.requireAgain(Operation.WRITE_FILE, result, descriptor, this);
                fiber.checkCancel();
            }
        }
    }

    @Override
    public int read(List<MemorySegment> buffers) throws IoException {
        return read(BufferList.of(buffers), Kernel.STREAM);
    }

    @Override
    public int read(List<MemorySegment> buffers, long offset) throws IoException {
        return read(BufferList.of(buffers, offset), offset);
    }

    private int read(BufferList buffers, long offset) throws IoException {
        try (buffers) {
            buffers.useToWrite();
            Fiber fiber = io.begin();
            if (buffers.areEmpty()) {
                return 0;
            }
            if (buffers.parts().isEmpty()) {
                return -1;
            }
            int result = transfer(Operation.READ_FILE, fiber, buffers, offset,
                    () -> io.kernel().read(fiber, descriptor, buffers.parts(), offset));
            return result == 0 ? -1 : result;
        }
    }

    @Override
    public int write(List<MemorySegment> buffers) throws IoException {
        return write(BufferList.of(buffers), Kernel.STREAM);
    }

    @Override
    public int write(List<MemorySegment> buffers, long offset) throws IoException {
        return write(BufferList.of(buffers, offset), offset);
    }

    private int write(BufferList buffers, long offset) throws IoException {
        try (buffers) {
            buffers.useToRead();
            Fiber fiber = io.begin();
            if (buffers.areEmpty()) {
                return 0;
            }
            if (buffers.parts().isEmpty()) {
                throw Operation.WRITE_FILE.failure(Reason.FILE_TOO_BIG, this);
            }
            return transfer(Operation.WRITE_FILE, fiber, buffers, offset,
                    () -> io.kernel().write(fiber, descriptor, buffers.parts(), offset));
        }
    }

    private int transfer(Operation operation, Fiber fiber, BufferList buffers, long offset, IntSupplier call)
            throws IoException {
        while (true) {
            int result;
            OpenWaits.Wait wait = beginWait(fiber, offset);
            hold(operation, wait);
            try {
                result = call.getAsInt();
            } catch (InternalError fault) {
                result = buffers.faulted(fault);
            } finally {
                release(fiber, wait);
            }
            if (result >= 0) {
                return result;
            }
            Results.requireAgain(operation, result, descriptor, this);
            fiber.checkCancel();
        }
    }

    @Override
    public long transferTo(Sink sink, long max, LongConsumer moved) throws IoException {
        requireNotNegative(max, "count");
        if (sink == this) {
            throw new IllegalArgumentException(this + " cannot be copied to itself");
        }
        if (sink instanceof PosixConnection connection && connection.io() == io) {
            return sendTo(connection, max, moved);
        }
        return sink instanceof PosixFile file && file.io == io
                ? copyFromPosition(file, max, moved)
                : File.super.transferTo(sink, max, moved);
    }

    private long sendTo(PosixConnection connection, long max, LongConsumer moved) throws IoException {
        long from = positionOrNone();
        if (from < 0) {
            return File.super.transferTo(connection, max, moved);
        }
        long length = Buffers.requireRange(from, max);
        long sent = 0;
        while (sent < length) {
            long count = connection.sendSome(this, from + sent, length - sent, Timeout.NONE);
            if (count == 0) {
                break;
            }
            sent += count;
            seekTo(from + sent);
            moved.accept(count);
        }
        return sent;
    }

    /** Copies from one position to the other, and moves both. What the kernel does not copy is read and written. */
    private long copyFromPosition(PosixFile target, long max, LongConsumer moved) throws IoException {
        long from = positionOrNone();
        long to = target.positionOrNone();
        long most = from < 0 || to < 0 ? max : RangeCopy.lengthWithinOne(stat(), target.stat(), from, to, max);
        long length = from < 0 || to < 0 ? 0 : Math.min(most, Long.MAX_VALUE - Math.max(from, to));
        long copied = 0;
        while (copied < length) {
            long count = copyUnlessRefused(target, from + copied, to + copied, length - copied);
            if (count == 0 && copied > 0) {
                return copied;
            }
            if (count <= 0) {
                break;
            }
            copied += count;
            seekTo(from + copied);
            target.seekTo(to + copied);
            moved.accept(count);
        }
        return copied == most ? copied : copied + File.super.transferTo(target, most - copied, moved);
    }

    /** As {@link #copyInKernel}; -1 also where a file is not open for it, or open for appending. */
    private long copyUnlessRefused(PosixFile target, long offset, long targetOffset, long length) throws IoException {
        try {
            return copyInKernel(target, offset, targetOffset, length);
        } catch (IoException refused) {
            if (refused.reason() == Reason.NOT_OPEN_FOR_WRITING) {
                return -1;
            }
            throw refused;
        }
    }

    /** The file's position; -1 where there is none. */
    private long positionOrNone() throws IoException {
        try {
            return position();
        } catch (IoException none) {
            if (none.reason() == Reason.NOT_SEEKABLE) {
                return -1;
            }
            throw none;
        }
    }

    /** A pipe may let a transfer wait for ever, and so may a device, even one that has a position. */
    private OpenWaits.@Nullable Wait beginWait(Fiber fiber, long offset) {
        return offset == Kernel.STREAM ? waits.begin(fiber) : null;
    }

    private void hold(Operation operation, OpenWaits.@Nullable Wait wait) throws IoException {
        boolean held = descriptor.acquire();
        if (!held) {
            if (wait != null) {
                wait.close();
            }
            throw operation.failure(Reason.CLOSED, this);
        }
    }

    private void release(Fiber fiber, OpenWaits.@Nullable Wait wait) {
        if (wait != null) {
            wait.close();
        }
        release(fiber);
    }

    @Override
    public void seekTo(long position) throws IoException {
        requireNotNegative(position, "position");
        moveTo(position, false);
    }

    @Override
    public long seekBy(long distance) throws IoException {
        return moveTo(distance, true);
    }

    private long moveTo(long distance, boolean fromHere) throws IoException {
        StackRoom.require();
        io.step();
        hold(Operation.SEEK);
        try {
            long result = io.kernel().moveTo(descriptor, distance, fromHere);
            if (result < 0) {
                throw Operation.SEEK.failure((int) -result, this);
            }
            return result;
        } finally {
            release(io.caller());
        }
    }

    @Override
    public void sync() throws IoException {
        call(Operation.SYNC, fiber -> io.kernel().sync(fiber, descriptor, false));
    }

    @Override
    public void dataSync() throws IoException {
        call(Operation.SYNC, fiber -> io.kernel().sync(fiber, descriptor, true));
    }

    @Override
    public void truncate(long length) throws IoException {
        requireNotNegative(length, "length");
        call(Operation.TRUNCATE, fiber -> io.kernel().truncate(fiber, descriptor, length));
    }

    @Override
    public void allocate(long offset, long length) throws IoException {
        allocate(offset, length, false);
    }

    @Override
    public void punchHole(long offset, long length) throws IoException {
        allocate(offset, length, true);
    }

    private void allocate(long offset, long length, boolean hole) throws IoException {
        requireNotNegative(offset, "offset");
        if (length < 1) {
            throw new IllegalArgumentException("length " + length + " is not positive");
        }
        if (offset + length < 0) {
            throw Operation.ALLOCATE.failure(Reason.FILE_TOO_BIG, this);
        }
        call(Operation.ALLOCATE, fiber -> io.kernel().allocate(fiber, descriptor, offset, length, hole));
    }

    @Override
    public long seekData(long from) throws IoException {
        return seek(from, false);
    }

    @Override
    public long seekHole(long from) throws IoException {
        return seek(from, true);
    }

    private long seek(long from, boolean hole) throws IoException {
        requireNotNegative(from, "from");
        long found = call(Operation.SEEK, fiber -> {
            long result = io.kernel().seek(fiber, descriptor, from, hole);
            return result == -ENXIO.code() ? NOWHERE : result;
        });
        return found == NOWHERE ? -1 : found;
    }

    private static void requireNotNegative(long number, String what) {
        if (number < 0) {
            throw new IllegalArgumentException(what + " " + number + " is negative");
        }
    }

    @Override
    public void setPermissions(int mode) throws IoException {
        PosixDirectory.requireMode(mode);
        call(Operation.SET_PERMISSIONS, fiber -> io.kernel().setPermissions(fiber, descriptor, mode));
    }

    @Override
    public void setOwner(int user, int group) throws IoException {
        call(Operation.SET_OWNER, fiber -> io.kernel().setOwner(fiber, descriptor, user, group));
    }

    @Override
    public void setTimes(@Nullable Timestamp accessed, @Nullable Timestamp modified) throws IoException {
        PosixDirectory.requireReal(accessed);
        PosixDirectory.requireReal(modified);
        call(Operation.SET_TIMES, fiber -> io.kernel().setTimes(fiber, descriptor, accessed, modified));
    }

    @Override
    public long copyTo(File target, long offset, long targetOffset, long length) throws IoException {
        requireNotNegative(offset, "offset");
        requireNotNegative(targetOffset, "target offset");
        requireNotNegative(length, "length");
        PosixFile other = own(target);
        long whole = Math.min(length, Long.MAX_VALUE - Math.max(offset, targetOffset));
        return new RangeCopy(this, other, targetOffset - offset).copy(offset, offset + whole) - offset;
    }

    /** Copies some of it. -1 if it has to be done in another way; 0 at the end of this file, and for some files. */
    long copyInKernel(PosixFile other, long offset, long targetOffset, long length) throws IoException {
        long copied = call(Operation.COPY, fiber -> {
            Descriptor target = other.hold(Operation.COPY);
            try {
                long result =
                        io.kernel().copy(fiber, descriptor, offset, target, targetOffset, length);
                return result < 0 && isNoWayToCopy((int) -result) ? NOWHERE : result;
            } finally {
                other.release(fiber);
            }
        });
        return copied == NOWHERE ? -1 : copied;
    }

    @Override
    public boolean cloneTo(File target) throws IoException {
        PosixFile other = own(target);
        return call(Operation.COPY, fiber -> {
            Descriptor to = other.hold(Operation.COPY);
            try {
                int result = io.kernel().clone(fiber, descriptor, to);
                return result < 0 && isNoWayToCopy(-result) ? NOWHERE : result;
            } finally {
                other.release(fiber);
            }
        }) != NOWHERE;
    }

    /** Different file systems, or one that cannot; or files that are read in another way. */
    private static boolean isNoWayToCopy(int error) {
        return error == EXDEV.code() || error == EINVAL.code() || error == EOPNOTSUPP.code()
                || error == ENOTTY.code() || error == ENOSYS.code();
    }

    private PosixFile own(File file) {
        if (file instanceof PosixFile other && other.io == io) {
            return other;
        }
        throw new IllegalArgumentException(file + " is not a file of the same Io");
    }

    @Override
    public void lock(Locking locking) throws IoException {
        call(Operation.LOCK, fiber -> {
            try (OpenWaits.Wait _ = waits.begin(fiber)) {
                return descriptor.isClosing()
                        ? -ECANCELED.code()
                        : io.kernel().lock(fiber, descriptor, locking, true);
            }
        });
    }

    @Override
    public boolean tryLock(Locking locking) throws IoException {
        return call(Operation.LOCK, fiber -> {
            int result = io.kernel().lock(fiber, descriptor, locking, false);
            return result == -EAGAIN.code() || result == -EACCES.code() ? NOWHERE : result;
        }) != NOWHERE;
    }

    @Override
    public void unlock() throws IoException {
        call(Operation.LOCK, fiber -> io.kernel().lock(fiber, descriptor, null, false));
    }

    @Override
    public FileStat stat() throws IoException {
        return ask(Operation.STAT, fiber -> io.kernel().stat(fiber, descriptor));
    }

    @Override
    public FileSystemStat statFileSystem() throws IoException {
        return ask(Operation.STAT_FILE_SYSTEM, fiber -> io.kernel().statFileSystem(fiber, descriptor));
    }

    @Override
    public void advise(Advice advice, long offset, long length) throws IoException {
        requireNotNegative(offset, "offset");
        requireNotNegative(length, "length");
        call(Operation.ADVISE, fiber -> io.kernel().advise(fiber, descriptor, advice, offset, length));
    }

    @Override
    public List<String> listExtendedAttributes() throws IoException {
        return Paths.decodeList(ask(Operation.LIST_EXTENDED_ATTRIBUTES,
                fiber -> io.kernel().listAttributes(fiber, descriptor, null)));
    }

    @Override
    public byte[] getExtendedAttribute(String name) throws IoException {
        byte[] encoded = Paths.encodeAttribute(name, Operation.GET_EXTENDED_ATTRIBUTE);
        return ask(Operation.GET_EXTENDED_ATTRIBUTE,
                fiber -> io.kernel().getAttribute(fiber, descriptor, null, encoded));
    }

    @Override
    public void setExtendedAttribute(String name, byte[] value, AttributeMode mode) throws IoException {
        byte[] encoded = Paths.encodeAttribute(name, Operation.SET_EXTENDED_ATTRIBUTE);
        call(Operation.SET_EXTENDED_ATTRIBUTE,
                fiber -> io.kernel().setAttribute(fiber, descriptor, null, encoded, value, mode));
    }

    @Override
    public void removeExtendedAttribute(String name) throws IoException {
        byte[] encoded = Paths.encodeAttribute(name, Operation.REMOVE_EXTENDED_ATTRIBUTE);
        call(Operation.REMOVE_EXTENDED_ATTRIBUTE,
                fiber -> io.kernel().removeAttribute(fiber, descriptor, null, encoded));
    }

    /** What is beyond the end could be mapped, and would be touched in vain. */
    @Override
    public MemorySegment map(Mapping mode, long offset, long length, Arena arena) throws IoException {
        requireNotNegative(offset, "offset");
        if (length < 1) {
            throw new IllegalArgumentException("length " + length + ": a mapping has one byte at least");
        }
        if (!arena.scope().isAlive()) {
            throw new IllegalStateException("the arena is closed");
        }
        StackRoom.require();
        FileStat state = ask(Operation.MAP, fiber -> io.kernel().stat(fiber, descriptor));
        if (state.kind() == FileKind.DIRECTORY) {
            throw Operation.MAP.failure(Reason.IS_A_DIRECTORY, this);
        } else if (state.kind() != FileKind.FILE) {
            throw Operation.MAP.failure(Reason.OPERATION_UNSUPPORTED, this);
        } else if (length > state.size() - offset) {
            throw Operation.MAP.failure(Reason.BEYOND_END, this);
        }
        return ask(Operation.MAP, fiber -> io.kernel().map(fiber, descriptor, mode, offset, length, arena));
    }

    /** Asks something until it is answered. */
    private <T> T ask(Operation operation, Function<Fiber, Answer<T>> question) throws IoException {
        Fiber fiber = io.begin();
        while (true) {
            Answer<T> answer;
            hold(operation);
            try {
                answer = question.apply(fiber);
            } finally {
                release(fiber);
            }
            T value = answer.value();
            if (value != null) {
                return value;
            }
            Results.requireAgain(operation, answer.result(), this);
            fiber.checkCancel();
        }
    }

    /** A thin call. */
    @FunctionalInterface
    private interface Call {
        long make(Fiber fiber) throws IoException;
    }

    /** Makes a call until it is answered. */
    private long call(Operation operation, Call call) throws IoException {
        Fiber fiber = io.begin();
        while (true) {
            long result;
            hold(operation);
            try {
                result = call.make(fiber);
            } finally {
                release(fiber);
            }
            if (result >= 0) {
                return result;
            }
            Results.requireAgain(operation, result, descriptor, this);
            fiber.checkCancel();
        }
    }

    @Override
    public void close() throws IoException {
        StackRoom.require();
        io.step();
        Fiber fiber = io.caller();
        if (!descriptor.beginClose()) {
            return;
        }
        waits.end();
        if (descriptor.release()) {
            int result = io.kernel().close(fiber, descriptor.take());
            // The number is gone, whatever interrupted the call (close(2)).
            if (result < 0 && result != -EINTR.code()) {
                throw Operation.CLOSE.failure(-result, this);
            }
        }
    }

    @Override
    public String toString() {
        return path;
    }

    /**
     * Holds the descriptor, for this file's own calls and for transfers that do not go through it.
     *
     * @param operation on whose behalf
     * @return the descriptor, until {@link #release}
     * @throws IoException with {@link Reason#CLOSED}
     */
    Descriptor hold(Operation operation) throws IoException {
        if (!descriptor.acquire()) {
            throw operation.failure(Reason.CLOSED, this);
        }
        return descriptor;
    }

    @Override
    public boolean tryHold() {
        return descriptor.acquire();
    }

    @Override
    public Descriptor descriptor() {
        return descriptor;
    }

    @Override
    public void release(Fiber fiber) {
        if (descriptor.release()) {
            io.kernel().close(fiber, descriptor.take());
        }
    }
}
