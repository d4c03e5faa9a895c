package dev.gyre.names;

import dev.gyre.io.Io;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.Ip6Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.IpFamily;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.SLF4JServiceProvider;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** What goes over the wire (RFC 1035 §4, RFC 6891): the only place that knows dnsjava's messages. */
final class Messages {
    /** How many aliases may follow one another. */
    static final int ALIASES_MAX = 16;

    private static final String VERBOSITY = "slf4j.internal.verbosity";

    private static volatile boolean loaded;

    static {
        quietLogging();
    }

    private Messages() {}

    /** What a server answers to a question. */
    sealed interface Reply {
        /**
         * The name has addresses.
         *
         * @param name whose they are, where the name that was asked for is an alias
         * @param addresses one or more, each with port 0
         */
        record Addresses(Name name, List<IpAddress> addresses) implements Reply {}

        /**
         * The name is an alias, and the server does not say what its target has.
         *
         * @param target to be asked for
         * @param count how many aliases there were on the way
         */
        record Alias(Name target, int count) implements Reply {}

        /** The name exists, and has no such address. */
        record NoData() implements Reply {}

        /** There is no such name. */
        record NoSuchName() implements Reply {}

        /** The reply did not fit into a datagram. */
        record Truncated() implements Reply {}

        /** The server does not know EDNS. */
        record NoExtensions() implements Reply {}

        /**
         * The server cannot say, or says what makes no sense.
         *
         * @param why for people
         */
        record Useless(String why) implements Reply {}
    }

    /**
     * Loads what a lookup needs of the library: hundreds of classes, which would hold up the other tasks of a loop.
     *
     * @param io on whose threads for that
     */
    static void load(Io io) {
        if (!loaded) {
            var _ = io.blocking(() -> {
                ByteBuffer query = ByteBuffer.wrap(query(0, Name.root, IpFamily.IP6, 512));
                return String.valueOf(reply(query, Name.root, IpFamily.IP6));
            });
            loaded = true;
        }
    }

    /** A name in the form of DNS, from one that is known to be the name of a host. */
    static @Nullable Name name(String host) {
        try {
            return Name.fromString(host, Name.root);
        } catch (TextParseException _) {
            // Too long, with a domain of the search list behind it, or that is no domain.
            return null;
        }
    }

    /**
     * A question.
     *
     * @param id 16 bits
     * @param name whose addresses
     * @param family of which kind
     * @param payloadMax how many bytes the answer may have; 0 for no EDNS
     * @return the message
     */
    static byte[] query(int id, Name name, IpFamily family, int payloadMax) {
        Message message = new Message(id);
        message.getHeader().setOpcode(Opcode.QUERY);
        message.getHeader().setFlag(Flags.RD);
        message.addRecord(Record.newRecord(name, type(family), DClass.IN), Section.QUESTION);
        if (payloadMax > 0) {
            message.addRecord(new OPTRecord(payloadMax, 0, 0), Section.ADDITIONAL);
        }
        return message.toWire();
    }

    /**
     * The id of a message, which need not be one.
     *
     * @param message as it came
     * @return -1 if it is too short for a message, or none that answers
     */
    static int replyId(ByteBuffer message) {
        boolean answers = message.remaining() >= Header.LENGTH && (message.get(message.position() + 2) & 0x80) != 0;
        return answers ? message.getShort(message.position()) & 0xffff : -1;
    }

    /**
     * What a message says to a question that has the same id.
     *
     * @param bytes the message
     * @param name that was asked for
     * @param family that was asked for
     * @return null if it answers another question
     */
    static @Nullable Reply reply(ByteBuffer bytes, Name name, IpFamily family) {
        Message message;
        try {
            message = new Message(bytes);
        } catch (IOException | RuntimeException malformed) {
            return new Reply.Useless("a malformed reply (" + malformed.getMessage() + ")");
        }
        Header header = message.getHeader();
        List<Record> questions = message.getSection(Section.QUESTION);
        boolean isEmpty = questions.isEmpty() && header.getRcode() != Rcode.NOERROR;
        if (!isEmpty && !(questions.size() == 1 && isAsked(questions.getFirst(), name, family))) {
            return null;
        }
        if (header.getOpcode() != Opcode.QUERY) {
            return new Reply.Useless("a reply to something else than a query");
        }
        return switch (header.getRcode()) {
            case Rcode.NOERROR -> header.getFlag(Flags.TC) ? new Reply.Truncated() : answer(message, name, family);
            case Rcode.NXDOMAIN -> new Reply.NoSuchName();
            case Rcode.FORMERR, Rcode.NOTIMP -> new Reply.NoExtensions();
            default -> new Reply.Useless(Rcode.string(header.getRcode()));
        };
    }

    private static boolean isAsked(Record question, Name name, IpFamily family) {
        return question.getType() == type(family)
                && question.getDClass() == DClass.IN
                && question.getName().equals(name);
    }

    private static Reply answer(Message message, Name name, IpFamily family) {
        List<Record> answers = message.getSection(Section.ANSWER);
        Name owner = name;
        int aliases = 0;
        for (Name target = name; target != null; target = alias(answers, owner)) {
            owner = target;
            aliases++;
            if (aliases > ALIASES_MAX) {
                return new Reply.Useless("more than " + ALIASES_MAX + " aliases, or aliases in a circle");
            }
        }
        List<IpAddress> addresses = addresses(answers, owner, family);
        if (!addresses.isEmpty()) {
            return new Reply.Addresses(owner, addresses);
        }
        List<Record> authority = message.getSection(Section.AUTHORITY);
        boolean hasZone = authority.stream().anyMatch(record -> record.getType() == Type.SOA);
        if (!owner.equals(name) && !hasZone) {
            return new Reply.Alias(owner, aliases - 1);
        }
        boolean refers = authority.stream().anyMatch(record -> record.getType() == Type.NS);
        return refers && !hasZone ? new Reply.Useless("a referral to other servers") : new Reply.NoData();
    }

    private static @Nullable Name alias(List<Record> answers, Name owner) {
        for (Record record : answers) {
            if (record instanceof CNAMERecord alias && alias.getName().equals(owner)) {
                return alias.getTarget();
            }
        }
        return null;
    }

    private static List<IpAddress> addresses(List<Record> answers, Name owner, IpFamily family) {
        List<IpAddress> addresses = new ArrayList<>();
        for (Record record : answers) {
            if (record.getType() == type(family)
                    && record.getDClass() == DClass.IN
                    && record.getName().equals(owner)) {
                addresses.add(address(record.rdataToWireCanonical(), family));
            }
        }
        return addresses;
    }

    private static IpAddress address(byte[] data, IpFamily family) {
        ByteBuffer bytes = ByteBuffer.wrap(data);
        return switch (family) {
            case IP4 -> new Ip4Address(bytes.getInt(), 0);
            case IP6 -> new Ip6Address(bytes.getLong(), bytes.getLong(), 0);
        };
    }

    private static int type(IpFamily family) {
        return switch (family) {
            case IP4 -> Type.A;
            case IP6 -> Type.AAAA;
        };
    }

    /**
     * Lets the library find its loggers. Where no logging is installed, SLF4J says so in three lines on the standard
     * error stream of a program that has never asked for SLF4J; so it is asked, once, to be quiet about that.
     */
    private static void quietLogging() {
        boolean installed = ServiceLoader.load(SLF4JServiceProvider.class, LoggerFactory.class.getClassLoader())
                .stream()
                .findAny()
                .isPresent();
        boolean quiet = !installed && System.getProperty(VERBOSITY) == null;
        if (quiet) {
            System.setProperty(VERBOSITY, "ERROR");
        }
        var _ = LoggerFactory.getILoggerFactory();
        if (quiet) {
            System.clearProperty(VERBOSITY);
        }
    }
}
