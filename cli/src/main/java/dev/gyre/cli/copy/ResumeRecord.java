package dev.gyre.cli.copy;

import dev.gyre.io.File;
import dev.gyre.io.FileStat;
import dev.gyre.io.IoException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * What is written behind the content of a large partial file, so that a later run can go on with it: which state of
 * which file it is a copy of, and how much of it is there. It goes when the file is whole.
 *
 * <p>What was written before a process was killed is there for the next one, in this order. After a power cut it may
 * not be; so a record counts only until the machine is started anew. Who may not write as this user cannot forge one:
 * the file would not be this user's.
 */
final class ResumeRecord {
    static final int BYTES = 9 * Long.BYTES;

    private static final long MAGIC = 0x6779_7265_2063_7001L;

    private final FileStat source;
    private final ProcessState self;

    ResumeRecord(FileStat source, ProcessState self) {
        this.source = source;
        this.self = self;
    }

    /** Notes that so much is there from the beginning on. */
    void write(File partial, long length) throws IoException {
        byte[] bytes = encode(length).array();
        int written = 0;
        while (written < bytes.length) {
            byte[] rest = Arrays.copyOfRange(bytes, written, bytes.length);
            written += partial.write(rest, source.size() + written);
        }
    }

    /** How much of this source an earlier run has left in a partial file; 0 if there is any doubt. */
    long lengthLeftIn(File partial, FileStat state) throws IoException {
        if (self.boot() == 0 || state.user() != self.user() || state.size() != source.size() + BYTES) {
            return 0;
        }
        ByteBuffer found = ByteBuffer.allocate(BYTES);
        while (found.hasRemaining()) {
            if (partial.read(found, source.size() + found.position()) < 0) {
                return 0;
            }
        }
        long length = found.getLong(BYTES - 2 * Long.BYTES);
        boolean trusted = found.flip().equals(encode(length).flip());
        return trusted && length >= 0 && length <= source.size() ? length : 0;
    }

    private ByteBuffer encode(long length) {
        ByteBuffer record = ByteBuffer.allocate(BYTES)
                .putLong(MAGIC)
                .putLong(self.boot())
                .putLong(source.device())
                .putLong(source.inode())
                .putLong(source.size())
                .putLong(source.modified().nanoseconds())
                .putLong(source.changed().nanoseconds())
                .putLong(length);
        CRC32C checksum = new CRC32C();
        checksum.update(record.array(), 0, record.position());
        return record.putLong(checksum.getValue());
    }
}
