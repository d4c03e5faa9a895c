package dev.gyre.simulated.disk;

import java.util.Map;
import java.util.TreeMap;

/** A set of page numbers, kept as ranges. Guarded by the disk's lock. */
final class PageRanges {
    /** Where each range ends, by where it begins. They neither overlap nor touch. */
    private final TreeMap<Long, Long> ends = new TreeMap<>();

    private long count;

    PageRanges() {}

    PageRanges(PageRanges other) {
        ends.putAll(other.ends);
        count = other.count;
    }

    /** How many numbers are in it. */
    long count() {
        return count;
    }

    boolean contains(long number) {
        Map.Entry<Long, Long> range = ends.floorEntry(number);
        return range != null && number < range.getValue();
    }

    /** How many of {@code start} to {@code end}, without that, are in it. */
    long countWithin(long start, long end) {
        long found = 0;
        Map.Entry<Long, Long> before = ends.lowerEntry(start);
        if (before != null) {
            found += Math.max(0, Math.min(before.getValue(), end) - start);
        }
        for (Map.Entry<Long, Long> range : ends.subMap(start, end).entrySet()) {
            found += Math.min(range.getValue(), end) - range.getKey();
        }
        return found;
    }

    void add(long start, long end) {
        long newStart = start;
        long newEnd = end;
        Map.Entry<Long, Long> touching = ends.floorEntry(end);
        while (touching != null && touching.getValue() >= newStart) {
            newStart = Math.min(newStart, touching.getKey());
            newEnd = Math.max(newEnd, touching.getValue());
            count -= touching.getValue() - touching.getKey();
            ends.remove(touching.getKey());
            touching = ends.floorEntry(end);
        }
        if (newStart < newEnd) {
            ends.put(newStart, newEnd);
            count += newEnd - newStart;
        }
    }

    /** Removes {@code start} to {@code end}, without that. Returns how many were in it. */
    long remove(long start, long end) {
        long before = count;
        Map.Entry<Long, Long> touching = ends.lowerEntry(end);
        while (touching != null && touching.getValue() > start) {
            long first = touching.getKey();
            long last = touching.getValue();
            ends.remove(first);
            count -= last - first;
            if (first < start) {
                ends.put(first, start);
                count += start - first;
            }
            if (last > end) {
                ends.put(end, last);
                count += last - end;
            }
            touching = ends.lowerEntry(end);
        }
        return before - count;
    }
}
