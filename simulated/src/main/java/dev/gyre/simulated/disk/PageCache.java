package dev.gyre.simulated.disk;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a file contains, twice: as programs see it, and as it is on the device. Only pages that were written take room,
 * here as there. The two share the pages that are the same, and so do files of which one is a clone of the other; a
 * page that is shared is copied before it is written.
 *
 * <p>Guarded by the disk's lock.
 */
final class PageCache {
    static final int PAGE = 4096;

    private final Room room;
    private final TreeMap<Long, Page> pages = new TreeMap<>();

    /** Pages that are to have room when they are written, and were not. */
    private PageRanges reserved = new PageRanges();

    /** Numbers of pages that are not on the device as they are here, be it that they are missing here. */
    private final TreeSet<Long> dirty = new TreeSet<>();

    /** Numbers of others, which the device has refused. */
    private final TreeSet<Long> refused = new TreeSet<>();

    private final TreeMap<Long, Page> devicePages = new TreeMap<>();
    private PageRanges deviceReserved = new PageRanges();

    /** How many syncs have begun, and which was the last to begin of those that have finished. */
    private long begun;

    private long finished;

    PageCache(Room room) {
        this.room = room;
    }

    /** How many pages take room. */
    long count() {
        return pages.size() + reserved.count();
    }

    /** Fills memory; what was not written are zeros. */
    void read(long offset, MemorySegment to) {
        long done = 0;
        while (done < to.byteSize()) {
            long at = offset + done;
            int within = (int) (at % PAGE);
            long count = Math.min(PAGE - within, to.byteSize() - done);
            Page page = pages.get(at / PAGE);
            if (page != null) {
                MemorySegment.copy(page.bytes, within, to, ValueLayout.JAVA_BYTE, done, (int) count);
            } else {
                to.asSlice(done, count).fill((byte) 0);
            }
            done += count;
        }
    }

    /** Takes as much of memory as there is room for, and returns how much that is. */
    long write(long offset, MemorySegment from) {
        long done = 0;
        while (done < from.byteSize()) {
            long at = offset + done;
            int within = (int) (at % PAGE);
            int count = (int) Math.min(PAGE - within, from.byteSize() - done);
            if (!prepare(at / PAGE)) {
                break;
            }
            MemorySegment.copy(from, ValueLayout.JAVA_BYTE, done, toWrite(at / PAGE), within, count);
            done += count;
        }
        return done;
    }

    /** Makes sure that there is a page which no other file has. Whether there was room for it. */
    private boolean prepare(long number) {
        Page page = pages.get(number);
        if (page != null && !page.isOfOtherFilesToo()) {
            return true;
        }
        if (page == null && reserved.remove(number, number + 1) > 0) {
            put(number, new Page(new byte[PAGE]));
            return true;
        }
        if (!room.take(1)) {
            return false;
        }
        if (page == null) {
            put(number, new Page(new byte[PAGE]));
        } else {
            unshare(number, page);
        }
        return true;
    }

    /** A page that is there, and that nothing else shares. */
    private byte[] toWrite(long number) {
        Page page = pages.get(number);
        if (page == null) {
            throw new AssertionError("there is no page " + number);
        }
        if (page.isOfOtherFilesToo()) {
            room.takeAnyway(1);
        }
        noteChanged(number);
        return page.isShared() ? unshare(number, page) : page.bytes;
    }

    private byte[] unshare(long number, Page page) {
        page.leave();
        Page copy = new Page(page.bytes.clone());
        put(number, copy);
        return copy.bytes;
    }

    private void put(long number, Page page) {
        page.join(room);
        pages.put(number, page);
        noteChanged(number);
    }

    private void noteChanged(long number) {
        dirty.add(number);
        refused.remove(number);
    }

    /** Lets the first pages be those of another file, which has so many bytes. */
    void cloneFrom(PageCache other, long bytes) {
        erase(0, Math.ceilDiv(bytes, PAGE) * PAGE);
        other.pages.headMap(Math.ceilDiv(bytes, (long) PAGE)).forEach(this::put);
    }

    /** Makes {@code start} to {@code end}, without that, a hole. */
    void erase(long start, long end) {
        long firstWhole = Math.ceilDiv(start, PAGE);
        long endWhole = end / PAGE;
        if (firstWhole > endWhole) {
            fillZero(endWhole, start, end);
            return;
        }
        fillZero(firstWhole - 1, start, firstWhole * PAGE);
        fillZero(endWhole, endWhole * PAGE, end);
        Map<Long, Page> whole = pages.subMap(firstWhole, endWhole);
        whole.keySet().forEach(this::noteChanged);
        long freed = reserved.remove(firstWhole, endWhole);
        for (Page each : whole.values()) {
            freed += each.leave() ? 1 : 0;
        }
        whole.clear();
        room.give(freed);
    }

    /** Cuts off everything from an offset on. */
    void cut(long length) {
        erase(length, Long.MAX_VALUE / PAGE * PAGE);
    }

    /** Does not touch what is zero already, as that may be shared. */
    private void fillZero(long number, long start, long end) {
        Page page = start < end ? pages.get(number) : null;
        int from = (int) (start - number * PAGE);
        int to = (int) (end - number * PAGE);
        if (page != null && !page.isZero(from, to)) {
            Arrays.fill(toWrite(number), from, to, (byte) 0);
        }
    }

    /** Reserves room. Whether there was enough. */
    boolean reserve(long start, long end) {
        long first = start / PAGE;
        long last = Math.ceilDiv(end, PAGE);
        Map<Long, Page> written = pages.subMap(first, last);
        if (!room.take(last - first - written.size() - reserved.countWithin(first, last))) {
            return false;
        }
        reserved.add(first, last);
        written.keySet().forEach(number -> reserved.remove(number, number + 1));
        return true;
    }

    /** The first offset from this one on that was written; {@code Long.MAX_VALUE} if there is none. */
    long nextData(long from) {
        Long number = pages.ceilingKey(from / PAGE);
        return number == null ? Long.MAX_VALUE : Math.max(from, number * PAGE);
    }

    /** The first offset from this one on that was not written. */
    long nextHole(long from) {
        long number = from / PAGE;
        while (pages.containsKey(number)) {
            number++;
        }
        return Math.max(from, number * PAGE);
    }

    /** What is not on the device, as it is now: a page is copied before it is written from now on. */
    Pages begin() {
        TreeMap<Long, Page> changed = new TreeMap<>();
        TreeSet<Long> missing = new TreeSet<>();
        for (long number : dirty) {
            Page page = pages.get(number);
            if (page == null) {
                missing.add(number);
            } else {
                page.joinDevice();
                changed.put(number, page);
            }
        }
        return new Pages(++begun, changed, missing, new PageRanges(reserved));
    }

    /** What is to be on the device, or no longer there. */
    final class Pages {
        private final long order;
        private final Map<Long, Page> changed;
        private final Set<Long> missing;
        private final PageRanges reservedThen;

        private Pages(long order, Map<Long, Page> changed, Set<Long> missing, PageRanges reservedThen) {
            this.order = order;
            this.changed = changed;
            this.missing = missing;
            this.reservedThen = reservedThen;
        }

        /** Brings it there, unless a sync that began later has done so: that had newer pages. Whether it did. */
        boolean finish() {
            boolean isNewer = order > finished;
            if (isNewer) {
                finished = order;
                changed.forEach(PageCache.this::saveAs);
                missing.forEach(number -> saveAs(number, null));
                deviceReserved = reservedThen;
                unchanged().forEach(number -> {
                    dirty.remove(number);
                    refused.remove(number);
                });
            }
            changed.values().forEach(Page::leaveDevice);
            return isNewer;
        }

        /** Takes it for saved, which it is not. */
        void refuse() {
            unchanged().forEach(number -> {
                if (dirty.remove(number)) {
                    refused.add(number);
                }
            });
            changed.values().forEach(Page::leaveDevice);
        }

        /** Numbers of what is as it was. */
        private List<Long> unchanged() {
            List<Long> numbers = new ArrayList<>();
            changed.forEach((number, page) -> {
                if (pages.get(number) == page) {
                    numbers.add(number);
                }
            });
            missing.stream().filter(number -> !pages.containsKey(number)).forEach(numbers::add);
            return numbers;
        }
    }

    /**
     * Brings some of it to the device: of each page nothing, all, or some sectors. What the device has refused may be
     * there as well: it was one of several writes that failed.
     */
    void saveSome(Chance chance) {
        TreeSet<Long> unsure = new TreeSet<>(dirty);
        unsure.addAll(refused);
        for (long number : unsure) {
            Page page = pages.get(number);
            Page before = devicePages.get(number);
            switch (chance.survival()) {
                case LOST -> {}
                case KEPT -> saveAs(number, page);
                case TORN -> saveAs(number, page == null ? null : new Page(chance.torn(bytes(before), page.bytes)));
            }
        }
    }

    private static byte[] bytes(@Nullable Page page) {
        return page == null ? new byte[PAGE] : page.bytes;
    }

    private void saveAs(long number, @Nullable Page page) {
        Page before = page == null ? devicePages.remove(number) : devicePages.put(number, page);
        if (before != null) {
            before.leaveDevice();
        }
        if (page != null) {
            page.joinDevice();
        }
    }

    /**
     * Gives all room back. What it had stays, and never changes any more: of a file whose last name is gone, nobody
     * reads it, unless that name is there again after a power cut.
     */
    void free() {
        long freed = reserved.count();
        for (Page each : pages.values()) {
            freed += each.leave() ? 1 : 0;
            each.joinDevice();
        }
        room.give(freed);
    }

    /** Forgets what is not on the device. All room is free before the first file does. */
    void revert() {
        pages.clear();
        pages.putAll(devicePages);
        reserved = new PageRanges(deviceReserved);
        pages.keySet().forEach(number -> reserved.remove(number, number + 1));
        dirty.clear();
        refused.clear();
        finished = begun;
        room.takeAnyway(reserved.count() + pages.values().stream().filter(each -> each.join(room)).count());
    }
}
