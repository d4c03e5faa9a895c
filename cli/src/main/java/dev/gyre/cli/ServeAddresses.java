package dev.gyre.cli;

import dev.gyre.io.Ip4Address;
import dev.gyre.io.IpAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;

/** The addresses that can be typed into a browser to reach a listener. */
final class ServeAddresses {
    private ServeAddresses() {}

    /**
     * The address itself, or those of all interfaces where it stands for all; the loopback one first.
     *
     * @param listening where a server listens
     * @return URLs that end in a slash; at least one
     */
    static List<String> urls(IpAddress listening) {
        String text = listening.toString();
        boolean all4 = text.startsWith("0.0.0.0:");
        boolean all6 = text.startsWith("[::]:");
        if (!all4 && !all6) {
            return List.of("http://" + text + "/");
        }
        List<String> urls = new ArrayList<>();
        urls.add("http://" + Ip4Address.loopback(listening.port()) + "/");
        try {
            NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> isReachable(address, all6))
                    .map(address -> url(address, listening.port()))
                    .forEach(urls::add);
        } catch (SocketException unknown) {
            // The first one works all the same.
            return urls;
        }
        return urls;
    }

    /** A link-local address works in no browser, since it needs the name of an interface. */
    private static boolean isReachable(InetAddress address, boolean six) {
        return !address.isLoopbackAddress() && !address.isLinkLocalAddress()
                && (six || address instanceof Inet4Address);
    }

    private static String url(InetAddress address, int port) {
        // With the name of the interface, for IPv6, which only a link-local address needs.
        String host = address.getHostAddress().replaceFirst("%.*", "");
        return "http://" + IpAddress.parse(host, port) + "/";
    }
}
