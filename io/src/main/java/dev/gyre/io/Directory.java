package dev.gyre.io;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An open folder, and the start of relative paths.
 *
 * <p>What is made, renamed or removed here is seen by everybody at once, and survives a crash of the process. Whether
 * it survives a power cut is another matter: it does when {@link #sync()} of the folder that has the name has returned,
 * of both folders for a name that has moved.
 *
 * <p>A path is text; it reaches the kernel as UTF-8. One with an embedded NUL character or of more than 4095 bytes is
 * refused before any system call. Any task may use a folder, several at once too. All methods except {@link #close()}
 * are cancellation points.
 */
public non-sealed interface Directory extends Passable {

    /**
     * Opens a file, or a folder as a file that can only be asked for its state. A pipe or a device that is opened
     * takes notice of it; {@link OpenOptions.Flag#NO_SPECIAL} prevents that.
     *
     * @param path relative to this folder, or absolute unless {@link OpenOptions.Flag#BENEATH}
     * @param options how
     * @return the file, closed on exec, never the controlling terminal
     * @throws IoException with a reason of {@link Operation#OPEN_FILE}, or of {@link Operation#LOCK} if a lock was
     *     asked for; nothing stays open
     * @throws CanceledException if the calling task was canceled; nothing stays open
     */
    File openFile(String path, OpenOptions options) throws IoException;

    /**
     * Opens a folder.
     *
     * @param path relative to this folder, or absolute unless {@link OpenOptions.Flag#BENEATH}
     * @param flags {@link OpenOptions.Flag#NO_FOLLOW} and {@link OpenOptions.Flag#BENEATH} have a meaning here
     * @return the folder
     * @throws IoException with a reason of {@link Operation#OPEN_DIRECTORY}
     * @throws CanceledException if the calling task was canceled; nothing stays open
     */
    Directory openDirectory(String path, OpenOptions.Flag... flags) throws IoException;

    /**
     * What the file system knows of a file, following symbolic links.
     *
     * @param path relative to this folder, or absolute
     * @return the present state
     * @throws IoException with a reason of {@link Operation#STAT}
     * @throws CanceledException if the calling task was canceled
     */
    FileStat stat(String path) throws IoException;

    /**
     * What the file system knows of a file, which may itself be a symbolic link (lstat(2)).
     *
     * @param path relative to this folder, or absolute; only its last part is not followed
     * @return the present state
     * @throws IoException with a reason of {@link Operation#STAT}
     * @throws CanceledException if the calling task was canceled
     */
    FileStat lstat(String path) throws IoException;

    /**
     * The names in this folder, without {@code .} and {@code ..}, in no order.
     *
     * @return one entry for each
     * @throws IoException with a reason of {@link Operation#LIST}
     * @throws CanceledException if the calling task was canceled
     */
    List<DirectoryEntry> list() throws IoException;

    /**
     * The same names a piece at a time, for folders that may be large.
     *
     * @return from the beginning, with a descriptor of its own, to be closed
     * @throws IoException with a reason of {@link Operation#LIST}
     * @throws CanceledException if the calling task was canceled; nothing stays open
     */
    Listing listing() throws IoException;

    /**
     * Begins a walk through all that is in a folder and below it.
     *
     * @param path relative to this folder, or absolute; followed where it is a symbolic link
     * @return before its first name, to be closed
     * @throws IoException with a reason of {@link Operation#OPEN_DIRECTORY}, {@link Operation#STAT} or
     *     {@link Operation#LIST}
     * @throws CanceledException if the calling task was canceled; nothing stays open
     */
    Walk walk(String path) throws IoException;

    /**
     * Asks whether the process may do something (faccessat(2), for its effective user). The answer may be outdated when
     * it arrives: to open a file and see is mostly the better question.
     *
     * @param path relative to this folder, or absolute; followed where it is a symbolic link
     * @param wanted what to ask for, all of it; nothing asks only whether the path is there
     * @throws IoException with a reason of {@link Operation#ACCESS}, {@link Reason#ACCESS_DENIED} where it may not
     * @throws CanceledException if the calling task was canceled
     */
    void access(String path, Permission... wanted) throws IoException;

    /**
     * Makes a folder that everybody may use, as far as the process's umask lets them.
     *
     * @param path relative to this folder, or absolute
     * @throws IoException with a reason of {@link Operation#MAKE_DIRECTORY}
     * @throws CanceledException if the calling task was canceled; there is no new folder
     */
    default void makeDirectory(String path) throws IoException {
        makeDirectory(path, 0777);
    }

    /**
     * Makes a folder (mkdirat(2)).
     *
     * @param path relative to this folder, or absolute
     * @param mode its permission bits, 0 to 07777, less the process's umask
     * @throws IllegalArgumentException if the mode is out of range
     * @throws IoException with a reason of {@link Operation#MAKE_DIRECTORY}
     * @throws CanceledException if the calling task was canceled; there is no new folder
     */
    void makeDirectory(String path, int mode) throws IoException;

    /**
     * Makes a folder, and those on the way to it, unless they are there. Symbolic links that lead to folders are
     * followed. What was made before a failure stays.
     *
     * @param path relative to this folder, or absolute
     * @return whether there was something to make
     * @throws IoException with a reason of {@link Operation#MAKE_DIRECTORY}: {@link Reason#NOT_A_DIRECTORY} where
     *     something else has the name
     * @throws CanceledException if the calling task was canceled
     */
    boolean makePath(String path) throws IoException;

    /**
     * Opens a folder, and makes it first, and those on the way to it, where they are missing.
     *
     * @param path relative to this folder, or absolute unless {@link OpenOptions.Flag#BENEATH}
     * @param flags as {@link #openDirectory} has them; they hold for the opening, not for the making
     * @return the folder
     * @throws IoException with a reason of {@link Operation#MAKE_DIRECTORY} or {@link Operation#OPEN_DIRECTORY}
     * @throws CanceledException if the calling task was canceled; nothing stays open
     */
    Directory makeOpenPath(String path, OpenOptions.Flag... flags) throws IoException;

    /**
     * Begins a new file that will replace what has a name, or be the first to have it: see {@link Replacement}.
     *
     * @param path the name that it will have, relative to this folder, or absolute; a symbolic link of that name is
     *     replaced itself
     * @param mode its permission bits, 0 to 07777, less the process's umask; those of what it replaces do not matter
     * @return the new file, to be closed
     * @throws IllegalArgumentException if the mode is out of range
     * @throws IoException with a reason of {@link Operation#OPEN_DIRECTORY} or {@link Operation#OPEN_FILE}
     * @throws CanceledException if the calling task was canceled; nothing is left behind
     */
    Replacement replace(String path, int mode) throws IoException;

    /**
     * Copies a file, as {@link File#cloneTo} where the file system can, otherwise as {@link File#copyTo}: holes stay
     * holes. The copy replaces what has its name when it is whole, see {@link Replacement#commitWithoutSync()}; it has
     * the permission bits of the original, less the process's umask.
     *
     * @param from the file, relative to this folder, or absolute; followed where it is a symbolic link
     * @param folder where the copy's path starts
     * @param to the copy, relative to {@code folder}, or absolute
     * @return its length in bytes
     * @throws IllegalArgumentException if {@code folder} is of another {@code Io}
     * @throws IoException with a reason of {@link Operation#OPEN_FILE}, {@link Operation#COPY},
     *     {@link Operation#READ_FILE}, {@link Operation#WRITE_FILE} or {@link Operation#RENAME};
     *     {@link Reason#IS_A_DIRECTORY} for a folder, {@link Reason#OPERATION_UNSUPPORTED} for a pipe, a socket or a
     *     device
     * @throws CanceledException if the calling task was canceled; nothing is left behind
     */
    long copyFile(String from, Directory folder, String to) throws IoException;

    /**
     * Gives something another name in this folder, and replaces what has it.
     *
     * @param from what to rename; a symbolic link is renamed itself
     * @param to its new name
     * @throws IoException with a reason of {@link Operation#RENAME}
     * @throws CanceledException if the calling task was canceled; nothing has changed
     */
    default void rename(String from, String to) throws IoException {
        rename(from, this, to, Renaming.REPLACE);
    }

    /**
     * Gives something another name, maybe in another folder of the same file system (renameat2(2)).
     *
     * @param from what to rename, relative to this folder, or absolute; a symbolic link is renamed itself
     * @param folder where the new name starts
     * @param to the new name, relative to {@code folder}, or absolute
     * @param renaming what happens to what has that name
     * @throws IllegalArgumentException if {@code folder} is of another {@code Io}
     * @throws IoException with a reason of {@link Operation#RENAME}; {@link Reason#CROSS_DEVICE} on another file system
     * @throws CanceledException if the calling task was canceled; nothing has changed
     */
    void rename(String from, Directory folder, String to, Renaming renaming) throws IoException;

    /**
     * Gives a file one more name (linkat(2)).
     *
     * @param existing the file, relative to this folder, or absolute; a symbolic link gets the new name itself
     * @param folder where the new name starts
     * @param path the new name, relative to {@code folder}, or absolute
     * @throws IllegalArgumentException if {@code folder} is of another {@code Io}
     * @throws IoException with a reason of {@link Operation#HARD_LINK}
     * @throws CanceledException if the calling task was canceled; there is no new name
     */
    void hardLink(String existing, Directory folder, String path) throws IoException;

    /**
     * Makes a symbolic link (symlinkat(2)).
     *
     * @param target what it says, which need not be there; a relative one starts at the folder that has the link
     * @param path where the link is made, relative to this folder, or absolute
     * @throws IoException with a reason of {@link Operation#SYMLINK}
     * @throws CanceledException if the calling task was canceled; there is no link
     */
    void symlink(String target, String path) throws IoException;

    /**
     * Makes a named pipe, a device file, or the name of a socket at which nobody listens (mknodat(2)).
     *
     * @param path relative to this folder, or absolute
     * @param kind {@link FileKind#PIPE}, {@link FileKind#SOCKET}, {@link FileKind#BLOCK_DEVICE} or
     *     {@link FileKind#CHARACTER_DEVICE}
     * @param mode permission bits, 07777 at most, less the process's umask
     * @param device which device, as {@link FileStat#represented} has it; 0 for what is none
     * @throws IllegalArgumentException for another kind, permission bits beyond 07777, or a device that is none
     * @throws IoException with a reason of {@link Operation#MAKE_NODE}; {@link Reason#PERMISSION_DENIED} for a device
     *     without {@code CAP_MKNOD}, and where the file system has no such things, as a simulated disk, which has pipes
     *     alone
     * @throws CanceledException if the calling task was canceled; nothing was made
     */
    void makeNode(String path, FileKind kind, int mode, long device) throws IoException;

    /**
     * What a symbolic link says (readlinkat(2)).
     *
     * @param path the link, relative to this folder, or absolute
     * @return the text of it, relative to the folder that has the link, or absolute
     * @throws IoException with a reason of {@link Operation#READ_LINK}; {@link Reason#NOT_A_SYMLINK} for all else
     * @throws CanceledException if the calling task was canceled
     */
    String readLink(String path) throws IoException;

    /**
     * Where a path leads, without links, {@code .} and {@code ..}: as {@code /proc/self/fd} says of it when it is open.
     *
     * @param path relative to this folder, or absolute
     * @return an absolute path, which may lead elsewhere by the time it arrives
     * @throws IoException with a reason of {@link Operation#REAL_PATH}
     * @throws CanceledException if the calling task was canceled
     */
    String realPath(String path) throws IoException;

    /**
     * Removes a name of something that is no folder (unlinkat(2)). The file itself goes with its last name, when nobody
     * has it open any more.
     *
     * @param path relative to this folder, or absolute; a symbolic link is removed itself
     * @throws IoException with a reason of {@link Operation#DELETE_FILE}; {@link Reason#IS_A_DIRECTORY} for a folder
     * @throws CanceledException if the calling task was canceled; the name is still there
     */
    void deleteFile(String path) throws IoException;

    /**
     * Removes an empty folder (unlinkat(2)).
     *
     * @param path relative to this folder, or absolute
     * @throws IoException with a reason of {@link Operation#DELETE_DIRECTORY}; {@link Reason#DIRECTORY_NOT_EMPTY}
     * @throws CanceledException if the calling task was canceled; the folder is still there
     */
    void deleteDirectory(String path) throws IoException;

    /**
     * Removes whatever has the name, with all that is in it. Symbolic links are removed and never followed, whoever
     * puts them there meanwhile. What others remove at the same time is no failure. Its use of descriptors is bounded,
     * however deep the tree.
     *
     * @param path relative to this folder, or absolute; one that ends with {@code .} or {@code ..} names nothing that
     *     could be removed, and is refused with {@link Reason#OPERATION_UNSUPPORTED} before anything is
     * @return whether something was there
     * @throws IoException with a reason of {@link Operation#DELETE_FILE}, {@link Operation#DELETE_DIRECTORY},
     *     {@link Operation#OPEN_DIRECTORY} or {@link Operation#LIST}; a part of the tree may be gone
     * @throws CanceledException if the calling task was canceled; a part of the tree may be gone
     */
    boolean deleteTree(String path) throws IoException;

    /**
     * Sets the permission bits (fchmodat(2)).
     *
     * @param path relative to this folder, or absolute; followed where it is a symbolic link, which has none itself
     * @param mode 0 to 07777
     * @throws IllegalArgumentException if the mode is out of range
     * @throws IoException with a reason of {@link Operation#SET_PERMISSIONS}
     * @throws CanceledException if the calling task was canceled; nothing has changed
     */
    void setPermissions(String path, int mode) throws IoException;

    /**
     * Sets user and group (fchownat(2)).
     *
     * @param path relative to this folder, or absolute; a symbolic link is not followed, but has an owner itself
     * @param user its number; -1 to leave it
     * @param group its number; -1 to leave it
     * @throws IoException with a reason of {@link Operation#SET_OWNER}
     * @throws CanceledException if the calling task was canceled; nothing has changed
     */
    void setOwner(String path, int user, int group) throws IoException;

    /**
     * Sets the times of access and of change (utimensat(2)), as finely as the file system keeps them.
     *
     * @param path relative to this folder, or absolute; a symbolic link is not followed, but has times itself
     * @param accessed on {@link Clock#REAL}; null to leave it
     * @param modified on {@link Clock#REAL}; null to leave it
     * @throws IllegalArgumentException if a time is of another clock
     * @throws IoException with a reason of {@link Operation#SET_TIMES}
     * @throws CanceledException if the calling task was canceled; nothing has changed
     */
    void setTimes(String path, @Nullable Timestamp accessed, @Nullable Timestamp modified) throws IoException;

    /**
     * Brings the names in this folder to the device (fsync(2)): what was made, renamed or removed in it before survives
     * a power cut from then on, though not the content of the files, for which there is {@link File#sync()}.
     *
     * @throws IoException with a reason of {@link Operation#SYNC}
     * @throws CanceledException if the calling task was canceled
     */
    void sync() throws IoException;

    /**
     * What the file system is that the folder is on, and how full (fstatfs(2)).
     *
     * @return the present state
     * @throws IoException with a reason of {@link Operation#STAT_FILE_SYSTEM}
     * @throws CanceledException if the calling task was canceled
     */
    FileSystemStat statFileSystem() throws IoException;

    /**
     * The names of the extended attributes of what a path leads to (listxattr(2)), in no order. Those that the process
     * may not see are left out.
     *
     * @param path relative to this folder, or absolute; a symbolic link is not followed, but has some itself; {@code .}
     *     for the folder's own
     * @return for example {@code user.comment}; bytes that are no UTF-8 are as in file names
     * @throws IoException with a reason of {@link Operation#LIST_EXTENDED_ATTRIBUTES}
     * @throws CanceledException if the calling task was canceled
     */
    List<String> listExtendedAttributes(String path) throws IoException;

    /**
     * The value of an extended attribute (getxattr(2)).
     *
     * @param path relative to this folder, or absolute; a symbolic link is not followed, but has some itself; {@code .}
     *     for the folder's own
     * @param name which, with its namespace: {@code user.comment}
     * @return its bytes, 65,536 at most
     * @throws IllegalArgumentException if the name is empty
     * @throws IoException with a reason of {@link Operation#GET_EXTENDED_ATTRIBUTE}: {@link Reason#NO_SUCH_ATTRIBUTE}
     *     where there is none, {@link Reason#ATTRIBUTE_UNSUPPORTED} where the file system or the name's kind has none
     * @throws CanceledException if the calling task was canceled
     */
    byte[] getExtendedAttribute(String path, String name) throws IoException;

    /**
     * Sets an extended attribute, whether it is there or not.
     *
     * @param path relative to this folder, or absolute; a symbolic link is not followed, but has some itself; {@code .}
     *     for the folder's own
     * @param name which
     * @param value what it becomes
     * @throws IllegalArgumentException if the name is empty
     * @throws IoException with a reason of {@link Operation#SET_EXTENDED_ATTRIBUTE}
     */
    default void setExtendedAttribute(String path, String name, byte[] value) throws IoException {
        setExtendedAttribute(path, name, value, AttributeMode.CREATE_OR_REPLACE);
    }

    /**
     * Sets an extended attribute (setxattr(2)). File systems have limits of their own: ext4 and XFS tell by
     * {@link Reason#NO_SPACE_LEFT} that the attributes of a file together are too long.
     *
     * @param path relative to this folder, or absolute; a symbolic link is not followed, but has some itself; {@code .}
     *     for the folder's own
     * @param name which, with its namespace, up to 255 bytes; everybody who may write to a file may set those of
     *     {@code user.}, which only files and folders have
     * @param value what it becomes, up to 65,536 bytes
     * @param mode whether it may, must or must not be there already
     * @throws IllegalArgumentException if the name is empty
     * @throws IoException with a reason of {@link Operation#SET_EXTENDED_ATTRIBUTE}
     * @throws CanceledException if the calling task was canceled; nothing has changed
     */
    void setExtendedAttribute(String path, String name, byte[] value, AttributeMode mode) throws IoException;

    /**
     * Removes an extended attribute (removexattr(2)).
     *
     * @param path relative to this folder, or absolute; a symbolic link is not followed, but has some itself; {@code .}
     *     for the folder's own
     * @param name which
     * @throws IllegalArgumentException if the name is empty
     * @throws IoException with a reason of {@link Operation#REMOVE_EXTENDED_ATTRIBUTE}
     * @throws CanceledException if the calling task was canceled; nothing has changed
     */
    void removeExtendedAttribute(String path, String name) throws IoException;

    /** Closes it. Closing again, or closing the current folder, does nothing. Not a cancellation point. */
    @Override
    void close();
}
