package dev.gyre.simulated;

import dev.gyre.io.Clock;
import dev.gyre.io.Directory;
import dev.gyre.io.DirectoryEntry;
import dev.gyre.io.File;
import dev.gyre.io.FileKind;
import dev.gyre.io.FileStat;
import dev.gyre.io.IoException;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.OpenOptions.Access;
import dev.gyre.io.OpenOptions.Flag;
import dev.gyre.io.Permission;
import dev.gyre.io.Renaming;
import dev.gyre.io.Timestamp;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * A random sequence of what can be done to files and folders, by few names and on odd paths, so that most of it meets
 * something; and what was answered. Only what every file system answers alike is asked for.
 */
final class FileScript {
    private static final List<Access> ACCESSES = List.of(Access.values());
    private static final List<Renaming> RENAMINGS = List.of(Renaming.values());

    /** Names that nobody minds, should a chain of links lead out of the folder. */
    private static final List<String> NAMES = List.of("g-a", "g-b", "g-c", "g-d", "g-e");

    private static final int OPEN_MAX = 5;

    private final Random random;
    private final List<Directory> folders = new ArrayList<>();
    private final List<File> files = new ArrayList<>();
    private final String real;
    private final List<String> answers = new ArrayList<>();

    private FileScript(Directory top, String real, long seed) {
        this.random = new Random(seed);
        this.real = real;
        folders.add(top);
    }

    /**
     * Does some of it in a folder.
     *
     * @return a line for each step
     */
    static List<String> run(Directory top, long seed, int steps) throws IoException {
        FileScript script = new FileScript(top, top.realPath("."), seed);
        try {
            for (int i = 0; i < steps; i++) {
                script.step();
            }
        } finally {
            for (File file : script.files) {
                file.close();
            }
            script.folders.stream().skip(1).forEach(Directory::close);
        }
        return script.answers;
    }

    /** Something that is done, and its answer as text. */
    private interface Act {
        Object perform() throws IoException;
    }

    private void step() {
        int kind = random.nextInt(24);
        if (random.nextInt(3) == 0 && !files.isEmpty()) {
            useFile(files.get(random.nextInt(files.size())));
            return;
        }
        Directory folder = folders.get(random.nextInt(folders.size()));
        String path = path();
        switch (kind) {
            case 0, 1, 2, 3, 4, 5 -> open(folder, path);
            case 6, 7 -> answer("make " + path, () -> {
                folder.makeDirectory(path, 0755);
                return "made";
            });
            case 8 -> openFolder(folder, path);
            case 9 -> answer("delete " + path, () -> {
                folder.deleteFile(path);
                return "deleted";
            });
            case 10 -> answer("delete folder " + path, () -> {
                folder.deleteDirectory(path);
                return "deleted";
            });
            case 11, 12, 13 -> rename(folder, path);
            case 14 -> {
                Directory other = folders.get(random.nextInt(folders.size()));
                String name = path();
                answer("link " + path + " as " + name, () -> {
                    folder.hardLink(path, other, name);
                    return "linked";
                });
            }
            case 15, 16 -> {
                String target = random.nextInt(8) == 0 ? real + "/" + name() : shortPath();
                answer("symlink to " + target.replace(real, "TOP") + " as " + path, () -> {
                    folder.symlink(target, path);
                    return "linked";
                });
            }
            case 17 -> answer("read link " + path, () -> folder.readLink(path).replace(real, "TOP"));
            case 18 -> answer("real path " + path, () -> folder.realPath(path).replace(real, "TOP"));
            case 19 -> answer("stat " + path, () -> text(folder.stat(path)));
            case 20 -> answer("lstat " + path, () -> text(folder.lstat(path)));
            case 21 -> answer("list", () -> names(folder));
            case 22 -> setAttributes(folder, path);
            default -> answer("access " + path, () -> {
                folder.access(path, random.nextBoolean() ? new Permission[] {Permission.READ} : new Permission[0]);
                return "granted";
            });
        }
    }

    private void open(Directory folder, String path) {
        Access access = ACCESSES.get(random.nextInt(ACCESSES.size()));
        Set<Flag> flags = new TreeSet<>();
        for (Flag flag : List.of(Flag.CREATE, Flag.APPEND, Flag.NO_FOLLOW, Flag.BENEATH)) {
            if (random.nextInt(flag == Flag.CREATE ? 2 : 6) == 0) {
                flags.add(flag);
            }
        }
        if (flags.contains(Flag.CREATE) && random.nextInt(5) == 0) {
            flags.add(Flag.EXCLUSIVE);
        }
        if (access != Access.READ && random.nextInt(4) == 0) {
            flags.add(Flag.TRUNCATE);
        }
        answer("open " + path + " " + access + flags, () -> {
            File opened = folder.openFile(path, new OpenOptions(access, flags, 0644));
            if (files.size() > OPEN_MAX) {
                files.remove(random.nextInt(OPEN_MAX)).close();
            }
            files.add(opened);
            return "opened";
        });
    }

    private void openFolder(Directory folder, String path) {
        Flag[] flags = switch (random.nextInt(4)) {
            case 0 -> new Flag[] {Flag.NO_FOLLOW};
            case 1 -> new Flag[] {Flag.BENEATH};
            default -> new Flag[0];
        };
        answer("open folder " + path + " " + Arrays.toString(flags), () -> {
            Directory opened = folder.openDirectory(path, flags);
            if (folders.size() > OPEN_MAX) {
                folders.remove(1 + random.nextInt(OPEN_MAX)).close();
            }
            folders.add(opened);
            return "opened";
        });
    }

    private void rename(Directory folder, String path) {
        Directory other = folders.get(random.nextInt(folders.size()));
        String name = path();
        Renaming renaming = RENAMINGS.get(random.nextInt(RENAMINGS.size()));
        answer("rename " + path + " to " + name + " " + renaming, () -> {
            folder.rename(path, other, name, renaming);
            return "renamed";
        });
    }

    private void setAttributes(Directory folder, String path) {
        int mode = List.of(0600, 0644, 0755, 01777).get(random.nextInt(4));
        Timestamp time = new Timestamp(Clock.REAL, random.nextInt(2_000_000_000) * 1_000_000_000L);
        boolean modes = random.nextBoolean();
        answer((modes ? "set mode of " : "set times of ") + path, () -> {
            if (modes) {
                // Nothing that keeps out who is not root.
                folder.setPermissions(path, folder.stat(path).kind() == FileKind.DIRECTORY ? mode | 0700 : mode);
                return "set";
            }
            folder.setTimes(path, null, time);
            return folder.lstat(path).modified().nanoseconds();
        });
    }

    private void useFile(File file) {
        long offset = random.nextInt(random.nextInt(3) == 0 ? 200_000 : 3000);
        byte[] bytes = new byte[random.nextInt(random.nextInt(4) == 0 ? 30_000 : 200)];
        switch (random.nextInt(12)) {
            case 0, 1 -> {
                random.nextBytes(bytes);
                answer("write", () -> file.write(bytes, offset));
            }
            case 2 -> {
                random.nextBytes(bytes);
                answer("write on", () -> file.write(MemorySegment.ofArray(bytes)));
            }
            case 3 -> answer("read on", () -> file.read(bytes) + " " + Arrays.hashCode(bytes));
            case 4 -> answer("seek", () -> {
                file.seekTo(offset);
                return file.seekBy(random.nextInt(100) - 50);
            });
            case 5 -> answer("truncate", () -> {
                file.truncate(offset);
                return "truncated";
            });
            case 6 -> answer("punch", () -> {
                file.punchHole(offset, bytes.length + 1);
                return "punched";
            });
            case 7 -> answer("allocate", () -> {
                file.allocate(offset, bytes.length + 1);
                return "allocated";
            });
            case 8 -> answer("stat", () -> text(file.stat()));
            case 9 -> answer("parts", () -> {
                byte[] second = new byte[100];
                int count = file.read(List.of(MemorySegment.ofArray(bytes), MemorySegment.ofArray(second)), offset);
                return count + " " + Arrays.hashCode(bytes) + " " + Arrays.hashCode(second);
            });
            case 10 -> answer("sync", () -> {
                file.sync();
                return "synced";
            });
            default -> answer("read", () -> file.read(bytes, offset) + " " + Arrays.hashCode(bytes));
        }
    }

    private void answer(String what, Act act) {
        String answer;
        try {
            answer = Objects.toString(act.perform());
        } catch (IoException refused) {
            answer = refused.operation() + " " + refused.reason();
        }
        answers.add(what + ": " + answer);
    }

    private String name() {
        return NAMES.get(random.nextInt(NAMES.size()));
    }

    private String shortPath() {
        return switch (random.nextInt(8)) {
            case 0 -> "../" + name();
            case 1 -> name() + "/";
            case 2 -> ".";
            case 3, 4 -> name() + "/" + name();
            default -> name();
        };
    }

    private String path() {
        return switch (random.nextInt(24)) {
            case 0 -> name() + "/";
            case 1 -> name() + "/.";
            case 2 -> name() + "/..";
            case 3 -> name() + "//" + name() + "//";
            case 4 -> "./" + name();
            case 5 -> "..";
            case 6 -> ".";
            case 7 -> random.nextInt(4) == 0 ? "x".repeat(256) : "x".repeat(255);
            case 8 -> random.nextInt(4) == 0 ? "" : name() + "/../" + name();
            case 9 -> real + "/" + name();
            case 10, 11, 12, 13 -> name() + "/" + name();
            case 14 -> name() + "/" + name() + "/" + name();
            default -> name();
        };
    }

    private static Set<String> names(Directory folder) throws IoException {
        Set<String> names = new TreeSet<>();
        for (DirectoryEntry entry : folder.list()) {
            names.add(entry.toString());
        }
        return names;
    }

    private static String text(FileStat stat) {
        String common = stat.kind() + " " + Integer.toOctalString(stat.mode());
        return stat.kind() == FileKind.DIRECTORY ? common : common + " " + stat.size() + " " + stat.links();
    }
}
