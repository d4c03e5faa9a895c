package dev.gyre.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Where a server listens, or where a client connects to. */
final class AddressOptions {
    static final int PORT_MAX = 65_535;

    private final OptionSpec host = OptionSpec.builder("--host")
            .paramLabel("HOST")
            .type(String.class)
            .defaultValue("127.0.0.1")
            .description("Address or host name (default: ${DEFAULT-VALUE}, this machine only).")
            .build();

    private final OptionSpec port = OptionSpec.builder("--port")
            .paramLabel("PORT")
            .type(int.class)
            .converters(new Range(0, PORT_MAX))
            .defaultValue("8080")
            .description("TCP port; 0 lets the kernel choose one (default: ${DEFAULT-VALUE}).")
            .build();

    /** Makes the options part of a command. */
    AddressOptions(CommandSpec command) {
        command.addOption(host).addOption(port);
    }

    /** A literal address or a host name, not yet looked up. */
    String host() {
        return host.getValue();
    }

    /** From 0 to {@value #PORT_MAX}. */
    int port() {
        return port.getValue();
    }
}
