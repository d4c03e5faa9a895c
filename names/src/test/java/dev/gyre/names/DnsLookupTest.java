package dev.gyre.names;

import static dev.gyre.names.LyingServer.a;
import static dev.gyre.names.LyingServer.aaaa;
import static dev.gyre.names.LyingServer.cname;
import static dev.gyre.names.TestIo.assertFails;
import static dev.gyre.names.TestIo.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gyre.io.CanceledException;
import dev.gyre.io.Clock;
import dev.gyre.io.DatagramOptions;
import dev.gyre.io.DatagramSocket;
import dev.gyre.io.Io;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.IpAddress;
import dev.gyre.io.IpFamily;
import dev.gyre.io.Lookup;
import dev.gyre.io.LookupOptions;
import dev.gyre.io.Reason;
import dev.gyre.io.ResetEvent;
import dev.gyre.io.Task;
import dev.gyre.io.Timeout;
import dev.gyre.io.Timestamp;
import dev.gyre.linux.Processes;
import dev.gyre.linux.ResourceLimit;
import dev.gyre.names.LyingServer.Ask;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Lookups by DNS, with servers that behave in all ways. */
@Tag("T16")
@ParameterizedClass(name = "{0}")
@MethodSource("dev.gyre.names.TestIo#backends")
final class DnsLookupTest {
    @Parameter
    String backend;

    @TempDir
    Path folder;

    /** A test with one server. */
    private interface Body {
        void run(TestIo test, LyingServer server) throws Exception;
    }

    private void with(LyingServer.Script script, Body body) throws Exception {
        TestIo.run(backend, folder, test -> {
            try (LyingServer server = LyingServer.start(test.io(), script)) {
                body.run(test, server);
            }
        });
    }

    private static Lookup lookup(TestIo test, String host, LookupOptions options) throws Exception {
        return new DnsNames(test.io()).lookup(host, options);
    }

    private static List<IpAddress> all(TestIo test, String host, IpAddress... servers) throws Exception {
        try (Lookup lookup = lookup(test, host, test.options(servers))) {
            return lookup.all();
        }
    }

    @Test
    void bothFamiliesAreAskedForTogether() throws Exception {
        with(ask -> ask.reply(a("www.example", "192.0.2.1"), a("www.example", "192.0.2.2"),
                aaaa("www.example", "2001:db8::1"), aaaa("www.example", "::ffff:192.0.2.3")), (test, server) -> {
            assertThat(all(test, "www.example", server.address()))
                    .containsExactlyInAnyOrder(ip("192.0.2.1"), ip("192.0.2.2"), ip("2001:db8::1"),
                            ip("::ffff:192.0.2.3"));
            assertThat(server.asks()).hasSize(2).noneMatch(ask -> ask.stream);
            Ask first = server.asks().getFirst();
            Ask second = server.asks().getLast();
            assertThat(first.from).isEqualTo(second.from);
            assertThat(first.isFor6()).isNotEqualTo(second.isFor6());
            assertThat(first.query.getHeader().getID()).isNotEqualTo(second.query.getHeader().getID());
            assertThat(first.query.getHeader().getFlag(Flags.RD)).isTrue();
        });
    }

    @Test
    void onlyOneFamilyIsAskedForIfOnlyThatIsWanted() throws Exception {
        with(ask -> ask.reply(a("www.example", "192.0.2.1"), aaaa("www.example", "2001:db8::1")), (test, server) -> {
            LookupOptions options = test.options(server.address()).withFamily(IpFamily.IP4);
            try (Lookup lookup = lookup(test, "www.example", options)) {
                assertThat(lookup.all()).containsExactly(ip("192.0.2.1"));
            }
            assertThat(server.asks()).hasSize(1);
        });
    }

    @Test
    void addressesArriveAsSoonAsTheyAreKnown() throws Exception {
        TestIo.run(backend, folder, test -> {
            ResetEvent seen = test.io().resetEvent();
            LyingServer.Script script = ask -> {
                if (ask.isFor6()) {
                    test.io().concurrent(() -> {
                        seen.await();
                        ask.reply(aaaa("www.example", "2001:db8::1"));
                        return null;
                    });
                } else {
                    ask.reply(a("www.example", "192.0.2.1"));
                }
            };
            try (LyingServer server = LyingServer.start(test.io(), script);
                    Lookup lookup = lookup(test, "www.example", test.options(server.address()))) {
                assertThat(lookup.next()).isEqualTo(ip("192.0.2.1"));
                seen.set();
                assertThat(lookup.next()).isEqualTo(ip("2001:db8::1"));
                assertThat(lookup.next()).isNull();
                assertThat(lookup.next()).isNull();
            }
        });
    }

    @Test
    void theCanonicalNameIsAtTheEndOfTheAliases() throws Exception {
        with(ask -> ask.reply(a("host.example", "192.0.2.1"), cname("www.example", "a.example"),
                cname("b.example", "host.example"), cname("a.example", "b.example")), (test, server) -> {
            LookupOptions options = test.options(server.address()).withFamily(IpFamily.IP4);
            try (Lookup lookup = lookup(test, "WWW.example", options)) {
                assertThat(lookup.canonicalName()).isEqualTo("WWW.example");
                assertThat(lookup.all()).containsExactly(ip("192.0.2.1"));
                assertThat(lookup.canonicalName()).isEqualTo("host.example");
            }
        });
    }

    @Test
    void anAliasWithoutItsTargetIsFollowed() throws Exception {
        LyingServer.Script script = ask -> {
            if (ask.name().equals("www.example")) {
                ask.reply(cname("www.example", "host.example"));
            } else {
                ask.reply(a("host.example", "192.0.2.1"), aaaa("host.example", "2001:db8::1"));
            }
        };
        with(script, (test, server) -> {
            assertThat(all(test, "www.example", server.address()))
                    .containsExactlyInAnyOrder(ip("192.0.2.1"), ip("2001:db8::1"));
            assertThat(server.names()).containsExactly("www.example", "host.example");
        });
    }

    @Test
    void aliasesInACircleEnd() throws Exception {
        with(ask -> ask.reply(cname("www.example", "b.example"), cname("b.example", "www.example")),
                (test, server) -> {
                    test.resolvConf("options attempts:1");
                    assertFails(Reason.NAME_SERVER_FAILURE, () -> all(test, "www.example", server.address()));
                });
        // One at a time, each with a name of its own.
        with(ask -> ask.reply(cname(ask.name(), "x" + ask.name())), (test, server) -> {
            test.resolvConf("options attempts:1");
            assertFails(Reason.NAME_SERVER_FAILURE, () -> all(test, "www.example", server.address()));
            assertThat(server.asks()).hasSizeLessThanOrEqualTo(2 * (Messages.ALIASES_MAX + 1));
        });
    }

    @Test
    void sixteenAliasesAreFollowedAndNotMore() throws Exception {
        LyingServer.Script script = ask -> {
            int count = Integer.parseInt(ask.name().substring(1, ask.name().indexOf('.')));
            List<Record> records = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                records.add(cname(i == 0 ? ask.name() : "alias" + i + ".example", "alias" + (i + 1) + ".example"));
            }
            records.add(a("alias" + count + ".example", "192.0.2.1"));
            ask.reply(records.toArray(Record[]::new));
        };
        with(script, (test, server) -> {
            test.resolvConf("options attempts:1 no-aaaa");
            assertThat(all(test, "c15.example", server.address())).containsExactly(ip("192.0.2.1"));
            assertFails(Reason.NAME_SERVER_FAILURE, () -> all(test, "c16.example", server.address()));
        });
    }

    @Test
    void aNameThatDoesNotExistIsToldFromOneWithoutAddresses() throws Exception {
        LyingServer.Script script = ask -> {
            switch (ask.name()) {
                case "none.example" -> ask.reply(Rcode.NXDOMAIN);
                case "four.example" -> ask.reply(a("four.example", "192.0.2.1"));
                case "broken.example" -> {
                    if (ask.isFor6()) {
                        ask.reply(Rcode.NXDOMAIN);
                    } else {
                        ask.reply(a("broken.example", "192.0.2.2"));
                    }
                }
                default -> ask.replyNoData();
            }
        };
        with(script, (test, server) -> {
            assertFails(Reason.UNKNOWN_HOST, () -> all(test, "none.example", server.address()));
            assertFails(Reason.NO_ADDRESS, () -> all(test, "empty.example", server.address()));
            assertThat(all(test, "four.example", server.address())).containsExactly(ip("192.0.2.1"));
            assertThat(all(test, "broken.example", server.address())).containsExactly(ip("192.0.2.2"));
            LookupOptions six = test.options(server.address()).withFamily(IpFamily.IP6);
            assertFails(Reason.NO_ADDRESS, () -> lookup(test, "four.example", six).next());
        });
    }

    @Test
    void theSameFailureIsToldAgain() throws Exception {
        with(ask -> ask.reply(Rcode.NXDOMAIN), (test, server) -> {
            try (Lookup lookup = lookup(test, "none.example", test.options(server.address()))) {
                assertFails(Reason.UNKNOWN_HOST, lookup::next);
                assertFails(Reason.UNKNOWN_HOST, lookup::next);
            }
            assertThat(server.asks()).hasSize(2);
        });
    }

    @Test
    void aServerThatFailsLeadsToTheNextAtOnce() throws Exception {
        for (int rcode : new int[] {Rcode.SERVFAIL, Rcode.REFUSED, Rcode.NOTIMP, Rcode.FORMERR, Rcode.NOTAUTH}) {
            with(ask -> ask.reply(rcode), (test, bad) -> {
                test.resolvConf("options timeout:30 attempts:1");
                Timestamp start = test.io().now(Clock.AWAKE);
                try (LyingServer good = LyingServer.start(test.io(),
                        ask -> ask.reply(a("www.example", "192.0.2.1")))) {
                    assertThat(all(test, "www.example", bad.address(), good.address()))
                            .containsExactly(ip("192.0.2.1"));
                }
                assertThat(test.io().now(Clock.AWAKE).since(start)).isLessThan(Duration.ofSeconds(20));
                assertFails(Reason.NAME_SERVER_FAILURE, () -> all(test, "www.example", bad.address()));
            });
        }
    }

    @Test
    void aServerThatRefersToOthersLeadsToTheNext() throws Exception {
        LyingServer.Script referral = ask -> {
            Message message = ask.answer(Rcode.NOERROR);
            message.getHeader().unsetFlag(Flags.RA);
            message.addRecord(new NSRecord(LyingServer.name("example."), DClass.IN, 60,
                    LyingServer.name("ns.example.")), Section.AUTHORITY);
            ask.send(message);
        };
        with(referral, (test, bad) -> {
            test.resolvConf("options timeout:30 attempts:1");
            try (LyingServer good = LyingServer.start(test.io(), ask -> ask.reply(a("www.example", "192.0.2.1")))) {
                assertThat(all(test, "www.example", bad.address(), good.address())).containsExactly(ip("192.0.2.1"));
            }
        });
    }

    @Test
    void anEmptyAnswerIsNotAskedForAgain() throws Exception {
        LyingServer.Script script = ask -> {
            Message message = ask.answer(Rcode.NOERROR);
            message.getHeader().unsetFlag(Flags.RA);
            ask.send(message);
        };
        with(script, (test, server) -> {
            assertFails(Reason.NO_ADDRESS, () -> all(test, "www.example", server.address()));
            assertThat(server.asks()).hasSize(2);
        });
    }

    @Test
    void onlyWhatFailedGoesToTheNextServer() throws Exception {
        LyingServer.Script half = ask -> {
            if (ask.isFor6()) {
                ask.reply(Rcode.SERVFAIL);
            } else {
                ask.reply(a("www.example", "192.0.2.1"));
            }
        };
        with(half, (test, first) -> {
            try (LyingServer second = LyingServer.start(test.io(),
                    ask -> ask.reply(aaaa("www.example", "2001:db8::1")))) {
                assertThat(all(test, "www.example", first.address(), second.address()))
                        .containsExactly(ip("192.0.2.1"), ip("2001:db8::1"));
                assertThat(second.asks()).hasSize(1).allMatch(Ask::isFor6);
            }
        });
    }

    @Test
    void aServerThatIsNotThereLeadsToTheNextAtOnce() throws Exception {
        with(ask -> ask.reply(a("www.example", "192.0.2.1")), (test, good) -> {
            test.resolvConf("options timeout:30 attempts:1");
            IpAddress nobody;
            try (DatagramSocket gone = test.io().bind(Ip4Address.loopback(0), DatagramOptions.DEFAULT)) {
                nobody = (IpAddress) gone.localAddress();
            }
            Timestamp start = test.io().now(Clock.AWAKE);
            assertThat(all(test, "www.example", nobody, good.address())).containsExactly(ip("192.0.2.1"));
            assertFails(Reason.NAME_SERVER_FAILURE, () -> all(test, "www.example", nobody));
            assertThat(test.io().now(Clock.AWAKE).since(start)).isLessThan(Duration.ofSeconds(20));
        });
    }

    @Test
    void aSilentServerIsGivenItsTimeAndThenTheNextIsAsked() throws Exception {
        TestIo.run(backend, folder, test -> {
            test.resolvConf("options timeout:1 attempts:2");
            try (LyingServer silent = LyingServer.silent(test.io());
                    LyingServer good = LyingServer.start(test.io(), ask -> ask.reply(a("www.example", "192.0.2.1")))) {
                Timestamp start = test.io().now(Clock.AWAKE);
                assertThat(all(test, "www.example", silent.address(), good.address()))
                        .containsExactly(ip("192.0.2.1"));
                assertThat(test.io().now(Clock.AWAKE).since(start)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
                start = test.io().now(Clock.AWAKE);
                assertFails(Reason.TIMED_OUT, () -> all(test, "mail.example", silent.address()));
                assertThat(test.io().now(Clock.AWAKE).since(start)).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
                assertThat(silent.asks().stream().filter(ask -> ask.name().equals("mail.example"))).hasSize(4);
            }
        });
    }

    @Test
    void whatFitsNoQuestionIsPassedOver() throws Exception {
        LyingServer.Script script = ask -> {
            Record right = ask.isFor6() ? aaaa("www.example", "2001:db8::1") : a("www.example", "192.0.2.1");
            Record wrong = ask.isFor6() ? aaaa("www.example", "2001:db8::bad") : a("www.example", "192.0.2.66");
            Message otherId = ask.answer(Rcode.NOERROR, wrong);
            otherId.getHeader().setID(ask.query.getHeader().getID() ^ 1);
            ask.send(otherId);
            Message otherName = ask.answer(Rcode.NOERROR, wrong);
            otherName.removeAllRecords(Section.QUESTION);
            otherName.addRecord(Record.newRecord(LyingServer.name("other.example"),
                    ask.query.getQuestion().getType(), DClass.IN), Section.QUESTION);
            ask.send(otherName);
            Message otherType = ask.answer(Rcode.NXDOMAIN);
            otherType.removeAllRecords(Section.QUESTION);
            otherType.addRecord(Record.newRecord(ask.query.getQuestion().getName(), Type.MX, DClass.IN),
                    Section.QUESTION);
            ask.send(otherType);
            Message noQuestion = ask.answer(Rcode.NOERROR, wrong);
            noQuestion.removeAllRecords(Section.QUESTION);
            ask.send(noQuestion);
            ask.send(ask.query);
            ask.send(new byte[0]);
            ask.send(new byte[11]);
            ask.send(new byte[ask.stream ? 0xffff : 60_000]);
            ask.reply(right, a("www.elsewhere.example", "192.0.2.67"), aaaa("x.example", "2001:db8::67"));
            ask.reply(wrong);
        };
        with(script, (test, server) -> {
            assertThat(all(test, "www.example", server.address()))
                    .containsExactlyInAnyOrder(ip("192.0.2.1"), ip("2001:db8::1"));
            assertThat(server.asks()).hasSize(2);
        });
    }

    @Test
    void strangersAreNotListenedTo() throws Exception {
        TestIo.run(backend, folder, test -> {
            try (DatagramSocket stranger = test.io().bind(Ip4Address.loopback(0), DatagramOptions.DEFAULT);
                    LyingServer server = LyingServer.start(test.io(), ask -> {
                        // With the right id, from the wrong port.
                        byte[] lie = ask.answer(Rcode.NOERROR, a("www.example", "192.0.2.66"),
                                aaaa("www.example", "2001:db8::bad")).toWire();
                        stranger.send(MemorySegment.ofArray(lie), ask.from);
                        ask.reply(a("www.example", "192.0.2.1"), aaaa("www.example", "2001:db8::1"));
                    })) {
                assertThat(all(test, "www.example", server.address()))
                        .containsExactlyInAnyOrder(ip("192.0.2.1"), ip("2001:db8::1"));
            }
        });
    }

    @Test
    void garbageWithTheRightIdLeadsToTheNextServer() throws Exception {
        LyingServer.Script script = ask -> {
            byte[] message = ask.answer(Rcode.NOERROR, a("www.example", "192.0.2.66"),
                    aaaa("www.example", "2001:db8::bad")).toWire();
            ask.send(java.util.Arrays.copyOf(message, message.length - 3));
        };
        with(script, (test, bad) -> {
            test.resolvConf("options timeout:30 attempts:1");
            try (LyingServer good = LyingServer.start(test.io(), ask -> ask.reply(a("www.example", "192.0.2.1")))) {
                assertThat(all(test, "www.example", bad.address(), good.address())).containsExactly(ip("192.0.2.1"));
            }
        });
    }

    @Test
    void whatDoesNotFitIntoADatagramComesByTcp() throws Exception {
        LyingServer.Script script = ask -> {
            if (ask.stream) {
                Record[] many = new Record[300];
                for (int i = 0; i < many.length; i++) {
                    many[i] = ask.isFor6() ? aaaa(ask.name(), "2001:db8::" + Integer.toHexString(i + 1))
                            : a(ask.name(), "192.0." + i / 200 + "." + i % 200);
                }
                ask.reply(many);
            } else {
                ask.replyTruncated();
            }
        };
        with(script, (test, server) -> {
            assertThat(all(test, "www.example", server.address())).hasSize(600);
            assertThat(server.asks().stream().filter(ask -> ask.stream)).hasSize(2);
        });
    }

    @Test
    void aReplyThatIsTooLongForItsRoomComesByTcp() throws Exception {
        LyingServer.Script script = ask -> {
            Record[] many = new Record[ask.stream ? 1 : 300];
            for (int i = 0; i < many.length; i++) {
                many[i] = a(ask.name(), "192.0." + i / 200 + "." + i % 200);
            }
            ask.reply(many);
        };
        with(script, (test, server) -> {
            test.resolvConf("options no-aaaa");
            assertThat(all(test, "www.example", server.address())).containsExactly(ip("192.0.0.0"));
        });
    }

    @Test
    void uselessStreamsLeadToTheNextServer() throws Exception {
        List<LyingServer.Script> scripts = List.of(
                Ask::replyTruncated,
                ask -> ask.send(new byte[0]),
                ask -> ask.send(new byte[0xffff]),
                ask -> {
                    Message other = ask.answer(Rcode.NOERROR, a("www.example", "192.0.2.66"));
                    other.getHeader().setID(ask.query.getHeader().getID() ^ 1);
                    ask.send(other);
                },
                ask -> {
                    // Ends the connection without a word.
                });
        for (LyingServer.Script script : scripts) {
            with(ask -> {
                if (ask.stream) {
                    script.answer(ask);
                } else {
                    ask.replyTruncated();
                }
            }, (test, bad) -> {
                test.resolvConf("options timeout:30 attempts:1 no-aaaa");
                assertFails(Reason.NAME_SERVER_FAILURE, () -> all(test, "www.example", bad.address()));
                try (LyingServer good = LyingServer.start(test.io(),
                        ask -> ask.reply(a("www.example", "192.0.2.1")))) {
                    assertThat(all(test, "www.example", bad.address(), good.address()))
                            .containsExactly(ip("192.0.2.1"));
                }
            });
        }
    }

    @Test
    void ednsSaysHowLongRepliesMayBe() throws Exception {
        with(ask -> ask.reply(a("www.example", "192.0.2.1")), (test, server) -> {
            var _ = all(test, "www.example", server.address());
            assertThat(server.asks()).allMatch(ask -> ask.query.getOPT().getPayloadSize() == 1232);
            LookupOptions options = test.options(server.address());
            server.asks().clear();
            lookup(test, "www.example", options.withConfiguration(options.configuration().withUdpPayloadMax(4096)))
                    .all();
            assertThat(server.asks()).allMatch(ask -> ask.query.getOPT().getPayloadSize() == 4096);
            server.asks().clear();
            lookup(test, "www.example", options.withConfiguration(options.configuration().withUdpPayloadMax(0)))
                    .all();
            assertThat(server.asks()).hasSize(2).allMatch(ask -> ask.query.getOPT() == null);
        });
    }

    @Test
    void aServerThatDoesNotKnowEdnsIsAskedWithoutIt() throws Exception {
        LyingServer.Script script = ask -> {
            if (ask.query.getOPT() != null) {
                ask.reply(Rcode.FORMERR);
            } else {
                ask.reply(a("www.example", "192.0.2.1"), aaaa("www.example", "2001:db8::1"));
            }
        };
        with(script, (test, server) -> {
            test.resolvConf("options timeout:30 attempts:1");
            assertThat(all(test, "www.example", server.address()))
                    .containsExactlyInAnyOrder(ip("192.0.2.1"), ip("2001:db8::1"));
        });
    }

    @Test
    void theSearchListIsTriedByTheNumberOfDots() throws Exception {
        with(ask -> ask.reply(Rcode.NXDOMAIN), (test, server) -> {
            test.resolvConf("search one.example two.example", "options ndots:2");
            assertFails(Reason.UNKNOWN_HOST, () -> all(test, "a.b", server.address()));
            assertThat(server.names()).containsExactly("a.b.one.example", "a.b.two.example", "a.b");
            server.asks().clear();
            assertFails(Reason.UNKNOWN_HOST, () -> all(test, "a.b.c", server.address()));
            assertThat(server.names()).containsExactly("a.b.c", "a.b.c.one.example", "a.b.c.two.example");
            server.asks().clear();
            assertFails(Reason.UNKNOWN_HOST, () -> all(test, "a.b.", server.address()));
            assertThat(server.names()).containsExactly("a.b");
            server.asks().clear();
            // Names that would be too long are left out.
            String label = "x".repeat(60);
            String longName = label + "." + label + "." + label + "." + label;
            assertFails(Reason.UNKNOWN_HOST, () -> all(test, longName, server.address()));
            assertThat(server.names()).containsExactly(longName);
        });
    }

    @Test
    void theFirstNameOfTheSearchListThatHasAnAddressCounts() throws Exception {
        LyingServer.Script script = ask -> {
            switch (ask.name()) {
                case "www.two.example" -> ask.reply(a("www.two.example", "192.0.2.2"));
                case "www.one.example" -> ask.reply(Rcode.SERVFAIL);
                default -> ask.replyNoData();
            }
        };
        with(script, (test, server) -> {
            test.resolvConf("search zero.example one.example two.example three.example", "options attempts:1");
            try (Lookup lookup = lookup(test, "www", test.options(server.address()))) {
                assertThat(lookup.all()).containsExactly(ip("192.0.2.2"));
                assertThat(lookup.canonicalName()).isEqualTo("www.two.example");
            }
            assertThat(server.names()).containsExactly("www.zero.example", "www.one.example", "www.two.example");
        });
    }

    @Test
    void serversTakeTurnsIfTheyAreToRotate() throws Exception {
        with(ask -> ask.reply(a(ask.name(), "192.0.2.1")), (test, first) -> {
            try (LyingServer second = LyingServer.start(test.io(), ask -> ask.reply(a(ask.name(), "192.0.2.2")))) {
                DnsNames names = new DnsNames(test.io());
                LookupOptions options = test.options(first.address(), second.address());
                for (int i = 0; i < 4; i++) {
                    try (Lookup lookup = names.lookup("www.example", options)) {
                        assertThat(lookup.all()).containsExactly(ip("192.0.2.1"));
                    }
                }
                test.resolvConf("options rotate");
                List<IpAddress> found = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    try (Lookup lookup = names.lookup("www.example", options)) {
                        found.addAll(lookup.all());
                    }
                }
                assertThat(found).containsExactly(
                        ip("192.0.2.1"), ip("192.0.2.2"), ip("192.0.2.1"), ip("192.0.2.2"));
            }
        });
    }

    @Test
    void portsAndIdsCannotBeForeseen() throws Exception {
        with(ask -> ask.reply(a(ask.name(), "192.0.2.1")), (test, server) -> {
            int count = 200;
            for (int i = 0; i < count; i++) {
                var _ = all(test, "www.example", server.address());
            }
            Set<Integer> ids = new HashSet<>();
            Set<Integer> ports = new HashSet<>();
            int steps = 0;
            int last = 0;
            for (Ask ask : server.asks()) {
                int id = ask.query.getHeader().getID();
                steps += Math.abs(id - last) <= 2 ? 1 : 0;
                last = id;
                ids.add(id);
                ports.add(ask.from.port());
            }
            assertThat(ids).hasSizeGreaterThan(2 * count * 9 / 10);
            assertThat(steps).isLessThan(10);
            if (!test.isSimulated()) {
                assertThat(ports).hasSizeGreaterThan(count * 9 / 10);
            }
        });
    }

    @Test
    void aSlowServerDelaysNobodyElse() throws Exception {
        with(ask -> ask.reply(a(ask.name(), "192.0.2.1")), (test, good) -> {
            test.resolvConf("options timeout:30");
            DnsNames names = new DnsNames(test.io());
            try (LyingServer silent = LyingServer.silent(test.io())) {
                Timestamp start = test.io().now(Clock.AWAKE);
                List<Task<List<IpAddress>, Exception>> slow = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    slow.add(test.io().concurrent(() -> {
                        try (Lookup lookup = names.lookup("slow.example", test.options(silent.address()))) {
                            return lookup.all();
                        }
                    }));
                }
                for (int i = 0; i < 20; i++) {
                    try (Lookup lookup = names.lookup("www.example", test.options(good.address()))) {
                        assertThat(lookup.all()).containsExactly(ip("192.0.2.1"));
                    }
                }
                assertThat(test.io().now(Clock.AWAKE).since(start)).isLessThan(Duration.ofSeconds(20));
                for (Task<?, Exception> task : slow) {
                    assertThatThrownBy(task::cancel).isInstanceOf(CanceledException.class);
                }
            }
        });
    }

    @Test
    void canceledAtAnyMomentNothingIsLeft() throws Exception {
        LyingServer.Script script = ask -> {
            switch (ask.query.getHeader().getID() % 4) {
                case 0 -> {}
                case 1 -> ask.reply(Rcode.SERVFAIL);
                case 2 -> {
                    if (ask.stream) {
                        ask.reply(a(ask.name(), "192.0.2.1"));
                    } else {
                        ask.replyTruncated();
                    }
                }
                default -> ask.reply(cname(ask.name(), "x" + ask.name()));
            }
        };
        with(script, (test, server) -> {
            test.resolvConf("options timeout:1", "search a.example b.example");
            Io io = test.io();
            for (int i = 0; i < 60; i++) {
                int micros = i * 50;
                Task<List<IpAddress>, Exception> task = io.concurrent(() -> all(test, "www", server.address()));
                io.sleep(Duration.ofNanos(micros * 1000L));
                try {
                    var _ = task.cancel();
                } catch (CanceledException | dev.gyre.io.IoException expected) {
                    // Either is right.
                }
            }
        });
    }

    @Test
    void afterALimitOfTimeTheLookupGoesOn() throws Exception {
        TestIo.run(backend, folder, test -> {
            test.resolvConf("options timeout:30 no-aaaa");
            ResetEvent late = test.io().resetEvent();
            LyingServer.Script script = ask -> test.io().concurrent(() -> {
                late.await();
                ask.reply(a("www.example", "192.0.2.1"));
                return null;
            });
            try (LyingServer server = LyingServer.start(test.io(), script);
                    Lookup lookup = lookup(test, "www.example", test.options(server.address()))) {
                assertThatThrownBy(() -> test.io().within(Timeout.after(Duration.ofMillis(20)), lookup::next))
                        .isInstanceOf(TimeoutException.class);
                late.set();
                assertThat(lookup.next()).isEqualTo(ip("192.0.2.1"));
            }
        });
    }

    @Test
    void withoutDescriptorsItSaysSo() throws Exception {
        with(ask -> ask.reply(a("www.example", "192.0.2.1")), (test, server) -> {
            if (test.isSimulated()) {
                return; // its descriptors have no limit
            }
            test.hosts("192.0.2.7 here");
            test.resolvConf("nameserver 127.0.0.1");
            // What fails below has been used before: no class can be loaded from a folder meanwhile.
            IpAddress nobody = Ip4Address.loopback(1);
            assertFails(Reason.NAME_SERVER_FAILURE, () -> all(test, "www.example", nobody));
            assertThat(all(test, "www.example", server.address())).containsExactly(ip("192.0.2.1"));
            DnsNames seen = new DnsNames(test.io());
            LookupOptions options = test.options(server.address());
            assertThat(addresses(seen, "here", options)).containsExactly(ip("192.0.2.7"));
            DnsNames fresh = new DnsNames(test.io());
            ResourceLimit limit = Processes.getrlimit(Processes.RLIMIT_NOFILE);
            int set = Processes.setrlimit(Processes.RLIMIT_NOFILE, new ResourceLimit(0, limit.maximum()));
            try {
                assertThat(set).isZero();
                assertFails(Reason.PROCESS_FD_LIMIT, () -> addresses(seen, "www.example", options));
                assertFails(Reason.PROCESS_FD_LIMIT, () -> addresses(fresh, "here", options));
                assertThat(addresses(seen, "here", options)).as("as it was").containsExactly(ip("192.0.2.7"));
            } finally {
                set = Processes.setrlimit(Processes.RLIMIT_NOFILE, limit);
            }
            assertThat(set).isZero();
            assertThat(addresses(seen, "www.example", options)).containsExactly(ip("192.0.2.1"));
            assertThat(addresses(fresh, "here", options)).containsExactly(ip("192.0.2.7"));
        });
    }

    private static List<IpAddress> addresses(DnsNames names, String host, LookupOptions options) throws Exception {
        try (Lookup lookup = names.lookup(host, options)) {
            return lookup.all();
        }
    }
}
