/** The command line. */
module dev.gyre.cli {
    requires static transitive org.jspecify;
    requires dev.gyre.http;
    requires info.picocli;
}
