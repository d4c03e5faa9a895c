package dev.gyre.names;

import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IpAddress;
import dev.gyre.io.IpFamily;
import dev.gyre.io.Lookup;
import dev.gyre.io.LookupOptions;
import dev.gyre.io.Operation;
import dev.gyre.io.Reason;
import dev.gyre.names.Messages.Reply;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/**
 * A lookup by DNS, in the manner of the C library's resolver (resolv.conf(5)).
 *
 * <p>Names are tried one after the other: with fewer than {@code ndots} dots, the domains of the search list behind the
 * name, and then the name itself; else the name itself first. A name that does not exist, has no address or cannot be
 * told by its servers leads to the next; one that has an address ends the lookup.
 *
 * <p>For each name, servers are tried one after the other, all of them {@code attempts} times. Questions that a server
 * has not answered in time, or has answered uselessly, go to the next one; those for the two families go together.
 *
 * <p>It is a state machine that {@link #next()} drives: it has no task of its own, so canceling the caller is all that
 * it takes to stop it, and what was asked stays open for the next call.
 */
final class DnsLookup implements Lookup {
    private final Io io;
    private final String host;
    private final int payloadMax;
    private final List<IpAddress> servers;
    private final ResolvConf conf;
    private final int firstServer;
    private final List<IpFamily> families;
    private final Deque<Name> names;

    private final Deque<IpAddress> ready = new ArrayDeque<>();
    private final Set<IpAddress> given = new HashSet<>();
    private final List<Question> unanswered = new ArrayList<>();
    private @Nullable Exchange exchange;

    /** Those of {@link #unanswered} that the present server may still answer. */
    private final List<Question> asked = new ArrayList<>();

    /** How often a server was asked for the present name. */
    private int tries;

    private String canonicalName;
    private boolean sawNoData;
    private boolean gaveUp;
    private boolean timedOut;

    /** Why the last server that was asked in vain was of no use. */
    private @Nullable Exception useless;

    private boolean finished;
    private @Nullable IoException failure;

    DnsLookup(Io io, String host, LookupOptions options, ResolvConf conf, int firstServer) {
        this.io = io;
        this.host = host;
        this.canonicalName = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        this.conf = conf;
        this.payloadMax = options.configuration().udpPayloadMax();
        List<IpAddress> own = options.configuration().servers();
        this.servers = own.isEmpty() ? conf.servers() : own;
        this.firstServer = Math.floorMod(firstServer, servers.size());
        this.families = families(options);
        this.names = names();
    }

    private List<IpFamily> families(LookupOptions options) {
        List<IpFamily> wanted = new ArrayList<>(2);
        if (options.wants(IpFamily.IP6) && !conf.noIp6()) {
            wanted.add(IpFamily.IP6);
        }
        if (options.wants(IpFamily.IP4)) {
            wanted.add(IpFamily.IP4);
        }
        return wanted;
    }

    private Deque<Name> names() {
        Deque<Name> all = new ArrayDeque<>();
        boolean absolute = host.endsWith(".");
        if (!absolute) {
            for (String domain : conf.search()) {
                add(all, host + "." + domain);
            }
        }
        boolean first = host.chars().filter(c -> c == '.').count() >= conf.ndots();
        Name itself = Messages.name(host);
        if (itself != null && first) {
            all.addFirst(itself);
        } else if (itself != null) {
            all.addLast(itself);
        }
        return all;
    }

    private static void add(Deque<Name> names, String text) {
        Name name = Messages.name(text);
        if (name != null) {
            names.addLast(name);
        }
    }

    @Override
    public @Nullable IpAddress next() throws IoException {
        io.checkCancel();
        while (ready.isEmpty() && !finished) {
            if (unanswered.isEmpty()) {
                nextName();
            } else if (exchange == null) {
                nextServer();
            } else {
                receive(exchange);
            }
        }
        if (failure != null) {
            throw failure;
        }
        return ready.poll();
    }

    @Override
    public String canonicalName() {
        return canonicalName;
    }

    @Override
    public void close() {
        endExchange();
        finished = true;
        ready.clear();
    }

    private void nextName() {
        endExchange();
        Name name = names.poll();
        if (!given.isEmpty()) {
            finished = true;
        } else if (families.isEmpty()) {
            fail(Reason.NO_ADDRESS, null);
        } else if (name == null) {
            failWithoutAddress();
        } else {
            tries = 0;
            timedOut = false;
            families.forEach(family -> unanswered.add(new Question(family, name)));
        }
    }

    private void failWithoutAddress() {
        if (sawNoData) {
            fail(Reason.NO_ADDRESS, null);
        } else if (gaveUp) {
            fail(Reason.NAME_SERVER_FAILURE, useless);
        } else {
            fail(Reason.UNKNOWN_HOST, null);
        }
    }

    private void nextServer() throws IoException {
        if (tries == servers.size() * conf.attempts()) {
            giveUp();
            return;
        }
        IpAddress server = servers.get((firstServer + tries) % servers.size());
        boolean done = false;
        try {
            Exchange opened = Exchange.open(io, server, conf.timeout(), payloadMax);
            exchange = opened;
            opened.ask(unanswered);
            asked.addAll(unanswered);
            tries++;
            done = true;
        } catch (IoException unreachable) {
            tries++;
            uselessServer(server, unreachable);
        } finally {
            // Canceled in between, it is asked anew.
            if (!done) {
                endExchange();
            }
        }
    }

    private void receive(Exchange open) throws IoException {
        Exchange.Answered answered;
        try {
            answered = open.receive();
        } catch (IoException unreachable) {
            uselessServer(open, unreachable);
            return;
        }
        if (answered == null) {
            timedOut = true;
            endExchange();
            return;
        }
        Question question = answered.question();
        switch (answered.reply()) {
            case Reply.Addresses(Name name, List<IpAddress> addresses) -> {
                canonicalName = name.toString(true);
                addresses.stream().filter(given::add).forEach(ready::add);
                answered(question);
            }
            case Reply.Alias alias -> follow(open, question, alias);
            case Reply.NoData _ -> {
                sawNoData = true;
                answered(question);
            }
            // By itself it says nothing of the other family: some servers know no better for IPv6 (RFC 4074 §4.2).
            case Reply.NoSuchName _ -> answered(question);
            case Reply.Useless(String why) -> uselessReply(open, question, why);
            case Reply.NoExtensions _ -> uselessReply(open, question, "FORMERR or NOTIMP");
            case Reply.Truncated _ -> throw new AssertionError("truncated replies are followed by TCP");
        }
    }

    private void answered(Question question) {
        unanswered.remove(question);
        asked.remove(question);
        if (asked.isEmpty()) {
            endExchange();
        }
    }

    private void follow(Exchange open, Question question, Reply.Alias alias) throws IoException {
        if (!question.follow(alias)) {
            uselessReply(open, question, "more than " + Messages.ALIASES_MAX + " aliases, or aliases in a circle");
            return;
        }
        try {
            open.ask(List.of(question));
        } catch (IoException unreachable) {
            uselessServer(open, unreachable);
        }
    }

    /** The question goes to the next server, as soon as this one has answered the other, or not. */
    private void uselessReply(Exchange open, Question question, String why) {
        useless = new IOException("name server " + open + " answers " + why);
        asked.remove(question);
        if (asked.isEmpty()) {
            endExchange();
        }
    }

    /** What the machine lacks no other server has. */
    private void uselessServer(Object server, IoException unreachable) {
        endExchange();
        useless = new IOException("name server " + server + ": " + unreachable.getMessage(), unreachable);
        if (unreachable.reason().isShortage()) {
            fail(unreachable.reason(), unreachable);
        }
    }

    /** All servers were asked in vain. A name that they cannot tell leads to the next, silence does not. */
    private void giveUp() {
        unanswered.clear();
        gaveUp = true;
        if (timedOut && given.isEmpty()) {
            fail(Reason.TIMED_OUT, useless);
        }
    }

    private void fail(Reason reason, @Nullable Exception cause) {
        finished = true;
        IoException failed = Operation.LOOKUP.failure(reason, host);
        if (cause != null) {
            failed.initCause(cause);
        }
        failure = failed;
    }

    private void endExchange() {
        if (exchange != null) {
            exchange.close();
            exchange = null;
        }
        asked.clear();
    }
}
