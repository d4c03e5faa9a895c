package dev.gyre.cli.copy;

import java.util.concurrent.atomic.AtomicLong;

/** What has been done so far. Any thread may ask at any time. */
public final class Tally {
    final AtomicLong found = new AtomicLong();
    final AtomicLong done = new AtomicLong();
    final AtomicLong files = new AtomicLong();
    final AtomicLong kept = new AtomicLong();
    final AtomicLong folders = new AtomicLong();
    final AtomicLong links = new AtomicLong();
    final AtomicLong nodes = new AtomicLong();
    final AtomicLong hardLinks = new AtomicLong();
    final AtomicLong opened = new AtomicLong();
    final AtomicLong bytesOpened = new AtomicLong();
    final AtomicLong bytesDone = new AtomicLong();
    final AtomicLong bytesCopied = new AtomicLong();
    final AtomicLong bytesResumed = new AtomicLong();
    final AtomicLong attributesLost = new AtomicLong();
    volatile boolean walked;

    /** Nothing was done. */
    Tally() {}

    /**
     * Names that were found in the source, folders aside.
     *
     * @return more as the walk goes on
     */
    public long found() {
        return found.get();
    }

    /**
     * Whether {@link #found} is final.
     *
     * @return true when the whole source was seen
     */
    public boolean walked() {
        return walked;
    }

    /**
     * Names that were dealt with, well or not, of those found.
     *
     * @return up to {@link #found}
     */
    public long done() {
        return done.get();
    }

    /**
     * Regular files that were copied.
     *
     * @return how many
     */
    public long files() {
        return files.get();
    }

    /**
     * Names that were there already.
     *
     * @return how many
     */
    public long kept() {
        return kept.get();
    }

    /**
     * Folders that were made.
     *
     * @return how many
     */
    public long folders() {
        return folders.get();
    }

    /**
     * Symbolic links that were made.
     *
     * @return how many
     */
    public long links() {
        return links.get();
    }

    /**
     * Named pipes, sockets and devices that were made.
     *
     * @return how many
     */
    public long nodes() {
        return nodes.get();
    }

    /**
     * Further names that files of the source have, given to the copies.
     *
     * @return how many
     */
    public long hardLinks() {
        return hardLinks.get();
    }

    /**
     * Bytes dealt with: copied, there already, or in a hole.
     *
     * @return for all files so far, and for parts of large ones
     */
    public long bytesDone() {
        return bytesDone.get();
    }

    /**
     * Bytes read and written.
     *
     * @return without holes, clones, and what was there already
     */
    public long bytesCopied() {
        return bytesCopied.get();
    }

    /**
     * Bytes that an interrupted copy had left in partial files, and that were used.
     *
     * @return how many
     */
    public long bytesResumed() {
        return bytesResumed.get();
    }

    /**
     * Owners and extended attributes that could not be kept, where that is no problem.
     *
     * @return how many
     */
    public long attributesLost() {
        return attributesLost.get();
    }

    /**
     * What the whole will be, as far as it can be foreseen: files that were not opened yet count like the average.
     *
     * @return in bytes
     */
    public long bytesForeseen() {
        long known = bytesOpened.get();
        long seen = opened.get();
        return seen == 0 ? known : known + (long) ((double) known / seen * Math.max(0, found.get() - seen));
    }
}
