/** Processes as the BEAM has them, over any {@code Io}. */
module dev.gyre.process {
    requires static transitive org.jspecify;
    requires transitive dev.gyre.io;
    requires jdk.jfr;

    exports dev.gyre.process;
}
