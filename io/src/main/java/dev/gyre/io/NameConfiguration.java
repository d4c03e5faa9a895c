package dev.gyre.io;

import java.time.Duration;
import java.util.List;

/**
 * Where host names are looked up. Programs seldom need another one than {@link #DEFAULT}.
 *
 * <p>Both files are read again when they have changed: a lookup asks for their state (statx(2)) if that was last done
 * {@code recheck} ago. A file that does not exist counts as empty, and a {@code resolv.conf} without a name server
 * means the one on this machine (resolv.conf(5)).
 *
 * @param hosts the path of the table of hosts (hosts(5))
 * @param resolvConf the path of the resolver's configuration (resolv.conf(5))
 * @param servers name servers to ask instead of those that {@code resolvConf} names, each with its port; empty for
 *     those. At most 16
 * @param udpPayloadMax the size in bytes of the greatest reply that servers may send as a datagram (EDNS, RFC 6891):
 *     512 to 4096, or 0 to ask without EDNS, where the limit is 512
 * @param recheck how long the files' state is believed, 0 or more
 */
public record NameConfiguration(
        String hosts, String resolvConf, List<IpAddress> servers, int udpPayloadMax, Duration recheck) {
    private static final int SERVERS_MAX = 16;

    /**
     * {@code /etc/hosts} and {@code /etc/resolv.conf}, believed for a second; replies of up to 1232 bytes, which fit
     * into every IPv6 packet.
     */
    public static final NameConfiguration DEFAULT =
            new NameConfiguration("/etc/hosts", "/etc/resolv.conf", List.of(), 1232, Duration.ofSeconds(1));

    /** Refuses values out of range. */
    public NameConfiguration {
        servers = List.copyOf(servers);
        if (servers.size() > SERVERS_MAX) {
            throw new IllegalArgumentException(servers.size() + " servers are more than " + SERVERS_MAX);
        }
        for (IpAddress server : servers) {
            if (server.port() == 0) {
                throw new IllegalArgumentException("server " + server + " has no port (it is 53 mostly)");
            }
        }
        if (udpPayloadMax != 0 && (udpPayloadMax < 512 || udpPayloadMax > 4096)) {
            throw new IllegalArgumentException("udpPayloadMax " + udpPayloadMax + " is neither 0 nor within 512..4096");
        }
        if (recheck.isNegative()) {
            throw new IllegalArgumentException("recheck " + recheck + " is negative");
        }
    }

    /**
     * The same with another table of hosts.
     *
     * @param path its path
     * @return the configuration
     */
    public NameConfiguration withHosts(String path) {
        return new NameConfiguration(path, resolvConf, servers, udpPayloadMax, recheck);
    }

    /**
     * The same with another file in the form of {@code resolv.conf}.
     *
     * @param path its path
     * @return the configuration
     */
    public NameConfiguration withResolvConf(String path) {
        return new NameConfiguration(hosts, path, servers, udpPayloadMax, recheck);
    }

    /**
     * The same with name servers of its own.
     *
     * @param addresses each with its port; none for those of {@code resolv.conf}
     * @return the configuration
     */
    public NameConfiguration withServers(IpAddress... addresses) {
        return new NameConfiguration(hosts, resolvConf, List.of(addresses), udpPayloadMax, recheck);
    }

    /**
     * The same with another limit for replies.
     *
     * @param bytes 512 to 4096, or 0 for no EDNS
     * @return the configuration
     */
    public NameConfiguration withUdpPayloadMax(int bytes) {
        return new NameConfiguration(hosts, resolvConf, servers, bytes, recheck);
    }

    /**
     * The same with another time for which the files' state is believed.
     *
     * @param time 0 to ask for it with every lookup
     * @return the configuration
     */
    public NameConfiguration withRecheck(Duration time) {
        return new NameConfiguration(hosts, resolvConf, servers, udpPayloadMax, time);
    }
}
