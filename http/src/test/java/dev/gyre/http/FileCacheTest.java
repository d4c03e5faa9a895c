package dev.gyre.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.Clock;
import dev.gyre.io.Directory;
import dev.gyre.io.FileKind;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IoOptions;
import dev.gyre.io.Reason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept, for how long, and how much of it. The clock is the test's. */
class FileCacheTest {
    private static final long SECOND = 1_000_000_000L;
    private static final ServerLimits LIMITS =
            ServerLimits.DEFAULT.withCachedFileBytesMax(1000).withCacheBytesMax(10_000);

    @TempDir
    Path folder;

    private Io io;
    private Directory root;
    private FileCache cache;
    private final Workspace workspace = new Workspace(LIMITS);

    /** A time at which what was written before is no news any more. */
    private long later;

    @BeforeEach
    void open() throws Exception {
        io = Io.open(IoOptions.DEFAULT.withBackend("threaded"));
        root = io.currentDirectory().openDirectory(folder.toString());
        cache = cache(LIMITS);
        later = io.now(Clock.REAL).nanoseconds() + 3600 * SECOND;
    }

    private FileCache cache(ServerLimits limits) {
        HeaderPolicy policy = new HeaderPolicy(HeaderOptions.DEFAULT, CodingOptions.DEFAULT);
        return new FileCache(new Root(root, true), limits, new HttpDate(), policy);
    }

    @AfterEach
    void close() {
        root.close();
        io.close();
    }

    @Test
    void keepsAShortFile() throws Exception {
        write("a", "hello");
        CachedFile first = cached("/a", later);
        assertThat(first.content()).asString(StandardCharsets.UTF_8).isEqualTo("hello");
        assertThat(first.representation().settled()).isTrue();
        assertThat(cached("/a", later + FileCache.RECHECK_NANOS - 1)).isSameAs(first);
        assertThat(cached("/a", later + FileCache.RECHECK_NANOS)).as("looked at, unchanged").isSameAs(first);
        assertThat(first.age(later + FileCache.RECHECK_NANOS)).isZero();
    }

    @Test
    void looksAgainHalfASecondLater() throws Exception {
        write("a", "old");
        CachedFile old = cached("/a", later);
        write("a", "newer");
        assertThat(cached("/a", later + FileCache.RECHECK_NANOS - 1)).isSameAs(old);
        assertThat(cached("/a", later + FileCache.RECHECK_NANOS).content())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("newer");
    }

    @Test
    void onlyOneLooksUntilTheKnowledgeIsASecondOld() throws Exception {
        write("a", "old");
        CachedFile old = cached("/a", later);
        write("a", "newer");
        assertThat(old.beginCheck()).as("somebody is looking").isTrue();
        assertThat(cached("/a", later + FileCache.AGE_NANOS_MAX - 1)).isSameAs(old);
        assertThat(cached("/a", later + FileCache.AGE_NANOS_MAX)).isNotSameAs(old);
    }

    @Test
    void noticesAFileThatLooksTheSame() throws Exception {
        Path file = write("a", "one");
        var modified = Files.getLastModifiedTime(file);
        CachedFile one = cached("/a", later);
        Path other = write("b", "two");
        Files.setLastModifiedTime(other, modified);
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        CachedFile two = cached("/a", later + SECOND);
        assertThat(two.content()).asString(StandardCharsets.UTF_8).isEqualTo("two");
        assertThat(two.representation().lastModified()).isEqualTo(one.representation().lastModified());
        assertThat(two.representation().entityTag()).isNotEqualTo(one.representation().entityTag());
    }

    @Test
    void readsAFileAgainThatHasJustChanged() throws Exception {
        write("a", "x");
        long now = io.now(Clock.REAL).nanoseconds();
        CachedFile fresh = cached("/a", now);
        assertThat(fresh.representation().entityTag()).startsWith("W/");
        CachedFile again = cached("/a", now + 2 * SECOND);
        assertThat(again).isNotSameAs(fresh);
        assertThat(again.representation().entityTag()).startsWith("\"");
    }

    @Test
    void looksAgainWhenTheClockIsSetBack() throws Exception {
        write("a", "old");
        cached("/a", later);
        write("a", "newer");
        assertThat(cached("/a", later - 1).content()).asString(StandardCharsets.UTF_8).isEqualTo("newer");
    }

    @Test
    void forgetsWhatIsGone() throws Exception {
        Path file = write("a", "x");
        cached("/a", later);
        assertThat(cache.cost()).isPositive();
        Files.delete(file);
        assertThatThrownBy(() -> cache.find("/a", later + SECOND, workspace))
                .isInstanceOfSatisfying(
                        IoException.class, gone -> assertThat(gone.reason()).isEqualTo(Reason.FILE_NOT_FOUND));
        assertThat(cache.cost()).isZero();
    }

    @Test
    void opensWhatIsLongOrNoFile() throws Exception {
        write("long", "x".repeat(1001));
        Files.createDirectory(folder.resolve("folder"));
        assertThat(cache.find("/long", later, workspace))
                .isInstanceOfSatisfying(Found.Opened.class, opened -> {
                    assertThat(opened.stat().size()).isEqualTo(1001);
                    FileCache.closeQuietly(opened.file());
                });
        assertThat(cache.find("/folder", later, workspace))
                .isInstanceOfSatisfying(Found.Opened.class, opened -> {
                    assertThat(opened.stat().kind()).isEqualTo(FileKind.DIRECTORY);
                    FileCache.closeQuietly(opened.file());
                });
        assertThat(cache.cost()).isZero();
    }

    @Test
    void letsGoOfAFileThatBecameLong() throws Exception {
        write("a", "x");
        cached("/a", later);
        write("a", "x".repeat(1001));
        Found found = cache.find("/a", later + SECOND, workspace);
        assertThat(found).isInstanceOfSatisfying(Found.Opened.class, opened -> FileCache.closeQuietly(opened.file()));
        assertThat(cache.cost()).isZero();
    }

    @Test
    void staysWithinItsLimitAndKeepsWhatIsAskedFor() throws Exception {
        for (int i = 0; i < 20; i++) {
            write("f" + i, "x".repeat(500));
        }
        CachedFile popular = cached("/f0", later);
        for (int i = 1; i < 20; i++) {
            cached("/f" + i, later);
            assertThat(cache.cost()).isLessThanOrEqualTo(LIMITS.cacheBytesMax());
            assertThat(cached("/f0", later)).as("asked for all the time").isSameAs(popular);
        }
        assertThat(cache.cost()).isGreaterThan(LIMITS.cacheBytesMax() / 2);
    }

    @Test
    void canBeSwitchedOff() throws Exception {
        FileCache none = cache(LIMITS.withCacheBytesMax(0));
        write("a", "x");
        Found first = none.find("/a", later, workspace);
        assertThat(first).isInstanceOf(CachedFile.class);
        assertThat(none.find("/a", later, workspace)).isNotSameAs(first);
        assertThat(none.cost()).isZero();
    }

    private CachedFile cached(String path, long now) throws IoException {
        return (CachedFile) cache.find(path, now, workspace);
    }

    private Path write(String name, String content) throws Exception {
        return Files.writeString(folder.resolve(name), content);
    }
}
