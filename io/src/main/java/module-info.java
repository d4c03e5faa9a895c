/** The {@code Io} interface, its values, options and errors. */
module dev.gyre.io {
    requires static org.jspecify;

    exports dev.gyre.io;
}
