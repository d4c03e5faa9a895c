package dev.gyre.examples.store;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** For tests with power cuts: processes that end so log that they cannot close what they have. */
final class QuietProcesses implements BeforeAllCallback, AfterAllCallback {
    private static final Logger LOGGER = Logger.getLogger("dev.gyre.process");

    @Override
    public void beforeAll(ExtensionContext context) {
        LOGGER.setLevel(Level.OFF);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        LOGGER.setLevel(null);
    }
}
