package dev.gyre.names;

import static dev.gyre.names.TestIo.ip;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.IpFamily;
import dev.gyre.names.Messages.Reply;
import dev.gyre.testing.Draw;
import dev.gyre.testing.Property;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Messages as bytes. */
@Tag("T16")
final class MessagesTest {
    private static final Name NAME = LyingServer.name("www.example");

    private static byte[] rightReply() {
        Message message = new Message(0x1234);
        message.getHeader().setFlag(Flags.QR);
        message.addRecord(Record.newRecord(NAME, Type.A, DClass.IN), Section.QUESTION);
        message.addRecord(LyingServer.cname("www.example", "host.example"), Section.ANSWER);
        message.addRecord(LyingServer.a("host.example", "192.0.2.1"), Section.ANSWER);
        return message.toWire();
    }

    @Test
    void aQueryIsWhatOneAsksFor() throws Exception {
        Message query = new Message(Messages.query(0xfedc, NAME, IpFamily.IP6, 1232));

        assertThat(query.getHeader().getID()).isEqualTo(0xfedc);
        assertThat(query.getHeader().getFlag(Flags.RD)).isTrue();
        assertThat(query.getHeader().getFlag(Flags.QR)).isFalse();
        assertThat(query.getQuestion().getName()).isEqualTo(NAME);
        assertThat(query.getQuestion().getType()).isEqualTo(Type.AAAA);
        assertThat(query.getOPT().getPayloadSize()).isEqualTo(1232);
        assertThat(new Message(Messages.query(1, NAME, IpFamily.IP4, 0)).getOPT()).isNull();
    }

    @Test
    void aReplyIsRead() {
        ByteBuffer reply = ByteBuffer.wrap(rightReply());

        assertThat(Messages.replyId(reply)).isEqualTo(0x1234);
        assertThat(Messages.reply(reply, NAME, IpFamily.IP4))
                .isEqualTo(new Reply.Addresses(LyingServer.name("host.example"), List.of(ip("192.0.2.1"))));
        assertThat(Messages.reply(ByteBuffer.wrap(rightReply()), NAME, IpFamily.IP6)).isNull();
        assertThat(Messages.reply(ByteBuffer.wrap(rightReply()), LyingServer.name("mail.example"), IpFamily.IP4))
                .isNull();
    }

    @Test
    void aNameThatPointsToItselfIsMalformed() {
        byte[] message = {0x12, 0x34, (byte) 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, (byte) 0xc0, 12, 0, 1, 0, 1};

        assertThat(Messages.reply(ByteBuffer.wrap(message), NAME, IpFamily.IP4)).isInstanceOf(Reply.Useless.class);
    }

    @Test
    void whatIsTooShortHasNoId() {
        assertThat(Messages.replyId(ByteBuffer.allocate(0))).isEqualTo(-1);
        assertThat(Messages.replyId(ByteBuffer.wrap(rightReply(), 0, 11))).isEqualTo(-1);
        assertThat(Messages.replyId(ByteBuffer.wrap(Messages.query(7, NAME, IpFamily.IP4, 0)))).isEqualTo(-1);
    }

    @Test
    void whateverComesIsReadWithoutAFault() {
        Property.check(10_000, draw -> {
            byte[] message = mutated(draw, rightReply());

            Reply reply = Messages.reply(ByteBuffer.wrap(message), NAME, draw.of(IpFamily.IP4, IpFamily.IP6));

            if (reply instanceof Reply.Addresses(Name _, List<?> addresses)) {
                assertThat(addresses).isNotEmpty();
            }
        });
    }

    private static byte[] mutated(Draw draw, byte[] message) {
        byte[] changed = java.util.Arrays.copyOf(message, draw.between(0, message.length + 20));
        for (int i = draw.between(0, 8); i > 0 && changed.length > 0; i--) {
            changed[draw.between(0, changed.length - 1)] = (byte) draw.between(-128, 127);
        }
        return changed;
    }
}
