package dev.gyre.names;

import dev.gyre.io.IpFamily;
import org.xbill.DNS.Name;

/** What is asked for: the addresses of one family. Belongs to one {@link DnsLookup}. */
final class Question {
    private final IpFamily family;
    private Name name;
    private int aliases;
    private boolean truncated;

    Question(IpFamily family, Name name) {
        this.family = family;
        this.name = name;
    }

    IpFamily family() {
        return family;
    }

    Name name() {
        return name;
    }

    /** Whether its answer must come by a stream. */
    boolean isTruncated() {
        return truncated;
    }

    void markTruncated() {
        truncated = true;
    }

    /**
     * Goes on with the target of an alias.
     *
     * @return false if there were too many
     */
    boolean follow(Messages.Reply.Alias alias) {
        name = alias.target();
        aliases += alias.count();
        truncated = false;
        return aliases <= Messages.ALIASES_MAX;
    }

    @Override
    public String toString() {
        return family + " addresses of " + name;
    }
}
