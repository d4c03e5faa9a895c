package dev.gyre.cli.copy;

import dev.gyre.io.Directory;
import dev.gyre.io.File;
import dev.gyre.io.FileKind;
import dev.gyre.io.FileStat;
import dev.gyre.io.IoException;
import java.util.List;

/**
 * Owners, permissions, times and extended attributes, as the source has them.
 *
 * <p>An ordinary user cannot give files away; then, as with cp(1), the copy stays his, without the bits that lend its
 * owner's rights to others. Nor does every file system take every extended attribute. Neither is a problem, unless the
 * user wants it to be one.
 */
final class Attributes {
    private static final String ACL = "system.posix_acl_access";
    private static final String ACL_OF_NEW = "system.posix_acl_default";

    /** The bits that everybody may set. */
    private static final int PLAIN = 0777;

    private final boolean strict;
    private final Tally tally;
    private final Problems problems;
    private final ProcessState self;

    Attributes(boolean strict, Tally tally, Problems problems, ProcessState self) {
        this.strict = strict;
        this.tally = tally;
        this.problems = problems;
        this.self = self;
    }

    /**
     * Gives a file all that its source has.
     *
     * @param made what the target was like when it was made
     * @param mode its permission bits now; -1 if unknown
     */
    void copy(String path, File source, FileStat state, File target, FileStat made, int mode, boolean givesAcl)
            throws IoException {
        Bearer to = new Bearer.OfFile(target);
        int wanted = state.mode();
        boolean others = differs(state, made);
        if (others && !setOwner(path, state, to, made)) {
            wanted &= PLAIN;
        }
        if (wanted != mode || others || givesAcl) {
            target.setPermissions(wanted);
        }
        copyExtended(path, new Bearer.OfFile(source), to, givesAcl);
        target.setTimes(state.accessed(), state.modified());
    }

    /** Gives a folder all that its source has; nothing is made in it afterwards. */
    void copy(String path, Directory source, FileStat state, Directory target, FileStat made, boolean givesAcl)
            throws IoException {
        Bearer to = new Bearer.OfPath(target, ".");
        int wanted = state.mode();
        if (differs(state, made) && !setOwner(path, state, to, made)) {
            wanted &= PLAIN;
        }
        copyExtended(path, new Bearer.OfPath(source, "."), to, givesAcl);
        target.setTimes(".", state.accessed(), state.modified());
        // Last: without a right to search, "." leads nowhere.
        target.setPermissions(".", wanted);
    }

    /** Gives a symbolic link all that its source has. */
    void copyLink(String path, Directory source, String link, FileStat state, Directory target, String copy)
            throws IoException {
        Bearer to = new Bearer.OfPath(target, copy);
        FileStat made = target.lstat(copy);
        if (differs(state, made)) {
            setOwner(path, state, to, made);
        }
        if (self.isPrivileged()) {
            // Of those namespaces that links can have, others see none.
            copyExtended(path, new Bearer.OfPath(source, link), to, false);
        }
        target.setTimes(copy, state.accessed(), state.modified());
    }

    /** Whether a file that was made by this process belongs to somebody else than the source. */
    static boolean differs(FileStat state, FileStat made) {
        return made.user() != state.user() || made.group() != state.group();
    }

    /** Whether the attributes that are compared are those that copying would set. */
    boolean areKept(FileStat state, FileStat copy) {
        if (!differs(state, copy)) {
            return state.mode() == copy.mode();
        }
        return !self.isPrivileged() && (state.mode() & PLAIN) == copy.mode();
    }

    /** Whether both are as in the source; if not, the group at least, where that can be. */
    private boolean setOwner(String path, FileStat state, Bearer target, FileStat made) throws IoException {
        try {
            target.setOwner(state.user(), state.group());
            return true;
        } catch (IoException failed) {
            switch (failed.reason()) {
                case PERMISSION_DENIED, ACCESS_DENIED, OPERATION_UNSUPPORTED -> lost(path, failed);
                default -> throw failed;
            }
        }
        if (made.user() != state.user() && made.group() != state.group()) {
            try {
                target.setOwner(-1, state.group());
            } catch (IoException toldAlready) {
                return false;
            }
        }
        return false;
    }

    private void copyExtended(String path, Bearer source, Bearer target, boolean givesAcl) throws IoException {
        List<String> names;
        try {
            names = source.attributes();
        } catch (IoException failed) {
            lostIfUnsupported(path, failed);
            names = List.of();
        }
        for (String name : names) {
            try {
                target.setAttribute(name, source.attribute(name));
            } catch (IoException failed) {
                lostIfUnsupported(path, failed);
            }
        }
        if (givesAcl) {
            removeUnlessIn(names, ACL, target);
            removeUnlessIn(names, ACL_OF_NEW, target);
        }
    }

    /** What a new file or folder has from the one that it was made in, and the source has not. */
    private static void removeUnlessIn(List<String> names, String name, Bearer target) throws IoException {
        if (!names.contains(name)) {
            try {
                target.removeAttribute(name);
            } catch (IoException failed) {
                switch (failed.reason()) {
                    case NO_SUCH_ATTRIBUTE, ATTRIBUTE_UNSUPPORTED, ATTRIBUTE_INVALID, ACCESS_DENIED -> {}
                    default -> throw failed;
                }
            }
        }
    }

    private void lostIfUnsupported(String path, IoException failed) throws IoException {
        switch (failed.reason()) {
            // It was removed meanwhile, or nobody has any there.
            case NO_SUCH_ATTRIBUTE -> {}
            case ATTRIBUTE_UNSUPPORTED, ATTRIBUTE_INVALID, ATTRIBUTE_TOO_BIG, PERMISSION_DENIED, ACCESS_DENIED,
                    NO_SPACE_LEFT -> lost(path, failed);
            default -> throw failed;
        }
    }

    /** Something of the source's could not be kept, which an ordinary user or file system cannot. */
    void lost(String path, IoException failed) {
        if (strict) {
            problems.add(path, failed);
        } else {
            tally.attributesLost.incrementAndGet();
        }
    }

    /** Looks whether a copy has what it was given. */
    void verify(FileStat state, FileStat copy) throws MismatchException {
        boolean size = state.kind() != FileKind.FILE || state.size() == copy.size();
        if (!size || !state.modified().equals(copy.modified()) || !areKept(state, copy)) {
            throw new MismatchException("size, time of change, permissions or owner are not what was set");
        }
    }

    /** Whether what is made in a folder gets an access control list from it. */
    static boolean givesAcl(Directory folder, String path) {
        try {
            return folder.listExtendedAttributes(path).contains(ACL_OF_NEW);
        } catch (IoException unknown) {
            return false;
        }
    }
}
