package dev.gyre.simulated;

import static dev.gyre.simulated.TwoHosts.simulate;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Directory;
import dev.gyre.io.ErrorNumber;
import dev.gyre.io.File;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Operation;
import dev.gyre.io.Task;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A write-ahead log, tested as somebody would who has written one; and such as do it wrong, which must be found. */
@Tag("S5")
@Tag("S7")
final class WriteAheadLogTest {
    private static final int SEEDS = 40;
    private static final int CUTS = 5;
    private static final int HEADER = 12;
    private static final int RECORD_MAX = 6000;

    /** How a log makes records safe. */
    private enum Syncing {
        EACH,
        /** The mistake that is never seen on a machine that runs on. */
        NEVER,
        /** A sync that failed is made again. It succeeds, and has written nothing. */
        UNTIL_IT_SUCCEEDS
    }

    /** Records one after another, each with its number, its length, and a sum that shows whether it is whole. */
    private static final class Log implements AutoCloseable {
        private final File file;
        private final Syncing syncing;
        private long end;
        private int count;

        /** Recovers what is there, and forgets what follows the last whole record. */
        Log(Directory folder, Syncing syncing) throws IoException {
            this.syncing = syncing;
            file = folder.openFile("log",
                    new OpenOptions(OpenOptions.Access.READ_WRITE, Set.of(OpenOptions.Flag.CREATE), 0600));
            boolean recovered = false;
            try {
                while (findNext()) {
                    count++;
                }
                file.truncate(end);
                sync();
                folder.sync();
                recovered = true;
            } finally {
                if (!recovered) {
                    file.close();
                }
            }
        }

        int count() {
            return count;
        }

        private boolean findNext() throws IoException {
            ByteBuffer record = ByteBuffer.allocate(RECORD_MAX);
            if (file.read(record, end) < HEADER) {
                return false;
            }
            record.flip();
            int number = record.getInt();
            int length = record.getInt();
            if (number != count || length < 0 || length > record.limit() - HEADER
                    || record.getInt() != sum(number, record.array(), length)) {
                return false;
            }
            end += HEADER + length;
            return true;
        }

        /** What it returns from is on the device. */
        void append(byte[] content) throws IoException {
            ByteBuffer record = ByteBuffer.allocate(HEADER + content.length);
            record.position(HEADER).put(content);
            record.putInt(0, count).putInt(4, content.length).putInt(8, sum(count, record.array(), content.length));
            file.write(record.array(), end);
            sync();
            end += record.capacity();
            count++;
        }

        private void sync() throws IoException {
            switch (syncing) {
                case EACH -> file.dataSync();
                case NEVER -> {}
                case UNTIL_IT_SUCCEEDS -> {
                    try {
                        file.dataSync();
                    } catch (IoException failed) {
                        file.dataSync();
                    }
                }
            }
        }

        private static int sum(int number, byte[] record, int length) {
            CRC32 sum = new CRC32();
            sum.update(number);
            sum.update(record, HEADER, length);
            return (int) sum.getValue();
        }

        @Override
        public void close() throws IoException {
            file.close();
        }
    }

    /** How many records a log has after each power cut, and how many were acknowledged before. */
    private record Recovery(int acknowledged, int recovered) {
        boolean isLoss() {
            return recovered < acknowledged;
        }
    }

    /** A host that loses its power again and again, at moments that the seed chooses, while a program appends. */
    private static List<Recovery> recoveries(long seed, Syncing syncing) {
        return simulate(seed, world -> {
            Host host = world.host("host");
            host.disk().setLatency(DiskLatency.NONE.withWrite(Duration.ofNanos(20_000))
                    .withSync(Duration.ofMillis(1)).withJitter(Duration.ofMillis(1)));
            host.disk().fail(DiskFault.of(Operation.SYNC, ErrorNumber.EIO)
                    .onPaths("/log"::equals).withProbability(0.02));
            List<Recovery> recoveries = new ArrayList<>();
            int[] acknowledged = new int[1];
            for (int i = 0; i < CUTS; i++) {
                Task<Object, Exception> appending = host.start(io -> appendForEver(io, syncing, acknowledged));
                world.io().sleep(Duration.ofNanos(world.io().random().nextLong(50_000_000)));
                host.powerCut(Unsynced.BY_CHANCE);
                try {
                    appending.await();
                } catch (PowerCutException | IoException end) {
                    // The one or the other is what ends it: the power, or a sync that failed.
                }
                int before = acknowledged[0];
                int recovered = host.run(io -> recover(io));
                recoveries.add(new Recovery(before, recovered));
                acknowledged[0] = recovered;
            }
            return recoveries;
        }).value();
    }

    private static Object appendForEver(Io io, Syncing syncing, int[] acknowledged) throws IoException {
        try (Log log = new Log(io.currentDirectory(), syncing)) {
            while (true) {
                byte[] content = new byte[io.random().nextInt(RECORD_MAX - HEADER)];
                Arrays.fill(content, (byte) log.count());
                log.append(content);
                acknowledged[0] = log.count();
            }
        }
    }

    /** With a log that makes no mistake, and once more where a sync fails. */
    private static int recover(Io io) throws IoException {
        while (true) {
            try (Log log = new Log(io.currentDirectory(), Syncing.EACH)) {
                return log.count();
            } catch (IoException again) {
                io.checkCancel();
            }
        }
    }

    @Test
    void whatWasAcknowledgedIsRecoveredAfterEachOf200PowerCuts() {
        int recovered = 0;
        int unacknowledged = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            for (Recovery each : recoveries(seed, Syncing.EACH)) {
                assertThat(each.recovered()).as("seed %s", seed)
                        .isBetween(each.acknowledged(), each.acknowledged() + 1);
                recovered += each.recovered();
                unacknowledged += each.recovered() - each.acknowledged();
            }
        }
        assertThat(recovered).as("the test appends something").isGreaterThan(SEEDS * CUTS);
        assertThat(unacknowledged).as("some moments are in the middle of an append").isPositive();
    }

    @Test
    void aSeedLosesTheSameAgain() {
        for (Syncing syncing : Syncing.values()) {
            assertThat(recoveries(7, syncing)).isEqualTo(recoveries(7, syncing));
        }
    }

    @Test
    void aLogWithoutSyncIsFound() {
        assertThat(losses(Syncing.NEVER)).isPositive();
    }

    @Test
    void aLogThatSyncsAgainAfterAFailureIsFound() {
        assertThat(losses(Syncing.UNTIL_IT_SUCCEEDS)).isPositive();
    }

    private static long losses(Syncing syncing) {
        long losses = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            losses += recoveries(seed, syncing).stream().filter(Recovery::isLoss).count();
        }
        return losses;
    }
}
