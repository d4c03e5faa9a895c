package dev.gyre.simulated.disk;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Map;
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

    private final TreeMap<Long, Page> devicePages = new TreeMap<>();
    private PageRanges deviceReserved = new PageRanges();

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
        dirty.add(number);
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
        dirty.addAll(whole.keySet());
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

    /** Brings everything to the device. */
    void save() {
        for (long number : dirty) {
            saveAs(number, pages.get(number));
        }
        dirty.clear();
        deviceReserved = new PageRanges(reserved);
    }

    /** Brings some of it to the device: of each page nothing, all, or some sectors. */
    void saveSome(Chance chance) {
        for (long number : dirty) {
            Page page = pages.get(number);
            Page before = devicePages.get(number);
            switch (chance.survival()) {
                case LOST -> {}
                case KEPT -> saveAs(number, page);
                case TORN -> saveAs(number, new Page(chance.torn(bytes(before), bytes(page))));
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

    /** Takes for saved what is not: the device has refused it, and nobody tries again. */
    void giveUp() {
        dirty.clear();
    }

    /** Forgets what is not on the device. All room is free before the first file does. */
    void revert() {
        pages.clear();
        pages.putAll(devicePages);
        reserved = new PageRanges(deviceReserved);
        dirty.clear();
        room.takeAnyway(reserved.count() + pages.values().stream().filter(each -> each.join(room)).count());
    }
}
