package dev.gyre.io;

import static dev.gyre.io.ErrorNumber.*;

import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What the error numbers of one operation mean. */
final class Declaration {
    /** Numbers that no correct program causes, unless an operation declares them. */
    static final Set<Integer> FAULTS =
            Set.of(EBADF.code(), EFAULT.code(), EINVAL.code(), EDESTADDRREQ.code());

    final Map<Integer, Reason> byNumber = new HashMap<>();
    final Set<Reason> reasons = EnumSet.noneOf(Reason.class);
    final Set<Integer> retried = new HashSet<>();

    Declaration on(ErrorNumber number, Reason reason) {
        byNumber.put(number.code(), reason);
        reasons.add(reason);
        return this;
    }

    /** The two limits that whoever opens something can meet. */
    Declaration onDescriptorLimits() {
        return on(EMFILE, Reason.PROCESS_FD_LIMIT).on(ENFILE, Reason.SYSTEM_FD_LIMIT);
    }

    Declaration also(Reason... more) {
        Collections.addAll(reasons, more);
        return this;
    }

    Declaration retried(ErrorNumber... numbers) {
        for (ErrorNumber number : numbers) {
            retried.add(number.code());
        }
        return this;
    }

    /** The least error number that means {@code reason} here, or 0 where the reason has none. */
    int numberOf(Reason reason) {
        return byNumber.entrySet().stream()
                .filter(entry -> entry.getValue() == reason)
                .mapToInt(Map.Entry::getKey)
                .min()
                .orElse(0);
    }

    /** What keeps an option from being looked at. */
    static Declaration option() {
        return new Declaration()
                .on(ENOPROTOOPT, Reason.OPTION_UNSUPPORTED)
                .on(EOPNOTSUPP, Reason.OPTION_UNSUPPORTED)
                .on(ENOTCONN, Reason.NOT_CONNECTED)
                .on(ENOTSOCK, Reason.NOT_A_SOCKET)
                .on(ENOBUFS, Reason.SYSTEM_RESOURCES)
                .on(ENOMEM, Reason.SYSTEM_RESOURCES)
                .also(Reason.CLOSED);
    }

    /** What has to do with groups of receivers. */
    static Declaration multicast() {
        return new Declaration()
                .on(ENODEV, Reason.NO_DEVICE)
                .on(EAFNOSUPPORT, Reason.ADDRESS_FAMILY_UNSUPPORTED)
                .on(ENOPROTOOPT, Reason.OPTION_UNSUPPORTED)
                .on(EOPNOTSUPP, Reason.OPERATION_UNSUPPORTED)
                .on(ENOBUFS, Reason.SYSTEM_RESOURCES)
                .on(ENOMEM, Reason.SYSTEM_RESOURCES)
                .also(Reason.CLOSED);
    }

    /** What any path can meet on its way. */
    static Declaration path() {
        return new Declaration()
                .on(EACCES, Reason.ACCESS_DENIED)
                .on(EPERM, Reason.PERMISSION_DENIED)
                .on(ELOOP, Reason.SYMLINK_LOOP)
                .on(ENAMETOOLONG, Reason.NAME_TOO_LONG)
                .on(ENOENT, Reason.FILE_NOT_FOUND)
                .on(ESTALE, Reason.FILE_NOT_FOUND)
                .on(ENOTDIR, Reason.NOT_A_DIRECTORY)
                .on(EIO, Reason.INPUT_OUTPUT)
                .on(ENOMEM, Reason.SYSTEM_RESOURCES)
                .also(Reason.BAD_PATH, Reason.CLOSED);
    }

    /** What stands in the way of a new name. */
    static Declaration naming() {
        return path()
                .on(EEXIST, Reason.PATH_ALREADY_EXISTS)
                .on(EMLINK, Reason.LINK_LIMIT)
                .on(ENOSPC, Reason.NO_SPACE_LEFT)
                .on(EDQUOT, Reason.DISK_QUOTA)
                .on(EROFS, Reason.READ_ONLY_FILE_SYSTEM)
                .on(EINVAL, Reason.OPERATION_UNSUPPORTED)
                .on(EOPNOTSUPP, Reason.OPERATION_UNSUPPORTED);
    }

    /** What keeps a name from being removed. */
    static Declaration deleting() {
        return path()
                .on(EBUSY, Reason.DEVICE_BUSY)
                .on(EROFS, Reason.READ_ONLY_FILE_SYSTEM)
                .on(ETXTBSY, Reason.FILE_BUSY);
    }

    /** What keeps attributes from being changed. */
    static Declaration attributes() {
        return path()
                .on(EINVAL, Reason.OPERATION_UNSUPPORTED)
                .on(EOPNOTSUPP, Reason.OPERATION_UNSUPPORTED)
                .on(EROFS, Reason.READ_ONLY_FILE_SYSTEM)
                .on(ENOSPC, Reason.NO_SPACE_LEFT);
    }

    /** What keeps extended attributes from being looked at. */
    static Declaration extendedAttributes() {
        return path()
                .on(E2BIG, Reason.ATTRIBUTE_TOO_BIG)
                .on(EOPNOTSUPP, Reason.ATTRIBUTE_UNSUPPORTED)
                .on(EMFILE, Reason.PROCESS_FD_LIMIT)
                .on(ENFILE, Reason.SYSTEM_FD_LIMIT);
    }

    /** What keeps one of them from being used. */
    static Declaration extendedAttribute() {
        return extendedAttributes()
                .on(ENODATA, Reason.NO_SUCH_ATTRIBUTE)
                .on(EINVAL, Reason.ATTRIBUTE_INVALID)
                .on(ERANGE, Reason.NAME_TOO_LONG);
    }

    static Declaration opening() {
        return new Declaration()
                .on(EACCES, Reason.ACCESS_DENIED)
                .on(EPERM, Reason.PERMISSION_DENIED)
                .on(EBUSY, Reason.DEVICE_BUSY)
                .on(EEXIST, Reason.PATH_ALREADY_EXISTS)
                .on(EFBIG, Reason.FILE_TOO_BIG)
                .on(EOVERFLOW, Reason.FILE_TOO_BIG)
                .on(EINVAL, Reason.OPERATION_UNSUPPORTED)
                .on(EOPNOTSUPP, Reason.OPERATION_UNSUPPORTED)
                .on(EISDIR, Reason.IS_A_DIRECTORY)
                .on(ELOOP, Reason.SYMLINK_LOOP)
                .on(EMFILE, Reason.PROCESS_FD_LIMIT)
                .on(ENFILE, Reason.SYSTEM_FD_LIMIT)
                .on(ENAMETOOLONG, Reason.NAME_TOO_LONG)
                .on(ENODEV, Reason.NO_DEVICE)
                .on(ENXIO, Reason.NO_DEVICE)
                .on(ENOENT, Reason.FILE_NOT_FOUND)
                .on(ESTALE, Reason.FILE_NOT_FOUND)
                .on(ENOMEM, Reason.SYSTEM_RESOURCES)
                .on(ENOSPC, Reason.NO_SPACE_LEFT)
                .on(EDQUOT, Reason.DISK_QUOTA)
                .on(ENOTDIR, Reason.NOT_A_DIRECTORY)
                .on(EROFS, Reason.READ_ONLY_FILE_SYSTEM)
                .on(ETXTBSY, Reason.FILE_BUSY)
                .on(EAGAIN, Reason.WOULD_BLOCK)
                .on(EXDEV, Reason.PATH_ESCAPES)
                .on(EIO, Reason.INPUT_OUTPUT)
                .also(Reason.BAD_PATH, Reason.CLOSED);
    }
}
