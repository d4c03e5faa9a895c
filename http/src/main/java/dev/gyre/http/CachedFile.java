package dev.gyre.http;

import dev.gyre.http.coding.Gzip;
import dev.gyre.io.FileStat;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.jetty.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * A short file in memory, with the head of the answer to a plain request.
 *
 * <p>Immutable but for three marks that any thread may set. As a {@link Reply} it means: all of it, with 200.
 */
final class CachedFile implements Reply, Found {
    /** What an entry takes besides content and path, about. */
    private static final int OVERHEAD_BYTES = 1 << 10;

    private static final String DATE_FIELD = "\r\nDate: ";

    private static final VarHandle CHECKING;

    static {
        try {
            CHECKING = MethodHandles.lookup().findVarHandle(CachedFile.class, "checking", boolean.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** What the cache has it by. */
    private final String path;

    private final FileStat stat;
    private final Representation representation;
    private final byte[] content;
    private final byte[] head;
    private final int dateOffset;

    /** When the file was last found unchanged, on the wall clock, in nanoseconds. */
    private volatile long checkedAt;

    /** Whether somebody is finding out. Only through {@link #CHECKING}. */
    @SuppressWarnings("UnusedVariable")
    private volatile boolean checking;

    /** What {@link #compressed} has made, or null. */
    private volatile @Nullable CachedFile compressed;

    /** Whether it was asked for since the cache last looked for something to drop. */
    private volatile boolean used;

    /**
     * A new one.
     *
     * @param path its path
     * @param stat its state when it was read
     * @param representation what clients are told
     * @param content all of it; not changed any more
     * @param date any date, whose place in the head later dates take
     * @param policy what every answer says
     * @param now when it was read
     */
    CachedFile(
            String path,
            FileStat stat,
            Representation representation,
            byte[] content,
            HttpDate.Text date,
            HeaderPolicy policy,
            long now) {
        this.path = path;
        this.stat = stat;
        this.representation = representation;
        this.content = content;
        this.checkedAt = now;
        Response response = new Response(
                200, Fields.content(representation, representation.type()), content.length, List.of(), null);
        ByteBuffer room = ByteBuffer.allocate(ResponseHead.bytesMax(response, policy));
        ResponseHead.put(room, response, policy, false, date.toString(), HttpVersion.HTTP_1_1, true);
        this.head = new byte[room.position()];
        room.get(0, head);
        this.dateOffset = new String(head, StandardCharsets.ISO_8859_1).indexOf(DATE_FIELD) + DATE_FIELD.length();
    }

    String path() {
        return path;
    }

    @Override
    public FileStat stat() {
        return stat;
    }

    @Override
    public Representation representation() {
        return representation;
    }

    /** All of the file. Not to be changed. */
    byte[] content() {
        return content;
    }

    /** The same answer without a head that is made already. */
    Response response() {
        return new Parts(representation, this, null).whole();
    }

    /** How long the head is, in bytes. */
    int headBytes() {
        return head.length;
    }

    /** How much memory this takes at most, about. */
    long cost() {
        long once = OVERHEAD_BYTES + 2L * path.length() + content.length;
        return representation.delivery().gzips() ? 2 * once : once;
    }

    /**
     * The same, compressed; this one where that is not shorter. Made when it is first asked for.
     *
     * @param date any date
     * @param policy what every answer says
     */
    CachedFile compressed(HttpDate.Text date, HeaderPolicy policy) {
        CachedFile known = compressed;
        if (known == null) {
            byte[] shorter = Gzip.of(content);
            known = shorter == content
                    ? this
                    : new CachedFile(
                            path, stat, representation.compressed(shorter.length), shorter, date, policy, checkedAt);
            compressed = known;
        }
        return known;
    }

    /**
     * Appends the head.
     *
     * @param out has room for {@link #headBytes()}
     * @param date to be put in it
     */
    void putHead(ByteBuffer out, HttpDate.Text date) {
        int start = out.position();
        out.put(head);
        out.put(start + dateOffset, date.bytes());
    }

    /** How long ago the file was found unchanged, in nanoseconds; less than 0 if the clock was set back. */
    long age(long now) {
        return now - checkedAt;
    }

    /** Notes that the file was unchanged at that time. */
    void checkedAt(long now) {
        checkedAt = now;
    }

    /** True for one caller until {@link #endCheck()}: that one shall find out whether the file has changed. */
    boolean beginCheck() {
        return CHECKING.compareAndSet(this, false, true);
    }

    /** Lets another one find out. */
    void endCheck() {
        CHECKING.setVolatile(this, false);
    }

    /** Notes that it was asked for. */
    void use() {
        if (!used) {
            used = true;
        }
    }

    /** Whether it was asked for since the last call. */
    boolean takeUsed() {
        boolean was = used;
        used = false;
        return was;
    }
}
