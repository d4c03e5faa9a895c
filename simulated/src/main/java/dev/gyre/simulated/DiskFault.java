package dev.gyre.simulated;

import dev.gyre.io.ErrorNumber;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Something that the disk of a host does wrong, until it is taken back ({@link HostDisk#fail}).
 *
 * <pre>{@code
 * // The third sync of a log fails, and no other.
 * DiskFault.of(Operation.SYNC, ErrorNumber.EIO).onPaths(path -> path.endsWith(".log")).after(2).times(1)
 * // One read of a hundred fails, as the seed has it.
 * DiskFault.of(Operation.READ_FILE, ErrorNumber.EIO).withProbability(0.01)
 * // Nothing can be written any more: the user's share is used up.
 * DiskFault.of(Operation.WRITE_FILE, ErrorNumber.EDQUOT)
 * }</pre>
 *
 * <p>A call that fails has changed nothing; only a {@code sync} that fails has changed what later ones do, as on Linux
 * (fsync(2), since 4.13): what it was to write is taken for written, and is not tried again before it is written once
 * more. It can be read until the host loses its power, and then it is gone, or by chance it is not. Whoever had the
 * file open by another descriptor gets the same error from the next sync there, which does nothing else.
 *
 * @param operation what fails: one on files, folders and names
 * @param error how, one that the operation declares
 * @param paths on which files; it only looks at its argument, and calls nothing of the simulation. Of a file that is
 *     open that is its own path, from the root on, and of an operation on names the one that it was given, from the
 *     root on as well, without following links; of one that renames the old name, of one that makes a link the new
 * @param skipped how many calls go well before the first that may fail, 0 or more
 * @param timesMax how many calls fail at most, 1 or more
 * @param probability how probable it is that a call fails which may, above 0 and up to 1
 */
public record DiskFault(
        Operation operation,
        ErrorNumber error,
        Predicate<String> paths,
        long skipped,
        long timesMax,
        double probability) {
    private static final Set<Operation> OPERATIONS = EnumSet.of(
            Operation.OPEN_FILE, Operation.OPEN_DIRECTORY, Operation.READ_FILE, Operation.WRITE_FILE, Operation.SYNC,
            Operation.TRUNCATE, Operation.ALLOCATE, Operation.STAT, Operation.LIST, Operation.RENAME,
            Operation.DELETE_FILE, Operation.DELETE_DIRECTORY, Operation.MAKE_DIRECTORY, Operation.HARD_LINK,
            Operation.SYMLINK);

    /** Refuses values out of range, operations of something else, and errors that the operation does not have. */
    public DiskFault {
        Objects.requireNonNull(paths);
        if (!OPERATIONS.contains(operation)) {
            throw new IllegalArgumentException(operation + " is none of a disk's; there are " + OPERATIONS);
        }
        requireDeclared(operation, error);
        if (skipped < 0) {
            throw new IllegalArgumentException("skipped " + skipped + " is negative");
        }
        if (timesMax < 1) {
            throw new IllegalArgumentException("timesMax " + timesMax + " is not positive");
        }
        if (!(probability > 0 && probability <= 1)) {
            throw new IllegalArgumentException("probability " + probability + " is not above 0 and up to 1");
        }
    }

    private static void requireDeclared(Operation operation, ErrorNumber error) {
        boolean declared;
        try {
            declared = operation.failure(error.code(), "it").reason() != Reason.UNEXPECTED;
        } catch (AssertionError faultOfTheProgram) {
            declared = false;
        }
        if (!declared || operation.retries(error.code())) {
            throw new IllegalArgumentException(operation + " does not fail with " + error + "; its reasons are "
                    + operation.reasons());
        }
    }

    /**
     * Every call fails.
     *
     * @param operation what fails
     * @param error how
     * @return the fault
     */
    public static DiskFault of(Operation operation, ErrorNumber error) {
        return new DiskFault(operation, error, path -> true, 0, Long.MAX_VALUE, 1);
    }

    /**
     * The same on some files only.
     *
     * @param some which, by their paths
     * @return the fault
     */
    public DiskFault onPaths(Predicate<String> some) {
        return new DiskFault(operation, error, some, skipped, timesMax, probability);
    }

    /**
     * The same after some calls that go well.
     *
     * @param calls how many, 0 or more
     * @return the fault
     */
    public DiskFault after(long calls) {
        return new DiskFault(operation, error, paths, calls, timesMax, probability);
    }

    /**
     * The same for no more than so many calls.
     *
     * @param calls how many fail, 1 or more
     * @return the fault
     */
    public DiskFault times(long calls) {
        return new DiskFault(operation, error, paths, skipped, calls, probability);
    }

    /**
     * The same for some calls, which the seed chooses.
     *
     * @param each how probable it is for each, above 0 and up to 1
     * @return the fault
     */
    public DiskFault withProbability(double each) {
        return new DiskFault(operation, error, paths, skipped, timesMax, each);
    }
}
