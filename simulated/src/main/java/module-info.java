/** {@code Io} over nothing real: one task at a time, chosen by a seed, in virtual time. */
module dev.gyre.simulated {
    requires static transitive org.jspecify;
    requires transitive dev.gyre.io;
    requires dev.gyre.posix;

    exports dev.gyre.simulated;

    provides dev.gyre.io.spi.IoProvider with dev.gyre.simulated.SimulatedProvider;
}
