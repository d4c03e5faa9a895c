package dev.gyre.cli;

import dev.gyre.cli.copy.Item;
import dev.gyre.cli.copy.Names;
import dev.gyre.io.Directory;
import dev.gyre.io.FileKind;
import dev.gyre.io.FileStat;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * What the paths of {@code gyre cp} mean. It refuses what cannot be meant, before anything is done.
 *
 * <p>A folder that is copied to a folder goes into it, under its own name, as with cp(1). One that is called {@code .}
 * or {@code ..} has no name to take along: what is in it goes there.
 */
final class CpPaths {
    private final CommandLine command;
    private final Directory current;

    /** Whether the target is the name of the copy itself, whatever is there. */
    private final boolean exact;

    CpPaths(CommandLine command, Io io, boolean exact) {
        this.command = command;
        this.current = io.currentDirectory();
        this.exact = exact;
    }

    /** One for each source. */
    List<Item> items(@Nullable List<String> paths) throws IoException {
        if (paths == null || paths.size() < 2) {
            throw misuse("Missing what to copy, and where to: SRC... DST");
        }
        for (String path : paths) {
            if (path.isEmpty()) {
                throw misuse("A path is empty: is a variable of the shell not set?");
            }
        }
        List<String> sources = paths.subList(0, paths.size() - 1);
        String target = paths.getLast();
        FileStat there = state(target, true);
        boolean isFolder = there != null && there.kind() == FileKind.DIRECTORY;
        boolean into = isFolder && !exact;
        if (sources.size() > 1 && !into) {
            throw misuse(exact
                    ? "-T takes one SRC, and these are " + sources.size()
                    : quoted(target) + " is no folder, and several SRC need one: make it first, with mkdir");
        }
        List<Item> items = new ArrayList<>();
        Map<String, String> taken = new HashMap<>();
        for (String source : sources) {
            Item item = item(source, target, into, isFolder);
            String other = taken.put(item.target(), source);
            if (other != null) {
                throw misuse(quoted(other) + " and " + quoted(source) + " would both become " + quoted(item.target()));
            }
            items.add(item);
        }
        return items;
    }

    private Item item(String source, String target, boolean into, boolean isFolder) throws IoException {
        FileStat state = state(source, false);
        if (state == null) {
            throw misuse("There is no " + quoted(source));
        }
        String name = Names.last(withoutSlashes(source));
        boolean named = into && !name.isEmpty() && !name.equals(".") && !name.equals("..");
        String path = withoutSlashes(target);
        Item item = named
                ? new Item(source, path.endsWith("/") ? path + name : path + "/" + name, false)
                : new Item(source, path, isFolder);
        if (state.kind() == FileKind.DIRECTORY) {
            requireOutside(source, item);
        } else if (!isFolder && target.endsWith("/")) {
            throw misuse(quoted(target) + " is no folder, as its slash says: make it first, with mkdir");
        } else if (Names.isPartial(name)) {
            throw misuse(quoted(source) + " is what an interrupted gyre cp has left; copy its source");
        }
        FileStat present = state(item.target(), item.follow());
        if (present != null && present.device() == state.device() && present.inode() == state.inode()) {
            throw misuse(quoted(source) + " and " + quoted(item.target()) + " are the same");
        }
        if (present == null) {
            requireParent(item.target());
        }
        return item;
    }

    private void requireParent(String target) throws IoException {
        String parent = Names.parent(target);
        FileStat state = state(parent, true);
        if (state == null || state.kind() != FileKind.DIRECTORY) {
            throw misuse(quoted(parent) + " is no folder: make it first, with mkdir -p");
        }
    }

    /** A folder that is copied to what is in it would never end. */
    private void requireOutside(String source, Item item) throws IoException {
        String from = current.realPath(source);
        String parent = Names.parent(item.target());
        String to;
        if (item.follow()) {
            to = current.realPath(item.target());
        } else {
            if (state(parent, true) == null) {
                return;
            }
            to = current.realPath(parent) + "/" + Names.last(item.target());
        }
        if (to.startsWith(from.endsWith("/") ? from : from + "/")) {
            throw misuse(quoted(source) + " cannot be copied into itself, to " + quoted(item.target()));
        }
    }

    /** What a path leads to; null if nothing. */
    private @Nullable FileStat state(String path, boolean follow) throws IoException {
        try {
            return follow ? current.stat(path) : current.lstat(path);
        } catch (IoException failed) {
            if (failed.reason() == Reason.FILE_NOT_FOUND) {
                return null;
            }
            throw failed;
        }
    }

    /** As far as one is left. */
    private static String withoutSlashes(String path) {
        int end = path.length();
        while (end > 1 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(0, end);
    }

    private static String quoted(String path) {
        return "'" + Names.shown(path) + "'";
    }

    private ParameterException misuse(String message) {
        return new ParameterException(command, message);
    }
}
