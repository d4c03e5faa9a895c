/** The {@code Io} interface, its values, options and errors. */
module dev.gyre.io {
    requires static transitive org.jspecify;
    requires jdk.jfr;

    exports dev.gyre.io;
    exports dev.gyre.io.spi;

    uses dev.gyre.io.spi.IoProvider;
}
