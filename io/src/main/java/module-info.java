/** The {@code Io} interface, its values, options and errors. */
module dev.gyre.io {
    requires static transitive org.jspecify;
    requires jdk.jfr;

    exports dev.gyre.io;
    exports dev.gyre.io.spi;
    exports dev.gyre.io.spi.name;

    uses dev.gyre.io.spi.IoProvider;
    uses dev.gyre.io.spi.name.NameService.Provider;
}
