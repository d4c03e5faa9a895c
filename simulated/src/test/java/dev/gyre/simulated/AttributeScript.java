package dev.gyre.simulated;

import dev.gyre.io.AttributeMode;
import dev.gyre.io.Directory;
import dev.gyre.io.File;
import dev.gyre.io.FileKind;
import dev.gyre.io.FileStat;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.OpenOptions;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Extended attributes, named pipes of which nobody waits for the other side, and copies between them and files. */
final class AttributeScript extends ComparedScript {
    private static final int OPEN_MAX = 6;
    private static final List<String> NAMES = List.of("file", "other", "folder", "link", "pipe", "dangling", "none");
    private static final List<String> ATTRIBUTES = List.of("user.a", "user.b", "user.c", "user.", "none", "",
            "system.none", "user." + "n".repeat(250), "user." + "n".repeat(251));
    private static final List<AttributeMode> MODES = List.of(AttributeMode.values());
    private static final List<OpenOptions.Access> ACCESSES = List.of(OpenOptions.Access.values());

    private final Directory top;
    private final List<Named> files = new ArrayList<>();
    private int made;

    private record Named(int number, File file) {}

    /** One in a folder that may be made. */
    AttributeScript(Io io, long seed, String folder) throws IoException {
        super(io, seed);
        this.top = io.currentDirectory().makeOpenPath(folder);
        top.openFile("file", OpenOptions.REPLACE).close();
        top.openFile("other", OpenOptions.REPLACE).close();
        top.makeDirectory("folder");
        top.symlink("file", "link");
        top.symlink("nowhere", "dangling");
        top.makeNode("pipe", FileKind.PIPE, 0644, 0);
    }

    @Override
    void close() throws IoException {
        for (Named each : files) {
            each.file.close();
        }
        top.close();
    }

    @Override
    void next() throws Exception {
        int choice = random.nextInt(100);
        if (choice < 44) {
            attribute(anyOf(NAMES), anyOf(ATTRIBUTES), random.nextInt(4));
        } else if (choice < 56 && files.size() < OPEN_MAX) {
            open(anyOf(NAMES), anyOf(ACCESSES));
        } else if (choice < 62 && !files.isEmpty()) {
            Named closed = files.remove(random.nextInt(files.size()));
            step("close " + closed.number, () -> {
                closed.file.close();
                return "closed";
            });
        } else if (!files.isEmpty()) {
            use(anyOf(files));
        }
    }

    private void attribute(String name, String attribute, int what) throws Exception {
        switch (what) {
            case 0 -> {
                byte[] value = new byte[once(4) ? 0 : random.nextInt(100)];
                AttributeMode mode = anyOf(MODES);
                step("set " + attribute + " of " + name + " " + value.length + " " + mode, () -> {
                    top.setExtendedAttribute(name, attribute, value, mode);
                    return "done";
                });
            }
            case 1 -> step("get " + attribute + " of " + name,
                    () -> "" + top.getExtendedAttribute(name, attribute).length);
            case 2 -> step("list " + name, () -> new TreeSet<>(top.listExtendedAttributes(name)).toString());
            default -> step("remove " + attribute + " of " + name, () -> {
                top.removeExtendedAttribute(name, attribute);
                return "done";
            });
        }
    }

    private void open(String name, OpenOptions.Access access) throws Exception {
        int number = made++;
        step("open " + number + " " + name + " to " + access, () -> {
            File file = top.openFile(name, new OpenOptions(access, Set.of(OpenOptions.Flag.NON_BLOCKING), 0));
            files.add(new Named(number, file));
            return file.stat().kind().toString();
        });
    }

    private void use(Named named) throws Exception {
        File file = named.file;
        int number = named.number;
        MemorySegment some = MemorySegment.ofArray(new byte[once(4) ? 4096 : 1 + random.nextInt(300)]);
        String attribute = anyOf(ATTRIBUTES);
        switch (random.nextInt(11)) {
            case 0, 1 -> step("write " + some.byteSize() + " to " + number, () -> "" + file.write(some));
            case 2, 3 -> step("read " + some.byteSize() + " from " + number, () -> "" + file.read(some));
            case 4 -> step("read " + number + " at 0", () -> "" + file.read(some, 0));
            case 5 -> step("write " + number + " at 0", () -> "" + file.write(some, 0));
            case 6 -> step("stat " + number, () -> {
                FileStat state = file.stat();
                boolean hasLength = state.kind() != FileKind.DIRECTORY;
                return state.kind() + " " + (hasLength ? state.size() + " " : "") + state.links() + " " + state.mode();
            });
            case 7 -> step("set " + attribute + " of " + number, () -> {
                file.setExtendedAttribute(attribute, new byte[7]);
                return "done";
            });
            case 8 -> step("get " + attribute + " of " + number,
                    () -> "" + file.getExtendedAttribute(attribute).length);
            case 9 -> step("sync " + number, () -> {
                file.sync();
                return "done";
            });
            default -> copy(named, anyOf(files));
        }
    }

    private void copy(Named from, Named to) throws Exception {
        long offset = random.nextInt(100);
        long target = random.nextInt(100);
        long length = random.nextInt(200);
        step("copy " + length + " of " + from.number + " at " + offset + " to " + to.number + " at " + target,
                () -> "" + from.file.copyTo(to.file, offset, target, length));
    }
}
