/** The command line. */
module dev.gyre.cli {
    requires static org.jspecify;
    requires dev.gyre.http;
    requires info.picocli;
}
