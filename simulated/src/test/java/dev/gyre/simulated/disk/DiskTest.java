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

    @Test
    void aNameThatHasMovedIsWhereItsFolderWasSynced() throws Refusal {
        namespace.makeFolder(walk(), "a", 0777);
        namespace.makeFolder(walk(), "b", 0777);
        namespace.makeFolder(walk(), "a/folder", 0777);
        write("a/file", "content");
        for (String each : List.of("/", "a", "b", "a/file")) {
            sync(each);
        }
        rename("a/file", "b/file");
        rename("a/folder", "b/folder");
        sync("b");
        disk.powerCut(Unsynced.LOST);
        assertThat(names("b")).contains("file");
        assertThat(names("a")).as("nobody synced that").contains("file");
        assertThat(inode("a/file").links()).isEqualTo(2);
        assertThat(names("a").contains("folder")).as("a folder has one place").isNotEqualTo(
                names("b").contains("folder"));
        namespace.delete(walk(), "b/file");
        sync("b");
        rename("a/file", "b/file");
        sync("a");
        disk.powerCut(Unsynced.LOST);
        assertThat(names("a")).doesNotContain("file");
        assertThat(names("b")).doesNotContain("file");
    }

    @Test
    void foldersThatWereMovedIntoEachOtherAreNoCircle() throws Refusal {
        namespace.makeFolder(walk(), "a", 0777);
        namespace.makeFolder(walk(), "a/b", 0777);
        sync("/");
        sync("a");
        rename("a/b", "b");
        sync("/");
        rename("a", "b/a");
        sync("b");
        disk.powerCut(Unsynced.LOST);
        assertThat(names("/")).containsExactly("a", "b");
        assertThat(names("a")).isEmpty();
        assertThat(names("b")).isEmpty();
        assertThat(((Folder) inode("b")).path()).isEqualTo("/b");
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
        return new PathWalk(disk.root(), disk.root(), false);
    }

    private Inode inode(String path) throws Refusal {
        return walk().inode(path, true);
    }

    private OpenFile open(String path) throws Refusal {
        return namespace.open(walk(), path, CREATE);
    }

    private void write(String path, String content) throws Refusal {
        OpenFile file = open(path);
        List<MemorySegment> bytes = List.of(MemorySegment.ofArray(content.getBytes(StandardCharsets.US_ASCII)));
        assertThat(file.write(bytes, bytes, 0, 0)).isEqualTo(content.length());
        file.close();
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
