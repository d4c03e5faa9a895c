package dev.gyre.process;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The groups of a node: for each name, its members in the order in which they have joined. */
final class Groups {
    /** What a process that joins a group has to do with it. */
    record Membership(String group) {}

    // Guarded by this object's lock.
    private final Map<String, Set<Pid>> members = new HashMap<>();

    synchronized void add(String group, Pid pid) {
        members.computeIfAbsent(group, _ -> new LinkedHashSet<>()).add(pid);
    }

    synchronized void remove(String group, Pid pid) {
        Set<Pid> left = members.get(group);
        if (left != null && left.remove(pid) && left.isEmpty()) {
            members.remove(group);
        }
    }

    synchronized List<Pid> members(String group) {
        return List.copyOf(members.getOrDefault(group, Set.of()));
    }

    /** Those with members, sorted. */
    synchronized List<String> all() {
        return members.keySet().stream().sorted().toList();
    }
}
