package dev.gyre.simulated;

import static dev.gyre.simulated.PowerCutTest.READ_AND_WRITE;
import static dev.gyre.simulated.TwoHosts.simulate;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Condition;
import dev.gyre.io.Directory;
import dev.gyre.io.File;
import dev.gyre.io.Group;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Mutex;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Reason;
import dev.gyre.io.Task;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Programs that keep data, as people write them. Of each there are wrong ones, which few seeds must find. */
@Tag("S5")
@Tag("S7")
final class StorageProgramsTest {
    /** So many seeds find what is wrong. */
    private static final int SEEDS_WRONG = 20;

    /** So many do not find anything where nothing is. */
    private static final int SEEDS_RIGHT = 150;

    private static final int CUTS = 3;
    private static final Duration LIFE_MAX = Duration.ofMillis(25);
    private static final OpenOptions NEW = new OpenOptions(
            OpenOptions.Access.WRITE, Set.of(OpenOptions.Flag.CREATE, OpenOptions.Flag.EXCLUSIVE), 0600);

    /** What keeps data on a host that loses its power again and again. It remembers what it has promised to keep. */
    private interface Store {
        /** Keeps data until the power is cut off. */
        void use(Io io) throws Exception;

        /** Whether what was promised is there afterwards. */
        boolean isWhole(Io io) throws Exception;
    }

    /** Whether a store keeps what it promises in all of so many worlds. */
    private static boolean isSafe(int seeds, Supplier<Store> stores) {
        for (long seed = 0; seed < seeds; seed++) {
            if (!isSafe(seed, stores.get())) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSafe(long seed, Store store) {
        return simulate(seed, world -> {
            Host host = world.host("host");
            host.disk().setLatency(DiskLatency.NONE.withWrite(Duration.ofNanos(50_000))
                    .withSync(Duration.ofMillis(1)).withJitter(Duration.ofMillis(1)));
            for (int i = 0; i < CUTS; i++) {
                Task<Object, Exception> using = host.start(io -> {
                    store.use(io);
                    return null;
                });
                world.io().sleep(Duration.ofNanos(world.io().random().nextLong(LIFE_MAX.toNanos())));
                host.powerCut(Unsynced.BY_CHANCE);
                try {
                    using.await();
                } catch (PowerCutException expected) {
                    // It goes on until its host loses its power.
                } catch (IoException stuck) {
                    return false;
                }
                if (!host.<Boolean>run(store::isWhole)) {
                    return false;
                }
            }
            return true;
        }).value();
    }

    /** How a file is replaced that always has to have one of its contents. */
    enum Replacing {
        RIGHT,
        IN_PLACE,
        CONTENT_NOT_SYNCED,
        FOLDER_NOT_SYNCED,
        /** Whoever finds what the last one left does not start any more. */
        LEFTOVER_IN_THE_WAY
    }

    private static final class Settings implements Store {
        private static final int COPIES = 1500;

        private final Replacing replacing;
        private int promised;

        Settings(Replacing replacing) {
            this.replacing = replacing;
        }

        @Override
        public void use(Io io) throws Exception {
            Directory folder = io.currentDirectory();
            for (int next = promised + 1;; next++) {
                if (replacing == Replacing.IN_PLACE) {
                    write(folder, "settings", OpenOptions.REPLACE, next, true);
                } else {
                    boolean exclusive = replacing == Replacing.LEFTOVER_IN_THE_WAY;
                    write(folder, "settings.new", exclusive ? NEW : OpenOptions.REPLACE, next,
                            replacing != Replacing.CONTENT_NOT_SYNCED);
                    folder.rename("settings.new", "settings");
                }
                if (replacing != Replacing.FOLDER_NOT_SYNCED) {
                    folder.sync();
                }
                promised = next;
            }
        }

        private static void write(Directory folder, String name, OpenOptions options, int number, boolean sync)
                throws IoException {
            try (File file = folder.openFile(name, options)) {
                file.writeAll("%05d".formatted(number).repeat(COPIES).getBytes(US_ASCII));
                if (sync) {
                    file.sync();
                }
            }
        }

        @Override
        public boolean isWhole(Io io) throws Exception {
            String found = content(io.currentDirectory(), "settings");
            if (found == null) {
                return promised == 0;
            }
            String number = found.substring(0, Math.min(5, found.length()));
            if (!number.matches("\\d{5}") || !found.equals(number.repeat(COPIES))) {
                return false;
            }
            boolean isKept = Integer.parseInt(number) >= promised;
            promised = Integer.parseInt(number);
            return isKept;
        }
    }

    /** What is in a file; null if there is none. */
    private static String content(Directory folder, String name) throws IoException {
        try (File file = folder.openFile(name, OpenOptions.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(20_000);
            file.read(bytes, 0);
            return new String(bytes.array(), 0, bytes.position(), US_ASCII);
        } catch (IoException missing) {
            if (missing.reason() == Reason.FILE_NOT_FOUND) {
                return null;
            }
            throw missing;
        }
    }

    @Test
    void settingsThatAreReplacedAreSafe() {
        assertThat(isSafe(SEEDS_RIGHT, () -> new Settings(Replacing.RIGHT))).isTrue();
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "RIGHT")
    void settingsThatAreReplacedWronglyAreFound(Replacing replacing) {
        assertThat(isSafe(SEEDS_WRONG, () -> new Settings(replacing))).isFalse();
    }

    /** Which of those who wait a sync is for. */
    enum Committing {
        /** Those who had written when it began. */
        RIGHT,
        /** All who have written when it ends. */
        ALL_WHO_WAIT
    }

    /** A log of a fixed size, in which several write at once, and one syncs for all. */
    private static final class GroupCommit implements Store {
        private static final int RECORD = 16;
        private static final int RECORDS = 2000;
        private static final int WRITERS = 4;

        private final Committing committing;
        private final Set<Integer> promised = new TreeSet<>();
        private int next;

        GroupCommit(Committing committing) {
            this.committing = committing;
        }

        @Override
        public void use(Io io) throws Exception {
            promised.clear();
            next = 0;
            try (File log = io.currentDirectory().openFile("log", READ_AND_WRITE)) {
                log.write(new byte[RECORDS * RECORD], 0);
                log.sync();
                io.currentDirectory().sync();
                Writers writers = new Writers(log, io.mutex());
                try (Group<IoException> group = io.group()) {
                    for (int i = 0; i < WRITERS; i++) {
                        group.concurrent(() -> {
                            while (true) {
                                writers.append();
                            }
                        });
                    }
                    group.await();
                }
            }
        }

        private final class Writers {
            private final File log;
            private final Mutex mutex;
            private final Condition synced;
            private long written;
            private long safe;
            private boolean syncing;

            Writers(File log, Mutex mutex) {
                this.log = log;
                this.mutex = mutex;
                this.synced = mutex.condition();
            }

            void append() throws IoException {
                mutex.lock();
                try {
                    int number = next++;
                    log.write(record(number), (long) number * RECORD);
                    long mine = ++written;
                    while (safe < mine) {
                        if (syncing) {
                            synced.await();
                        } else {
                            sync();
                        }
                    }
                    promised.add(number);
                } finally {
                    mutex.unlock();
                }
            }

            private void sync() throws IoException {
                syncing = true;
                long covered = written;
                mutex.unlock();
                try {
                    log.dataSync();
                } finally {
                    mutex.lockUncancelable();
                    syncing = false;
                }
                safe = committing == Committing.RIGHT ? covered : written;
                synced.signalAll();
            }
        }

        private static byte[] record(int number) {
            return "%15d\n".formatted(number).getBytes(US_ASCII);
        }

        @Override
        public boolean isWhole(Io io) throws Exception {
            try (File log = io.currentDirectory().openFile("log", READ_AND_WRITE)) {
                for (int number : promised) {
                    byte[] found = new byte[RECORD];
                    log.read(found, (long) number * RECORD);
                    if (!new String(found, US_ASCII).equals(new String(record(number), US_ASCII))) {
                        return false;
                    }
                }
            }
            return true;
        }
    }

    @Test
    void aLogWithGroupCommitIsSafe() {
        assertThat(isSafe(SEEDS_RIGHT, () -> new GroupCommit(Committing.RIGHT))).isTrue();
    }

    @Test
    void aSyncThatIsTakenForWhatWasWrittenMeanwhileIsFound() {
        assertThat(isSafe(SEEDS_WRONG, () -> new GroupCommit(Committing.ALL_WHO_WAIT))).isFalse();
    }

    /** How the list of tables is kept, of which the latest has all data. */
    enum Listing {
        RIGHT,
        /** The list names a table that nobody may find. */
        NAME_NOT_SYNCED,
        TABLE_NOT_SYNCED,
        /** The table before is deleted before the list is safe that does not need it. */
        DELETED_TOO_EARLY,
        /** What the list is long enough for is taken for written. */
        LENGTH_IS_TRUSTED
    }

    /** Tables that are written once, and a list that is appended to. */
    private static final class Tables implements Store {
        private static final int ENTRY = 600;
        private static final int COPIES = 1500;

        private final Listing listing;
        private int promised;

        Tables(Listing listing) {
            this.listing = listing;
        }

        @Override
        public void use(Io io) throws Exception {
            Directory folder = io.currentDirectory();
            try (File list = folder.openFile("list", READ_AND_WRITE)) {
                int last = last(folder);
                list.truncate((long) last * ENTRY);
                list.sync();
                folder.sync();
                for (int number = last + 1;; number++) {
                    add(folder, list, number);
                    promised = number;
                }
            }
        }

        private void add(Directory folder, File list, int number) throws IoException {
            try (File table = folder.openFile("table" + number, OpenOptions.REPLACE)) {
                table.writeAll(content(number).getBytes(US_ASCII));
                if (listing != Listing.TABLE_NOT_SYNCED) {
                    table.sync();
                }
            }
            if (listing != Listing.NAME_NOT_SYNCED) {
                folder.sync();
            }
            if (listing == Listing.DELETED_TOO_EARLY) {
                deleteBefore(folder, number);
            }
            list.write(entry(number).getBytes(US_ASCII), (number - 1L) * ENTRY);
            list.dataSync();
            deleteBefore(folder, number);
        }

        private static void deleteBefore(Directory folder, int number) throws IoException {
            if (StorageProgramsTest.content(folder, "table" + (number - 1)) != null) {
                folder.deleteFile("table" + (number - 1));
            }
        }

        private static String content(int number) {
            return "%05d".formatted(number).repeat(COPIES);
        }

        private static String entry(int number) {
            return "%05d".formatted(number).repeat(ENTRY / 5);
        }

        /** The last table of the list; 0 if there is none. */
        private int last(Directory folder) throws IoException {
            String list = StorageProgramsTest.content(folder, "list");
            if (list == null) {
                return 0;
            }
            if (listing == Listing.LENGTH_IS_TRUSTED && list.length() >= ENTRY) {
                String latest = list.substring((list.length() / ENTRY - 1) * ENTRY).substring(0, 5);
                return latest.matches("\\d{5}") ? Integer.parseInt(latest) : -1;
            }
            int last = 0;
            while (list.startsWith(entry(last + 1), last * ENTRY)) {
                last++;
            }
            return last;
        }

        @Override
        public boolean isWhole(Io io) throws Exception {
            Directory folder = io.currentDirectory();
            int last = last(folder);
            boolean isKept = last >= promised
                    && (last == 0 || content(last).equals(StorageProgramsTest.content(folder, "table" + last)));
            promised = last;
            return isKept;
        }
    }

    @Test
    void tablesOfAListAreSafe() {
        assertThat(isSafe(SEEDS_RIGHT, () -> new Tables(Listing.RIGHT))).isTrue();
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "RIGHT")
    void tablesThatAreListedWronglyAreFound(Listing listing) {
        assertThat(isSafe(SEEDS_WRONG, () -> new Tables(listing))).isFalse();
    }

    /** A log that gets another name when it is long: what was in it is in the one or in the other. */
    private static final class Rotation implements Store {
        private static final int RECORDS = 3;

        private int promised;

        @Override
        public void use(Io io) throws Exception {
            Directory folder = io.currentDirectory();
            int number = count(folder);
            while (true) {
                if (number % RECORDS == 0 && content(folder, "log") != null) {
                    folder.rename("log", "log." + number / RECORDS);
                }
                try (File log = folder.openFile("log", READ_AND_WRITE)) {
                    log.write(new byte[] {'x'}, number % RECORDS);
                    log.sync();
                }
                folder.sync();
                promised = ++number;
            }
        }

        private static int count(Directory folder) throws IoException {
            int found = 0;
            for (int i = 1; content(folder, "log." + i) != null; i++) {
                found += RECORDS;
            }
            String log = content(folder, "log");
            return found + (log == null ? 0 : (int) log.chars().takeWhile(each -> each == 'x').count());
        }

        @Override
        public boolean isWhole(Io io) throws Exception {
            int found = count(io.currentDirectory());
            boolean isKept = found >= promised && found <= promised + 1;
            promised = found;
            return isKept;
        }
    }

    /** Nobody has to fear that a rename is half done. */
    @Test
    void aLogThatIsRotatedIsSafe() {
        assertThat(isSafe(SEEDS_RIGHT, Rotation::new)).isTrue();
    }
}
