package dev.gyre.cli.copy;

import dev.gyre.cli.copy.HardLinks.Place;
import dev.gyre.io.Directory;
import dev.gyre.io.File;
import dev.gyre.io.FileKind;
import dev.gyre.io.FileStat;
import dev.gyre.io.IoException;
import dev.gyre.io.Reason;
import java.util.ArrayList;
import java.util.Arrays;
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
     * What a copy could not be given.
     *
     * @param owner whether it is somebody else's
     * @param extended the names of extended attributes
     */
    record Lost(boolean owner, List<String> extended) {}

    /**
     * Gives a file all that its source has.
     *
     * @param place whose copy it is
     * @param made what the target was like when it was made
     * @param mode its permission bits now; -1 if unknown
     * @return what that was not possible for
     */
    Lost copy(Place place, File source, FileStat state, File target, FileStat made, int mode) throws IoException {
        Bearer to = new Bearer.OfFile(target);
        int wanted = state.mode();
        boolean others = differs(state, made);
        boolean lost = others && !setOwner(place, state, to, made);
        if (lost) {
            wanted &= PLAIN;
        }
        // While its owner may write to it still: that takes the right to.
        List<String> extended = copyExtended(place, new Bearer.OfFile(source), to, place.folder().givesAcl);
        if (wanted != mode || others || place.folder().givesAcl) {
            target.setPermissions(wanted);
        }
        target.setTimes(state.accessed(), state.modified());
        return new Lost(lost, extended);
    }

    /** Gives a folder all that its source has; nothing is made in it afterwards. */
    Lost copy(Place place, Directory source, FileStat state, Directory target, FileStat made, boolean givesAcl)
            throws IoException {
        Bearer to = new Bearer.OfPath(target, ".");
        int wanted = state.mode();
        boolean lost = differs(state, made) && !setOwner(place, state, to, made);
        if (lost) {
            wanted &= PLAIN;
        }
        List<String> extended = copyExtended(place, new Bearer.OfPath(source, "."), to, givesAcl);
        target.setTimes(".", state.accessed(), state.modified());
        // Last: without a right to search, "." leads nowhere.
        target.setPermissions(".", wanted);
        return new Lost(lost, extended);
    }

    /** Gives what has no content all that its source has; a symbolic link has no permissions. */
    void copyOther(Place place, FileStat state, String copy) throws IoException {
        Directory target = place.folder().to();
        Bearer to = new Bearer.OfPath(target, copy);
        FileStat made = target.lstat(copy);
        boolean lost = differs(state, made) && !setOwner(place, state, to, made);
        boolean isLink = state.kind() == FileKind.SYMLINK;
        if (self.isAdministrator() || !isLink) {
            // Of those namespaces that links can have, others see none.
            copyExtended(place, new Bearer.OfPath(place.folder().from(), place.name().source()), to,
                    !isLink && place.folder().givesAcl);
        }
        if (!isLink) {
            target.setPermissions(copy, lost ? state.mode() & PLAIN : state.mode());
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
        return !self.mayChown() && (state.mode() & PLAIN) == copy.mode();
    }

    /** Whether both are as in the source; if not, the group at least, where that can be. */
    private boolean setOwner(Place place, FileStat state, Bearer target, FileStat made) throws IoException {
        try {
            target.setOwner(state.user(), state.group());
            return true;
        } catch (IoException failed) {
            switch (failed.reason()) {
                case PERMISSION_DENIED, ACCESS_DENIED, OPERATION_UNSUPPORTED -> lost(place, failed);
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

    /** The names of those that the target did not take. */
    private List<String> copyExtended(Place place, Bearer source, Bearer target, boolean givesAcl)
            throws IoException {
        List<String> names;
        try {
            names = source.attributes();
        } catch (IoException failed) {
            lostIfUnsupported(place, failed);
            names = List.of();
        }
        List<String> lost = List.of();
        for (String name : names) {
            try {
                target.setAttribute(name, source.attribute(name));
            } catch (IoException failed) {
                lostIfUnsupported(place, failed);
                lost = new ArrayList<>(lost);
                lost.add(name);
            }
        }
        if (givesAcl) {
            removeUnlessIn(names, ACL, target);
            removeUnlessIn(names, ACL_OF_NEW, target);
        }
        return lost;
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

    private void lostIfUnsupported(Place place, IoException failed) throws IoException {
        switch (failed.reason()) {
            // It was removed meanwhile, or nobody has any there.
            case NO_SUCH_ATTRIBUTE -> {}
            case ATTRIBUTE_UNSUPPORTED, ATTRIBUTE_INVALID, ATTRIBUTE_TOO_BIG, PERMISSION_DENIED, ACCESS_DENIED,
                    NO_SPACE_LEFT -> lost(place, failed);
            default -> throw failed;
        }
    }

    /** Something of the source's could not be kept, which an ordinary user or file system cannot. */
    void lost(Place place, IoException failed) {
        if (strict) {
            problems.add(place.folder().targetPath(place.name()), failed);
        } else {
            tally.attributesLost.incrementAndGet();
        }
    }

    /**
     * Looks whether a copy has what it was given.
     *
     * @param lost what it could not be given
     */
    void verify(FileStat state, Bearer source, FileStat copy, Bearer target, Lost lost)
            throws IoException, MismatchException {
        boolean size = state.kind() != FileKind.FILE || state.size() == copy.size();
        boolean owner = lost.owner || !differs(state, copy);
        int mode = lost.owner ? state.mode() & PLAIN : state.mode();
        if (!size || !state.modified().equals(copy.modified()) || !owner || mode != copy.mode()) {
            throw new MismatchException("size, time of change, permissions or owner are not what was set");
        }
        if (!sameExtended(source, target, lost.extended)) {
            throw new MismatchException("extended attributes are not what was set");
        }
    }

    /** Whether a copy has the extended attributes of its source, those aside that are of no account. */
    static boolean sameExtended(Bearer source, Bearer target, List<String> lost) throws IoException {
        List<String> wanted = namesOf(source);
        List<String> there = namesOf(target);
        // The system gives others, such as a security module's label, by itself.
        for (String name : List.of(ACL, ACL_OF_NEW)) {
            if (there.contains(name) && !wanted.contains(name)) {
                return false;
            }
        }
        for (String name : wanted) {
            boolean counts = !lost.contains(name);
            if (counts && !(there.contains(name) && Arrays.equals(source.attribute(name), target.attribute(name)))) {
                return false;
            }
        }
        return true;
    }

    private static List<String> namesOf(Bearer bearer) throws IoException {
        try {
            return bearer.attributes();
        } catch (IoException failed) {
            if (failed.reason() == Reason.ATTRIBUTE_UNSUPPORTED) {
                return List.of();
            }
            throw failed;
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
