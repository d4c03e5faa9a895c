/** The command line. */
module dev.gyre.cli {
    requires static transitive org.jspecify;
    requires dev.gyre.http;
    requires dev.gyre.io;
    requires dev.gyre.linux;
    requires dev.gyre.process;
    requires dev.gyre.ring;
    // Found as services; named here so that the launcher's flags always meet the backends, and targets have names.
    requires dev.gyre.names;
    requires dev.gyre.threaded;
    requires dev.gyre.uring;
    requires info.picocli;
    requires jdk.unsupported; // signals
    requires tools.jackson.core;
}
