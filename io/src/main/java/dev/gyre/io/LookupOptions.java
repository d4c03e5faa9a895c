package dev.gyre.io;

import java.util.Optional;

/**
 * How to look up a host name.
 *
 * @param family the only wanted kind of addresses, or empty for both
 * @param configuration where to look
 */
public record LookupOptions(Optional<IpFamily> family, NameConfiguration configuration) {
    /** Addresses of both kinds, by the machine's own configuration. */
    public static final LookupOptions DEFAULT = new LookupOptions(Optional.empty(), NameConfiguration.DEFAULT);

    /**
     * The same for addresses of one kind.
     *
     * @param only the wanted kind
     * @return the options
     */
    public LookupOptions withFamily(IpFamily only) {
        return new LookupOptions(Optional.of(only), configuration);
    }

    /**
     * The same by another configuration.
     *
     * @param other where to look
     * @return the options
     */
    public LookupOptions withConfiguration(NameConfiguration other) {
        return new LookupOptions(family, other);
    }

    /**
     * Whether addresses of a kind are wanted.
     *
     * @param kind any
     * @return true if there is no other that is the only one
     */
    public boolean wants(IpFamily kind) {
        return family.isEmpty() || family.get() == kind;
    }
}
