package dev.gyre.benchmarks.load;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/** Latency histograms: nanoseconds, up to a minute, three significant digits; and their form as text. */
public final class Latencies {
    private static final long NANOS_MAX = TimeUnit.MINUTES.toNanos(1);
    private static final int DIGITS = 3;

    private Latencies() {}

    /**
     * A histogram.
     *
     * @return new and empty
     */
    public static Histogram histogram() {
        return new Histogram(NANOS_MAX, DIGITS);
    }

    /** Records a latency; one beyond the histogram's range counts as its largest. */
    static void record(Histogram histogram, long nanos) {
        histogram.recordValue(Math.clamp(nanos, 0, NANOS_MAX));
    }

    /**
     * The histogram as text.
     *
     * @param histogram made by {@link #histogram}
     * @return one word of printable characters
     */
    public static String encode(Histogram histogram) {
        ByteBuffer bytes = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(bytes);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(bytes.array(), length));
    }

    /**
     * The histogram that {@link #encode} turned into text.
     *
     * @param text as encoded
     * @return a new one
     * @throws IllegalArgumentException if it is not such a text
     */
    public static Histogram decode(String text) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
            return Histogram.decodeFromCompressedByteBuffer(bytes, NANOS_MAX);
        } catch (DataFormatException | BufferUnderflowException e) {
            throw new IllegalArgumentException("not a histogram: " + text, e);
        }
    }
}
