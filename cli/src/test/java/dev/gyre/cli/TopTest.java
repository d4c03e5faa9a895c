package dev.gyre.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.cli.top.ObservedNode;
import dev.gyre.io.Direction;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.UnixAddress;
import dev.gyre.process.ExitReason;
import dev.gyre.process.Observer;
import dev.gyre.process.Pid;
import dev.gyre.process.ProcessBody;
import dev.gyre.process.Processes;
import dev.gyre.process.SpawnOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("P11")
final class TopTest {
    private static final String NAME = "@gyre-top-test-" + ProcessHandle.current().pid();
    private static final UnixAddress ADDRESS = new UnixAddress("\0" + NAME.substring(1));
    private static final ProcessBody SLEEPER = self -> self.io().sleep(Duration.ofHours(1));

    @Test
    void aNodeIsShown() throws Exception {
        try (Io io = Io.open(); Processes node = Processes.open(io)) {
            Pid _ = Observer.start(node, ADDRESS);
            Pid family = node.spawn(SpawnOptions.DEFAULT.withName("parent"), self -> {
                Pid child = self.spawnLink(SpawnOptions.DEFAULT.withName("child"), SLEEPER);
                for (int i = 0; i < 12; i++) {
                    child.send(i);
                }
                Object _ = self.receive();
            });

            Run list = Run.gyre("top", "--once", "--interval", "1", NAME);
            assertThat(list.code()).as(list.err()).isZero();
            assertThat(list.out().lines().toList().get(0)).contains("4 processes, 12 messages in mailboxes");
            assertThat(list.out().lines().toList().get(1)).contains("MAILBOX");
            assertThat(list.out().lines().toList().get(2))
                    .matches(" *<\\d+> +blocked +12 +0\\.0 .*child \\(TopTest\\)");

            Run tree = Run.gyre("top", "--once", "--interval", "1", "--tree", NAME);
            assertThat(tree.out()).containsPattern("parent \\(TopTest\\)\\R.*└─ child");

            Run bounded = Run.gyre("top", "--once", "--interval", "1", "--lines", "1", "--order", "pid", NAME);
            assertThat(bounded.out().lines()).hasSize(3);
            family.send("end");
            assertThat(node.await(family)).isIn(ExitReason.NORMAL, ExitReason.NO_PROCESS);
        }
    }

    @Test
    void aNodeIsFoundByTheNumberOfItsProcess() throws Exception {
        try (Io io = Io.open(); Processes node = Processes.open(io)) {
            Pid _ = Observer.start(node);
            String number = Long.toString(ProcessHandle.current().pid());
            assertThat(ObservedNode.all(io)).contains(new UnixAddress(Observer.NAME_PREFIX + number));
            assertThat(Run.gyre("top", "--once", "--interval", "1", number).code()).isZero();
        }
    }

    @Test
    void nothingIsDrawnOnADumbTerminal() {
        assertThat(Top.isDumb("dumb")).isTrue();
        assertThat(Top.isDumb("xterm-256color")).isFalse();
        assertThat(Top.isDumb(null)).isFalse();
    }

    /** The node ends between two looks. */
    @Test
    void aNodeThatEndsIsSaidSo() throws Exception {
        try (Io io = Io.open(); Processes node = Processes.open(io)) {
            Pid observer = Observer.start(node, ADDRESS);
            var ending = io.concurrent(() -> {
                while (node.processes().size() < 2) { // nobody looks yet
                    io.sleep(Duration.ofMillis(1));
                }
                node.exit(observer, ExitReason.KILL);
                return "";
            });
            Run top = Run.gyre("top", "--once", "--interval", "1", NAME);
            assertThat(top.code()).isEqualTo(1);
            assertThat(top.err()).contains("the node at " + NAME + " has ended").hasLineCount(1);
            assertThat(top.out()).isEmpty();
            assertThat(ending.await()).isEmpty();
        }
    }

    /** Whoever is at the socket instead of a node, the terminal is safe, and there is an end. */
    @Test
    void whatANodeDoesNotSayIsSaidSo() throws Exception {
        String greeting = Observer.GREETING + "\n";
        assertAnswered("\033[2J\007SSH-2.0\r\n", "it says ' [2J SSH-2.0'");
        assertAnswered("", "has ended");
        assertAnswered(greeting, "has ended");
        assertAnswered(greeting + "nonsense\n.\n", "it answers 'nonsense'");
        assertAnswered(greeting + "error\tno\033[2J\n.\n", "it answers 'error\\x09no [2J'");
        assertAnswered(greeting + ".\n", "it answers 'nothing'");
        assertAnswered(greeting + "node\tmany\t0\t\t\n.\n", "it answers 'For input string: \"many\"'");
        assertAnswered(greeting + "node\t1\t0\t\t\n<1>\tcut\n.\n", "its answers do not end");
        assertAnswered(greeting + "x".repeat(200_000), "its lines do not end");
        assertAnswered("\0".repeat(200_000), "its lines do not end");
    }

    private static void assertAnswered(String says, String complaint) throws Exception {
        try (Io io = Io.open(); Listener listener = io.listen(ADDRESS, ListenOptions.DEFAULT)) {
            var liar = io.concurrent(() -> {
                try (var connection = listener.accept()) {
                    connection.writeAll(says.getBytes(StandardCharsets.UTF_8));
                    connection.shutdown(Direction.WRITE);
                    return connection.read(new byte[100]);
                } catch (IoException gone) {
                    return -1;
                }
            });
            Run top = Run.gyre("top", "--once", "--interval", "1", NAME);
            assertThat(top.code()).isEqualTo(1);
            assertThat(top.err()).contains(complaint).hasLineCount(1).doesNotContain("\033", "\007");
            assertThat(liar.await()).isNotNull();
        }
    }

    @Test
    void whatIsNoNodeIsSaidSo() throws Exception {
        Run nobody = Run.gyre("top", "@gyre-nobody-has-this-name");
        assertThat(nobody.code()).isEqualTo(1);
        assertThat(nobody.err()).contains("no node is at @gyre-nobody-has-this-name").hasLineCount(1);

        try (Io io = Io.open(); Listener listener = io.listen(ADDRESS, ListenOptions.DEFAULT)) {
            var liar = io.concurrent(() -> {
                try (var connection = listener.accept()) {
                    connection.writeAll("SSH-2.0-something\r\n".getBytes(StandardCharsets.US_ASCII));
                }
                return "";
            });
            Run other = Run.gyre("top", NAME);
            assertThat(other.code()).isEqualTo(1);
            assertThat(other.err()).contains("is no node, or of another version").hasLineCount(1);
            assertThat(liar.await()).isEmpty();
        }

        assertThat(Run.gyre("top", "").code()).isEqualTo(2);
        assertThat(Run.gyre("top", "--order", "weight").err()).contains("is none of messages, rate");
        assertThat(Run.gyre("top", "--interval", "0").code()).isEqualTo(2);
    }
}
