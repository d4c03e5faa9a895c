package dev.gyre.io.spi.name;

import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.IpAddress;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which address of a host is to be tried first (RFC 6724 §6), judged by the address of this machine from which the
 * kernel would reach it.
 *
 * <p>Rules 1, 2, 5, 6, 8, 9 and 10 apply. Rules 3, 4 and 7 (addresses that are deprecated, home addresses, tunnels) ask
 * for properties of the own address that its choice by the kernel has mostly dealt with. Rule 9, the longest common
 * prefix, is for IPv6 alone: among IPv4 addresses it says nothing of distance, and would undo the order in which a name
 * server spreads the load.
 */
final class DestinationOrder {
    private static final int LINK_LOCAL = 0x2;
    private static final int SITE_LOCAL = 0x5;
    private static final int GLOBAL = 0xe;

    /** An own address says nothing by what is beyond its subnet's prefix. */
    private static final int PREFIX_MAX = 64;

    /** The policy table of RFC 6724 §2.1, longest prefix first. */
    private static final List<Policy> POLICIES = List.of(
            new Policy("::1", 128, 50, 0),
            new Policy("::ffff:0:0", 96, 35, 4),
            new Policy("::", 96, 1, 3),
            new Policy("2001::", 32, 5, 5),
            new Policy("2002::", 16, 30, 2),
            new Policy("3ffe::", 16, 1, 12),
            new Policy("fec0::", 10, 1, 11),
            new Policy("fc00::", 7, 3, 13),
            new Policy("::", 0, 40, 1));

    private static final Comparator<Candidate> RULES = Comparator
            // 1: what cannot be reached comes last.
            .comparing((Candidate candidate) -> candidate.source == null)
            // 2 and 5: own address of the same scope, of the same kind.
            .thenComparing(candidate -> !candidate.hasSameScope())
            .thenComparing(candidate -> !candidate.hasSameLabel())
            // 6 and 8: greater precedence, smaller scope.
            .thenComparingInt(candidate -> -policy(candidate.destination).precedence)
            .thenComparingInt(candidate -> scope(candidate.destination))
            // 9: longer prefix in common.
            .thenComparingInt(candidate -> -candidate.commonPrefix());

    private DestinationOrder() {}

    /**
     * An address to be tried.
     *
     * @param address the address
     * @param destination the same, v4-mapped if it is IPv4
     * @param source from where it is reached, v4-mapped likewise; null if it is not
     */
    record Candidate(IpAddress address, Ip6Address destination, @Nullable Ip6Address source) {
        static Candidate of(IpAddress address, @Nullable IpAddress source) {
            return new Candidate(address, six(address), source == null ? null : six(source));
        }

        private boolean hasSameScope() {
            return source != null && scope(source) == scope(destination);
        }

        private boolean hasSameLabel() {
            return source != null && policy(source).label == policy(destination).label;
        }

        private int commonPrefix() {
            if (source == null || destination.isMapped()) {
                return 0;
            }
            return Math.min(PREFIX_MAX, Long.numberOfLeadingZeros(source.high() ^ destination.high()));
        }
    }

    private record Policy(Ip6Address prefix, int length, int precedence, int label) {
        Policy(String prefix, int length, int precedence, int label) {
            this(Ip6Address.parse(prefix, 0), length, precedence, label);
        }

        boolean covers(Ip6Address address) {
            return same(prefix.high(), address.high(), Math.min(length, 64))
                    && same(prefix.low(), address.low(), Math.max(length - 64, 0));
        }

        private static boolean same(long left, long right, int bits) {
            return bits == 0 || (left ^ right) >>> (64 - bits) == 0;
        }
    }

    /** Puts the best first; those that are equal by all rules stay as they are (rule 10). */
    static void sort(List<Candidate> candidates) {
        candidates.sort(RULES);
    }

    private static Ip6Address six(IpAddress address) {
        return switch (address) {
            case Ip4Address four -> Ip6Address.mapped(four);
            case Ip6Address six -> six;
        };
    }

    private static Policy policy(Ip6Address address) {
        for (Policy policy : POLICIES) {
            if (policy.covers(address)) {
                return policy;
            }
        }
        throw new AssertionError("the last policy covers all");
    }

    /** RFC 6724 §3.1 and §3.2. */
    private static int scope(Ip6Address address) {
        if (address.isMapped()) {
            int bits = (int) address.low();
            boolean isLocal = bits >>> 24 == 127 || bits >>> 16 == 0xa9fe;
            return isLocal ? LINK_LOCAL : GLOBAL;
        }
        long high = address.high();
        if (high >>> 56 == 0xff) {
            return (int) (high >>> 48) & 0xf;
        }
        if (high >>> 54 == 0xfe80 >>> 6 || (high == 0 && address.low() == 1)) {
            return LINK_LOCAL;
        }
        return high >>> 54 == 0xfec0 >>> 6 ? SITE_LOCAL : GLOBAL;
    }
}
