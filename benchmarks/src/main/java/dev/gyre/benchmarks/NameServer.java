package dev.gyre.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A dnsmasq beside each program that looks names up, in a network and with files of their own: unshare(1). There the
 * name server can have the port 53, which the C library insists on, and resolv.conf can name it, while nothing of the
 * machine's own changes. It ends with the program, which is the first process of a PID namespace.
 */
final class NameServer {
    /** Whose names it knows, however many. */
    static final String DOMAIN = "bench.example";

    /** Runs unshare(1), as a user without privileges in a user namespace. */
    private static final String OUTER = """
            user=
            [ "$(id -u)" = 0 ] || user="--user --map-root-user"
            exec unshare $user --mount --net --pid --fork --kill-child --mount-proc sh -e -c "$@"
            """;

    /** {@code FOLDER DNSMASQ COMMAND…}. Whoever else might answer in the C library's place is hidden. */
    private static final String INNER = """
            mount --bind "$1/resolv.conf" /etc/resolv.conf
            [ ! -e /etc/nsswitch.conf ] || mount --bind "$1/nsswitch.conf" /etc/nsswitch.conf
            [ ! -d /var/run/nscd ] || mount -t tmpfs nscd /var/run/nscd
            ip link set lo up
            "$2" --conf-file=/dev/null --no-resolv --no-hosts --pid-file= --user=root --group=root \
                --listen-address=127.0.0.1 --bind-interfaces \
                --address=/@DOMAIN@/192.0.2.1 --address=/@DOMAIN@/2001:db8::1
            shift 2
            exec "$@"
            """.replace("@DOMAIN@", DOMAIN);

    private NameServer() {}

    /**
     * The same program beside a name server.
     *
     * @throws Unavailable if something is not installed, or this user may not have namespaces
     */
    static Launch beside(Workshop workshop, Launch program) throws Unavailable, IOException {
        Tools.require("unshare", "util-linux");
        Tools.require("ip", "iproute2 (iproute)");
        Path dnsmasq = Tools.require("dnsmasq", "dnsmasq (dnsmasq-base)");
        Path folder = workshop.folder("names");
        Files.writeString(folder.resolve("resolv.conf"), "nameserver 127.0.0.1\n");
        Files.writeString(folder.resolve("nsswitch.conf"), "hosts: files dns\n");
        List<String> command = new ArrayList<>(
                List.of("sh", "-c", OUTER, "sh", INNER, "sh", folder.toString(), dnsmasq.toString()));
        try (Child probe = Child.start(with(command, List.of("true")), workshop.errors("unshare"))) {
            if (!probe.rest().isEmpty() || probe.status() != 0) {
                throw new Unavailable("no namespaces for a name server: " + probe.complaint());
            }
        }
        return new Launch(with(command, program.command()), program.port());
    }

    private static List<String> with(List<String> prefix, List<String> command) {
        List<String> whole = new ArrayList<>(prefix);
        whole.addAll(command);
        return whole;
    }
}
