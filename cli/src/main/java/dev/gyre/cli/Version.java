package dev.gyre.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** The answer to {@code --version}: Gyre's version as the build wrote it, and the JDK that runs it. */
final class Version implements IVersionProvider {
    /** Gyre's version, for instance {@code 0.1.0}. */
    static String current() {
        try (InputStream text = Objects.requireNonNull(Version.class.getResourceAsStream("version.txt"))) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String[] getVersion() {
        return new String[] {"gyre " + current() + " on JDK " + Runtime.version()};
    }
}
