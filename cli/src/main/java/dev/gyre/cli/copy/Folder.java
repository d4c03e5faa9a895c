package dev.gyre.cli.copy;

import dev.gyre.io.Directory;
import dev.gyre.io.FileStat;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A folder of the source, and what it becomes in the target. The top one is the current folder, at which both paths
 * of an {@link Item} start.
 */
final class Folder {
    final @Nullable Folder parent;

    /** Its names in the two parents; at the top paths. */
    final Name name;

    /** What is known of the source; null only at the top. */
    final @Nullable FileStat state;

    /** Which folder the target is; null at the top, and where a dry run has made none. */
    final @Nullable FileStat target;

    /**
     * Whether this run has made it, so that it was empty. Then it, or a folder that it is in, has a partial name, and
     * what is in it is under no final one.
     */
    final boolean fresh;

    /** The name that it gets when all that is in it was dealt with; null if it has that already. */
    final @Nullable String finalName;

    /** Whether what is made in it gets an access control list from it. */
    final boolean givesAcl;

    /** What is not dealt with: names that were found in it, and 1 until all are found. */
    final AtomicLong pending = new AtomicLong(1);

    /** What a file is like that was made here; null before the first. */
    volatile @Nullable FileStat made;

    /** The two folders, while they are open. Guarded by {@link OpenFolders}; whoever has pinned it may read them. */
    @Nullable Directory from;

    @Nullable Directory to;

    /** Who uses it now. Guarded by {@link OpenFolders}. */
    int pins;

    /** Two names of one thing. At the top, paths. */
    record Name(String source, String target) {
        /** The same name on both sides. */
        static Name of(String name) {
            return new Name(name, name);
        }
    }

    /** The top. */
    Folder(Directory current, boolean givesAcl) {
        this(null, new Name("", ""), null, null, false, null, givesAcl);
        from = current;
        to = current;
        pins = 1;
    }

    Folder(
            @Nullable Folder parent, Name name, @Nullable FileStat state, @Nullable FileStat target,
            boolean fresh, @Nullable String finalName, boolean givesAcl) {
        this.parent = parent;
        this.name = name;
        this.state = state;
        this.target = target;
        this.fresh = fresh;
        this.finalName = finalName;
        this.givesAcl = givesAcl;
    }

    /** The source; for who has it pinned. */
    Directory from() {
        Directory open = from;
        if (open == null) {
            throw new AssertionError("it is pinned");
        }
        return open;
    }

    /** The target; for who has it pinned, and not where a dry run has made none. */
    Directory to() {
        Directory open = to;
        if (open == null) {
            throw new AssertionError("it is pinned, and there");
        }
        return open;
    }

    /** A path in the source, for people. */
    String sourcePath(Name of) {
        return path(of, true);
    }

    /** A path in the target, for people. */
    String targetPath(Name of) {
        return path(of, false);
    }

    private String path(Name of, boolean source) {
        ArrayDeque<String> parts = new ArrayDeque<>();
        parts.push(source ? of.source : of.target);
        for (Folder above = this; above.parent != null; above = above.parent) {
            String target = above.finalName == null ? above.name.target : above.finalName;
            String part = source ? above.name.source : target;
            parts.push(part.endsWith("/") ? part : part + "/");
        }
        return String.join("", parts);
    }
}
