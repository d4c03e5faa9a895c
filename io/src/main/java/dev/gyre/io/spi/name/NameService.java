package dev.gyre.io.spi.name;

import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Lookup;
import dev.gyre.io.LookupOptions;
import java.util.ServiceLoader;

/** Looks names up, for one {@link Io}. Any thread may call it. */
public interface NameService {
    /** Makes the name service of an {@link Io}; found by {@link ServiceLoader}. */
    interface Provider {
        /**
         * Makes one, which opens nothing yet.
         *
         * @param io whose sockets and files it uses
         * @return the service
         */
        NameService forIo(Io io);
    }

    /**
     * Begins a lookup.
     *
     * @param host accepted by {@link HostName#check}, and no literal address
     * @param options which addresses, and where to look
     * @return the addresses
     * @throws IoException with a reason of {@link dev.gyre.io.Operation#LOOKUP}
     */
    Lookup lookup(String host, LookupOptions options) throws IoException;

    /**
     * The one that is installed.
     *
     * @param io for which
     * @return by the first provider that is found
     * @throws IllegalStateException if there is none, saying what to add
     */
    static NameService installed(Io io) {
        return ServiceLoader.load(Provider.class, Provider.class.getClassLoader())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("looking up host names takes the module dev.gyre.names:"
                        + " add dev.gyre:gyre-names to the module path or class path, or dev.gyre:gyre, which has it"))
                .forIo(io);
    }
}
