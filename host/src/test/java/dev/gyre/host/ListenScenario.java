package dev.gyre.host;

import dev.gyre.io.Address;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.IoException;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.UnixAddress;
import dev.gyre.posix.Listening;

/** Listens as often as it is told, in a process whose rights and limits are bent, and prints what came of it. */
final class ListenScenario {
    private ListenScenario() {}

    public static void main(String[] arguments) {
        int times = Integer.parseInt(arguments[0]);
        Address address = arguments[1].startsWith("/")
                ? new UnixAddress(arguments[1])
                : Ip4Address.loopback(Integer.parseInt(arguments[1]));
        // What a child inherits is not counted, but what the virtual machine opens is: so this happens first.
        String outcome = "listening";
        try {
            for (int i = 0; i < times; i++) {
                Listening.open(new HostCalls(0), address, ListenOptions.DEFAULT);
            }
        } catch (IoException refused) {
            outcome = refused.reason() + " " + refused.errorNumber();
        }
        System.out.println(outcome);
    }
}
