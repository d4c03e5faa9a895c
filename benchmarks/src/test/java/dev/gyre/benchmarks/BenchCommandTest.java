package dev.gyre.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BenchCommandTest {
    @Test
    void asksForASubcommandAndNamesThem() {
        Run run = Run.bench();

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).isEqualToNormalizingNewlines("""
                gyre bench: Which benchmark? There are echo, udp, http, proxy, startup, idle, tasks, sleepers, \
                processes, sockets, nop, reads, chat, stream, pipeline, churn, queue, mixed, uneven, files, lookup, \
                iperf, store
                See 'gyre bench --help'.
                """);
    }

    @Test
    void anUnknownPeerIsNamedWithThoseThatThereAre() {
        Run run = Run.bench("echo", "--subject=nio", "--peers=c,nettty");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("gyre bench echo: no contender is called nettty; there are gyre, ")
                .contains("netty-epoll, nio");
    }

    @Test
    void aDurationThatIsNoneIsNamed() {
        Run run = Run.bench("echo", "--seconds=soon");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--seconds").contains("'soon' is not a duration such as 500ms, 15s or 2m");
    }

    @Test
    void moreConnectionsThanFilesIsRefusedWithTheLimit() {
        Run run = Run.bench("idle", "--connections=2000000000");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("gyre bench idle: --connections 2000000000 needs as many open files")
                .contains("ulimit -Hn");
    }

    @Test
    void pairsAreCounted() {
        Run run = Run.bench("startup", "--pairs=0");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith("gyre bench startup: --pairs must be at least 1, is 0");
    }
}
