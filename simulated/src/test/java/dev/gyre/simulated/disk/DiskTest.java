package dev.gyre.simulated.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.AttributeMode;
import dev.gyre.io.FileKind;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.OpenOptions.Access;
import dev.gyre.io.OpenOptions.Flag;
import dev.gyre.io.Renaming;
import dev.gyre.simulated.Unsynced;
import dev.gyre.simulated.kernel.Refusal;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a power cut leaves of a disk: what was synced, content and names each for itself. */
@Tag("S7")
final class DiskTest {
    private static final OpenOptions CREATE = new OpenOptions(Access.READ_WRITE, Set.of(Flag.CREATE), 0644);

    private final Disk disk = new Disk(1, 1 << 20, 0);
    private final Namespace namespace = new Namespace(disk, new ChangeMarks());

    @Test
    void namesAndContentAreSafeEachForItself() throws Refusal {
        write("both", "both");
        sync("both");
        write("name only", "lost");
        sync("/");
        write("content only", "lost");
        sync("content only");
        write("both", "more");
        disk.powerCut(Unsynced.LOST);
        assertThat(names("/")).containsExactly("both", "name only");
        assertThat(read("both")).isEqualTo("both");
        assertThat(read("name only")).isEmpty();
    }

    @Test
    void contentIsWhatItWasWhenItWasSynced() throws Refusal {
        write("file", "x".repeat(10_000));
        sync("file");
        sync("/");
        write("file", "y".repeat(20_000));
        open("file").truncate(5, 0);
        disk.powerCut(Unsynced.LOST);
        assertThat(read("file")).isEqualTo("x".repeat(10_000));
        open("file").truncate(3, 0);
        open("file").truncate(6000, 0);
        sync("file");
        write("file", "y");
        disk.powerCut(Unsynced.LOST);
        assertThat(read("file")).isEqualTo("xxx" + "\0".repeat(5997));
    }

    @Test
    void dataSyncLeavesAttributesBehind() throws Refusal {
        write("file", "content");
        sync("file");
        sync("/");
        inode("file").setMode(0600, 5);
        write("file", "CONTENT, AND MORE");
        inode("file").save(true);
        disk.powerCut(Unsynced.LOST);
        assertThat(read("file")).isEqualTo("CONTENT, AND MORE");
        assertThat(inode("file").mode()).isEqualTo(0644);
        inode("file").setMode(0600, 5);
        sync("file");
        disk.powerCut(Unsynced.LOST);
        assertThat(inode("file").mode()).isEqualTo(0600);
    }

    @Test
    void whatWasRemovedIsThereAgainUnlessItsFolderWasSynced() throws Refusal {
        write("file", "content");
        namespace.makeFolder(walk(), "folder", 0777);
        namespace.symlink(walk(), "file", "link");
        sync("file");
        sync("/");
        namespace.delete(walk(), "file");
        namespace.deleteFolder(walk(), "folder");
        namespace.delete(walk(), "link");
        assertThat(names("/")).isEmpty();
        disk.powerCut(Unsynced.LOST);
        assertThat(names("/")).containsExactly("file", "folder", "link");
        assertThat(read("link")).isEqualTo("content");
        assertThat(inode("file").links()).isEqualTo(1);
        assertThat(inode("/").links()).isEqualTo(3);
        namespace.delete(walk(), "file");
        sync("/");
        disk.powerCut(Unsynced.LOST);
        assertThat(names("/")).containsExactly("folder", "link");
    }

    /** As on every file system with a journal: both of a name's folders have it, whichever was synced. */
    @Test
    void aNameHasMovedAsAWhole() throws Refusal {
        namespace.makeFolder(walk(), "a", 0777);
        namespace.makeFolder(walk(), "b", 0777);
        namespace.makeFolder(walk(), "a/folder", 0777);
        write("a/file", "content");
        for (String each : List.of("/", "a", "b", "a/file")) {
            sync(each);
        }
        rename("a/file", "b/file");
        rename("a/folder", "b/folder");
        disk.powerCut(Unsynced.LOST);
        assertThat(names("a")).containsExactly("file", "folder");
        rename("a/file", "b/file");
        write("a/file", "another");
        rename("a/folder", "b/folder");
        sync("b");
        disk.powerCut(Unsynced.LOST);
        assertThat(names("a")).as("what has the name now").containsExactly("file");
        assertThat(read("a/file")).isEmpty();
        assertThat(names("b")).containsExactly("file", "folder");
        assertThat(read("b/file")).isEqualTo("content");
        rename("b/file", "a/moved");
        rename("a/moved", "a/moved again");
        sync("b");
        disk.powerCut(Unsynced.LOST);
        assertThat(names("a")).containsExactly("file", "moved again");
        assertThat(names("b")).containsExactly("folder");
    }

    /** A file is not lost because it has got another name, or changed names with one. */
    @Test
    void byChanceNoFileIsLostByRenaming() throws Refusal {
        Set<String> found = new TreeSet<>();
        for (long seed = 0; seed < 100; seed++) {
            Disk some = new Disk(seed, 1 << 20, 0);
            Namespace names = new Namespace(some, new ChangeMarks());
            for (String each : List.of("one", "two", "three")) {
                names.open(walk(some), each, CREATE).close();
            }
            some.root().save(false);
            names.rename(walk(some), "one", walk(some), "two", Renaming.EXCHANGE);
            names.rename(walk(some), "three", walk(some), "four", Renaming.REPLACE);
            names.open(walk(some), "three", CREATE).close();
            Inode two = walk(some).inode("two", false);
            Inode three = walk(some).inode("four", false);
            some.powerCut(Unsynced.BY_CHANCE);
            boolean exchanged = walk(some).inode("two", false) == two;
            assertThat(walk(some).inode("one", false) == two).isEqualTo(!exchanged);
            boolean moved = some.root().get("four") == three;
            assertThat(walk(some).inode("three", false) == three).isEqualTo(!moved);
            found.add(exchanged + " " + moved);
        }
        assertThat(found).containsExactly("false false", "false true", "true false", "true true");
    }

    @Test
    void byChanceNoFileIsLostByMovingIt() throws Refusal {
        Set<Set<String>> found = new HashSet<>();
        for (long seed = 0; seed < 100; seed++) {
            Disk some = new Disk(seed, 1 << 20, 0);
            Namespace names = new Namespace(some, new ChangeMarks());
            names.open(walk(some), "file", CREATE).close();
            some.root().save(false);
            names.makeFolder(walk(some), "a", 0777);
            names.makeFolder(walk(some), "z", 0777);
            names.makeFolder(walk(some), "z/deep", 0777);
            names.rename(walk(some), "z/deep", walk(some), "a/deep", Renaming.REPLACE);
            names.rename(walk(some), "file", walk(some), "a/deep/file", Renaming.REPLACE);
            Inode file = walk(some).inode("a/deep/file", false);
            some.powerCut(Unsynced.BY_CHANCE);
            Set<String> left = names(some);
            if (!left.contains("file")) {
                assertThat(walk(some).inode("a/deep/file", false)).isSameAs(file);
            }
            found.add(left);
        }
        assertThat(found).contains(Set.of("file"), Set.of("a"), Set.of("a", "z"), Set.of("file", "z"));
    }

    /** A link and a deletion are two changes: the one may be there without the other. */
    @Test
    void byChanceALinkMayBeLostWithTheNameThatItReplaces() throws Refusal {
        Set<Set<String>> found = new HashSet<>();
        for (long seed = 0; seed < 50; seed++) {
            Disk some = new Disk(seed, 1 << 20, 0);
            Namespace names = new Namespace(some, new ChangeMarks());
            names.open(walk(some), "one", CREATE).close();
            some.root().save(false);
            names.hardLink(walk(some), "one", walk(some), "two");
            names.delete(walk(some), "one");
            some.powerCut(Unsynced.BY_CHANCE);
            found.add(names(some));
        }
        assertThat(found).contains(Set.of(), Set.of("one"), Set.of("two"), Set.of("one", "two"));
    }

    /** The content of a deleted file may have come to the device before its name went; its folder's names, too. */
    @Test
    void byChanceADeletedFileHasItsLatestContent() throws Refusal {
        Set<String> found = new TreeSet<>();
        for (long seed = 0; seed < 100; seed++) {
            Disk some = new Disk(seed, 1 << 20, 0);
            Namespace names = new Namespace(some, new ChangeMarks());
            names.makeFolder(walk(some), "folder", 0777);
            OpenFile file = names.open(walk(some), "folder/file", CREATE);
            put(file, "old");
            for (String each : List.of("/", "folder", "folder/file")) {
                walk(some).inode(each, false).save(false);
            }
            put(file, "new");
            file.close();
            names.delete(walk(some), "folder/file");
            names.deleteFolder(walk(some), "folder");
            assertThat(some.stat().bytesFree()).isEqualTo(1 << 20);
            some.powerCut(Unsynced.BY_CHANCE);
            if (some.root().isEmpty()) {
                found.add("no folder");
            } else if (walk(some).inode("folder", false) instanceof Folder folder && folder.isEmpty()) {
                found.add("no file");
            } else {
                found.add(new String(names.open(walk(some), "folder/file", CREATE).readToSend(0, 10, 0),
                        StandardCharsets.US_ASCII));
            }
        }
        assertThat(found).containsExactly("new", "no file", "no folder", "old");
    }

    /** Pages that a deleted file shared with its clone are not written to by that one. */
    @Test
    void aDeletedFileKeepsWhatItSharesWithItsClone() throws Refusal {
        write("file", "first");
        sync("/");
        OpenFile clone = open("clone");
        open("file").cloneTo(clone, 0);
        namespace.delete(walk(), "file");
        write("clone", "other");
        disk.powerCut(Unsynced.LOST);
        assertThat(read("file")).isEmpty();
        write("file", "first");
        sync("file");
        open("file").cloneTo(open("clone"), 0);
        namespace.delete(walk(), "file");
        write("clone", "other");
        assertThat(read("clone")).isEqualTo("other");
        disk.powerCut(Unsynced.LOST);
        assertThat(read("file")).isEqualTo("first");
    }

    /** Whoever has cut a file off and written it anew may find nothing of either. */
    @Test
    void byChanceAFileThatWasCutAndWrittenIsEmpty() throws Refusal {
        Set<String> found = new TreeSet<>();
        for (long seed = 0; seed < 100; seed++) {
            Disk some = new Disk(seed, 1 << 20, 0);
            Namespace names = new Namespace(some, new ChangeMarks());
            OpenFile file = names.open(walk(some), "file", CREATE);
            put(file, "old");
            file.inode().save(false);
            some.root().save(false);
            file.truncate(0, 0);
            put(file, "newer");
            some.powerCut(Unsynced.BY_CHANCE);
            found.add(new String(names.open(walk(some), "file", CREATE).readToSend(0, 10, 0),
                    StandardCharsets.US_ASCII));
        }
        assertThat(found).contains("", "old", "new", "newer", "old\0\0");
    }

    /** What was cut off is not there again when the file grows, and is lost in the next power cut. */
    @Test
    void whatWasCutOffNeverComesBack() throws Refusal {
        for (long seed = 0; seed < 100; seed++) {
            Disk some = new Disk(seed, 1 << 20, 0);
            Namespace names = new Namespace(some, new ChangeMarks());
            OpenFile file = names.open(walk(some), "file", CREATE);
            put(file, "x".repeat(3 * PageCache.PAGE));
            file.inode().save(false);
            some.root().save(false);
            file.truncate(100, 0);
            some.powerCut(Unsynced.BY_CHANCE);
            OpenFile again = names.open(walk(some), "file", CREATE);
            long length = again.inode().size();
            again.truncate(3 * PageCache.PAGE, 0);
            some.powerCut(Unsynced.BY_CHANCE);
            byte[] left = names.open(walk(some), "file", CREATE).readToSend(0, 1 << 20, 0);
            for (int i = (int) length; i < left.length; i++) {
                assertThat(left[i]).isZero();
            }
        }
    }

    /** A sync covers what was there when it began. */
    @Test
    void whatIsWrittenDuringASyncIsNotCovered() throws Refusal {
        write("file", "first");
        write("cut", "first");
        sync("/");
        Writeback file = open("file").beginSync(true);
        Writeback cut = open("cut").beginSync(false);
        Writeback root = disk.root().begin(false);
        write("file", "SECOND");
        open("cut").truncate(1, 0);
        write("late", "");
        file.finish();
        cut.finish();
        root.finish();
        disk.powerCut(Unsynced.LOST);
        assertThat(read("file")).isEqualTo("first");
        assertThat(read("cut")).isEqualTo("first");
        assertThat(names("/")).containsExactly("cut", "file");
        write("file", "third");
        sync("file");
        disk.powerCut(Unsynced.LOST);
        assertThat(read("file")).isEqualTo("third");
    }

    /** One that ends late does not bring back what was there before another one. */
    @Test
    void theSyncThatBeganLastCounts() throws Refusal {
        write("file", "first");
        sync("/");
        Writeback first = open("file").beginSync(true);
        write("file", "SECOND");
        Writeback second = open("file").beginSync(true);
        second.finish();
        first.finish();
        disk.powerCut(Unsynced.LOST);
        assertThat(read("file")).isEqualTo("SECOND");
    }

    /** Once the device has refused a page, it is written with the next change of it, and not before. */
    @Test
    void aPageThatWasRefusedIsSyncedWhenItIsWrittenAgain() throws Refusal {
        write("file", "first");
        sync("/");
        open("file").beginSync(true).refuse();
        sync("file");
        disk.powerCut(Unsynced.LOST);
        assertThat(read("file")).isEqualTo("\0".repeat(5));
        write("file", "first");
        open("file").beginSync(true).refuse();
        write("file", "SEC");
        sync("file");
        disk.powerCut(Unsynced.LOST);
        assertThat(read("file")).isEqualTo("SECst");
    }

    @Test
    void namesThatWereRefusedAreNotTriedAgain() throws Refusal {
        write("lost", "");
        disk.root().begin(false).refuse();
        write("there", "");
        sync("/");
        assertThat(names("/")).containsExactly("lost", "there");
        disk.powerCut(Unsynced.KEPT);
        assertThat(names("/")).containsExactly("there");
    }

    @Test
    void byChanceWhatWasRefusedIsThere() throws Refusal {
        Set<String> found = new TreeSet<>();
        for (long seed = 0; seed < 50; seed++) {
            Disk some = new Disk(seed, 1 << 20, 0);
            Namespace names = new Namespace(some, new ChangeMarks());
            OpenFile file = names.open(walk(some), "file", CREATE);
            some.root().save(false);
            put(file, "content");
            file.beginSync(true).refuse();
            file.beginSync(true).finish();
            names.open(walk(some), "refused", CREATE).close();
            some.root().begin(false).refuse();
            some.powerCut(Unsynced.BY_CHANCE);
            String content = new String(names.open(walk(some), "file", CREATE).readToSend(0, 10, 0),
                    StandardCharsets.US_ASCII);
            found.add(names(some).size() + content.replace("\0", "."));
        }
        assertThat(found).containsExactly("1.......", "1content", "2.......", "2content");
    }

    /** Room that was reserved is taken once, be a page of it written or not. */
    @Test
    void reservedRoomIsCountedOnce() throws Refusal {
        for (long seed = 0; seed < 20; seed++) {
            Disk some = new Disk(seed, 1 << 20, 0);
            Namespace names = new Namespace(some, new ChangeMarks());
            OpenFile file = names.open(walk(some), "file", CREATE);
            file.allocate(0, 10 * PageCache.PAGE, false, 0);
            file.inode().save(false);
            some.root().save(false);
            put(file, "x".repeat(3 * PageCache.PAGE));
            some.powerCut(Unsynced.BY_CHANCE);
            assertThat(some.stat().bytesFree()).isEqualTo((1 << 20) - 10 * PageCache.PAGE);
            names.delete(walk(some), "file");
            assertThat(some.stat().bytesFree()).isEqualTo(1 << 20);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "a", "b"})
    void foldersThatWereMovedIntoEachOtherAreNoCircle(String synced) throws Refusal {
        namespace.makeFolder(walk(), "a", 0777);
        namespace.makeFolder(walk(), "a/b", 0777);
        write("a/file", "content");
        for (String each : List.of("/", "a", "a/file")) {
            sync(each);
        }
        Inode folder = inode(synced.equals("b") ? "a/b" : synced);
        rename("a/b", "b");
        rename("a", "b/a");
        folder.save(false);
        disk.powerCut(Unsynced.LOST);
        if (synced.equals("a")) {
            assertThat(names("/")).containsExactly("a", "b");
            assertThat(names("a")).containsExactly("file");
        } else {
            assertThat(names("/")).containsExactly("b");
            assertThat(names("b")).containsExactly("a");
            assertThat(((Folder) inode("b/a")).path()).isEqualTo("/b/a");
            assertThat(read("b/a/file")).isEqualTo("content");
        }
    }

    /** What was there is not lost by moving it where nothing is yet. */
    @Test
    void whatMovesIntoANewFolderTakesThatAlong() throws Refusal {
        write("file", "content");
        sync("file");
        sync("/");
        namespace.makeFolder(walk(), "new", 0777);
        namespace.makeFolder(walk(), "new/deep", 0777);
        rename("file", "new/deep/file");
        write("new/other", "");
        sync("new/deep");
        disk.powerCut(Unsynced.LOST);
        assertThat(names("/")).containsExactly("new");
        assertThat(names("new")).containsExactly("deep");
        assertThat(read("new/deep/file")).isEqualTo("content");
    }

    @Test
    @Tag("T11")
    void extendedAttributesAreThoseOfTheLastSync() throws Refusal {
        write("file", "content");
        attach("file", "user.a", "synced");
        sync("file");
        sync("/");
        attach("file", "user.a", "lost");
        attach("file", "user.b", "lost");
        inode("file").save(true);
        disk.powerCut(Unsynced.LOST);
        assertThat(attached("file")).containsExactly("user.a=synced");
        inode("file").extended().remove(inode("file"), "user.a");
        sync("file");
        disk.powerCut(Unsynced.LOST);
        assertThat(attached("file")).isEmpty();
        attach("/", "user.c", "folder's");
        sync("/");
        disk.powerCut(Unsynced.LOST);
        assertThat(attached("/")).containsExactly("user.c=folder's");
    }

    @Test
    @Tag("T11")
    void aPipesNameIsSafeAsAFilesIs() throws Refusal {
        namespace.makeNode(walk(), "pipe", FileKind.PIPE, 0640);
        sync("/");
        namespace.makeNode(walk(), "unsynced", FileKind.PIPE, 0640);
        namespace.delete(walk(), "pipe");
        disk.powerCut(Unsynced.LOST);
        assertThat(names("/")).containsExactly("pipe");
        assertThat(inode("pipe").kind()).isEqualTo(FileKind.PIPE);
        assertThat(inode("pipe").mode()).isEqualTo(0640);
        assertThat(inode("pipe").links()).isEqualTo(1);
    }

    /** The room of what was lost is free again. */
    @Test
    void roomIsWhatTheDeviceLeaves() throws Refusal {
        Disk small = new Disk(1, 4 * PageCache.PAGE, 0);
        Namespace names = new Namespace(small, new ChangeMarks());
        OpenFile file = names.open(new PathWalk(small.root(), small.root(), false), "file", CREATE);
        MemorySegment pages = MemorySegment.ofArray(new byte[5 * PageCache.PAGE]);
        assertThat(file.write(List.of(pages), List.of(pages), 0, 0)).isEqualTo(4 * PageCache.PAGE);
        small.root().save(false);
        small.powerCut(Unsynced.LOST);
        OpenFile again = names.open(new PathWalk(small.root(), small.root(), false), "file", CREATE);
        assertThat(again.inode().size()).isZero();
        assertThat(again.write(List.of(pages), List.of(pages), 0, 0)).isEqualTo(4 * PageCache.PAGE);
    }

    /** Beside arrays of bytes: files that are written, cut, cloned, synced and left to power cuts. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    @Tag("T11")
    void clonesAreCopies(long seed) throws Refusal {
        Random random = new Random(seed);
        int count = 4;
        byte[][] seen = new byte[count][0];
        byte[][] device = new byte[count][0];
        for (int i = 0; i < count; i++) {
            write("" + i, "");
        }
        sync("/");
        for (int step = 0; step < 2000; step++) {
            int one = random.nextInt(count);
            int other = random.nextInt(count);
            OpenFile file = open("" + one);
            switch (random.nextInt(8)) {
                case 0, 1 -> {
                    byte[] some = new byte[1 + random.nextInt(6000)];
                    random.nextBytes(some);
                    int offset = random.nextInt(20_000);
                    List<MemorySegment> bytes = List.of(MemorySegment.ofArray(some));
                    assertThat(file.write(bytes, bytes, offset, 0)).isEqualTo(some.length);
                    seen[one] = Arrays.copyOf(seen[one], Math.max(seen[one].length, offset + some.length));
                    System.arraycopy(some, 0, seen[one], offset, some.length);
                }
                case 2 -> {
                    int length = random.nextInt(25_000);
                    file.truncate(length, 0);
                    seen[one] = Arrays.copyOf(seen[one], length);
                }
                case 3 -> {
                    int offset = random.nextInt(20_000);
                    int length = 1 + random.nextInt(9000);
                    file.allocate(offset, length, true, 0);
                    Arrays.fill(seen[one], Math.min(offset, seen[one].length),
                            Math.min(offset + length, seen[one].length), (byte) 0);
                }
                case 4, 5 -> {
                    if (one != other) {
                        OpenFile target = open("" + other);
                        target.truncate(0, 0);
                        assertThat(file.cloneTo(target, 0)).isEqualTo(seen[one].length);
                        target.close();
                        seen[other] = seen[one].clone();
                    }
                }
                case 6 -> {
                    sync("" + one);
                    device[one] = seen[one].clone();
                }
                default -> {
                    if (random.nextInt(5) == 0) {
                        disk.powerCut(Unsynced.LOST);
                        Arrays.setAll(seen, i -> device[i].clone());
                    }
                }
            }
            file.close();
            for (int i = 0; i < count; i++) {
                OpenFile opened = open("" + i);
                assertThat(opened.readToSend(0, 1 << 20, 0)).as("step %d, file %d", step, i).isEqualTo(seen[i]);
                opened.close();
            }
        }
        for (int i = 0; i < count; i++) {
            namespace.delete(walk(), "" + i);
        }
        assertThat(disk.stat().bytesFree()).as("all room is free again").isEqualTo(disk.stat().bytesTotal());
    }

    /** Beside plain sets of numbers. */
    @Test
    void rangesAreSets() {
        Random random = new Random(7);
        PageRanges ranges = new PageRanges();
        Set<Long> expected = new TreeSet<>();
        for (int i = 0; i < 20_000; i++) {
            long start = random.nextInt(200);
            long end = start + random.nextInt(20);
            long within = expected.stream().filter(each -> each >= start && each < end).count();
            assertThat(ranges.countWithin(start, end)).isEqualTo(within);
            if (random.nextBoolean()) {
                ranges.add(start, end);
                for (long each = start; each < end; each++) {
                    expected.add(each);
                }
            } else {
                assertThat(ranges.remove(start, end)).isEqualTo(within);
                expected.removeIf(each -> each >= start && each < end);
            }
            assertThat(ranges.count()).isEqualTo(expected.size());
            assertThat(ranges.contains(start)).isEqualTo(expected.contains(start));
        }
    }

    private PathWalk walk() {
        return walk(disk);
    }

    private static PathWalk walk(Disk some) {
        return new PathWalk(some.root(), some.root(), false);
    }

    private static Set<String> names(Disk some) {
        Set<String> names = new TreeSet<>();
        for (var each = some.root().after(null); each != null; each = some.root().after(each.getKey())) {
            names.add(each.getKey());
        }
        return names;
    }

    private Inode inode(String path) throws Refusal {
        return walk().inode(path, true);
    }

    private OpenFile open(String path) throws Refusal {
        return namespace.open(walk(), path, CREATE);
    }

    private void write(String path, String content) throws Refusal {
        OpenFile file = open(path);
        put(file, content);
        file.close();
    }

    private static void put(OpenFile file, String content) throws Refusal {
        List<MemorySegment> bytes = List.of(MemorySegment.ofArray(content.getBytes(StandardCharsets.US_ASCII)));
        assertThat(file.write(bytes, bytes, 0, 0)).isEqualTo(content.length());
    }

    private void attach(String path, String name, String value) throws Refusal {
        Inode inode = inode(path);
        inode.extended().set(inode, name, value.getBytes(StandardCharsets.US_ASCII), AttributeMode.CREATE_OR_REPLACE);
    }

    private List<String> attached(String path) throws Refusal {
        Inode inode = inode(path);
        List<String> attached = new ArrayList<>();
        for (String name : new String(inode.extended().names(), StandardCharsets.US_ASCII).split("\0", -1)) {
            if (!name.isEmpty()) {
                attached.add(name + "=" + new String(inode.extended().get(inode, name), StandardCharsets.US_ASCII));
            }
        }
        return attached;
    }

    private String read(String path) throws Refusal {
        byte[] read = open(path).readToSend(0, 1 << 20, 0);
        return new String(read, StandardCharsets.US_ASCII);
    }

    private void sync(String path) throws Refusal {
        inode(path).save(false);
    }

    private void rename(String from, String to) throws Refusal {
        namespace.rename(walk(), from, walk(), to, Renaming.REPLACE);
    }

    private Set<String> names(String path) throws Refusal {
        Set<String> names = new TreeSet<>();
        namespace.openFolder(walk(), path, Set.of()).list(0).forEach(entry -> names.add(entry.name()));
        return names;
    }
}
