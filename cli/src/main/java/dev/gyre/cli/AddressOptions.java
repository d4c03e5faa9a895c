package dev.gyre.cli;

import dev.gyre.io.IpAddress;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** Where a server listens, or where a client connects to. */
final class AddressOptions {
    static final int PORT_MAX = 65_535;

    private final OptionSpec host = OptionSpec.builder("--host")
            .paramLabel("HOST")
            .type(String.class)
            .defaultValue("127.0.0.1")
            .description("Literal address, or localhost (default: ${DEFAULT-VALUE}, this machine only).")
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

    /**
     * The address, as long as no name needs to be looked up.
     *
     * @param command whose option it is, for the message if it is none
     */
    IpAddress literal(CommandSpec command) {
        String text = host.getValue();
        try {
            return IpAddress.parse(text.equals("localhost") ? "127.0.0.1" : text, port());
        } catch (IllegalArgumentException notLiteral) {
            throw new ParameterException(command.commandLine(),
                    "Invalid value for option '--host': " + notLiteral.getMessage()
                            + "; give a literal address, such as 127.0.0.1 or ::1");
        }
    }

    /** From 0 to {@value #PORT_MAX}. */
    int port() {
        return port.getValue();
    }
}
