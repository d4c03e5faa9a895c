package dev.gyre.names;

import dev.gyre.io.Io;
import dev.gyre.io.spi.name.NameService;

/** How this module is found. */
public final class DnsProvider implements NameService.Provider {
    /** For {@link java.util.ServiceLoader}. */
    public DnsProvider() {}

    @Override
    public NameService forIo(Io io) {
        return new DnsNames(io);
    }
}
