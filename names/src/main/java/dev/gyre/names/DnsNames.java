package dev.gyre.names;

import dev.gyre.io.BufferedSource;
import dev.gyre.io.File;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.IpFamily;
import dev.gyre.io.Lookup;
import dev.gyre.io.LookupOptions;
import dev.gyre.io.NameConfiguration;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.spi.name.FixedLookup;
import dev.gyre.io.spi.name.HostName;
import dev.gyre.io.spi.name.NameService;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where a name is looked for: in the table of hosts, then {@code localhost} by its rule, then in DNS.
 *
 * <p>The table has the last word on a name if it has an address of a wanted family. Nothing that DNS has answered is
 * kept: that is for a name server on the machine to do.
 */
final class DnsNames implements NameService {
    /** A program has one of each; where somebody makes up a path for each lookup, it begins anew. */
    private static final int FILES_MAX = 64;

    private final Io io;
    private final Map<String, WatchedFile<Hosts>> hosts = new ConcurrentHashMap<>();
    private final Map<String, WatchedFile<ResolvConf>> resolvConfs = new ConcurrentHashMap<>();
    private final AtomicInteger rotation = new AtomicInteger();

    DnsNames(Io io) {
        this.io = io;
    }

    @Override
    public Lookup lookup(String host, LookupOptions options) throws IoException {
        NameConfiguration configuration = options.configuration();
        Hosts.Host listed = file(hosts, configuration.hosts(), Hosts::parse)
                .content(io, configuration.recheck())
                .find(host);
        if (listed != null && listed.addresses().stream().anyMatch(a -> options.wants(IpFamily.of(a)))) {
            return FixedLookup.of(io, host, listed.canonicalName(), listed.addresses(), options);
        }
        if (HostName.isLocalhost(host)) {
            return FixedLookup.of(io, host, HostName.plain(host),
                    List.of(Ip4Address.loopback(0), Ip6Address.loopback(0)), options);
        }
        ResolvConf conf = file(resolvConfs, configuration.resolvConf(), text -> ResolvConf.parse(text, this::scoped))
                .content(io, configuration.recheck());
        Messages.load(io);
        return new DnsLookup(io, host, options, conf, conf.rotate() ? rotation.getAndIncrement() : 0);
    }

    private static <T> WatchedFile<T> file(
            Map<String, WatchedFile<T>> files, String path, WatchedFile.Parser<T> parser) {
        WatchedFile<T> file = files.get(path);
        if (file == null) {
            if (files.size() >= FILES_MAX) {
                files.clear();
            }
            file = files.computeIfAbsent(path, _ -> new WatchedFile<>(path, parser));
        }
        return file;
    }

    /** {@code fe80::1%eth0} with the number of the interface; as it is if there is none (sysfs(5)). */
    private String scoped(String address) {
        int percent = address.indexOf('%');
        String name = address.substring(percent + 1);
        if (percent < 0 || name.indexOf('/') >= 0 || name.startsWith(".")) {
            return address;
        }
        try (File index = io.currentDirectory().openFile("/sys/class/net/" + name + "/ifindex", OpenOptions.READ);
                BufferedSource source = new BufferedSource(index)) {
            String number = new String(source.readAll(64), StandardCharsets.US_ASCII).strip();
            return address.substring(0, percent + 1) + number;
        } catch (IoException _) {
            return address;
        }
    }
}
