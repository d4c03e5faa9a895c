package dev.gyre.http.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is written while nobody takes it. */
@Tag("T14")
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BackgroundStreamTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void handsOnWhatIsWrittenInItsOrder() throws Exception {
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        StringBuilder all = new StringBuilder();
        try (BackgroundStream stream = new BackgroundStream(got, 1 << 20, lost -> {}, failed -> {})) {
            for (int i = 0; i < 1000; i++) {
                stream.write((i + "\n").getBytes(UTF_8));
                all.append(i).append('\n');
            }
            stream.write('x');
            assertThat(stream.finish(LONG)).isTrue();
        }
        assertThat(got.toString(UTF_8)).isEqualTo(all.append('x').toString());
    }

    @Test
    void nobodyWaitsAndWhatDoesNotFitIsCounted() throws Exception {
        Stuck target = new Stuck();
        BlockingQueue<Long> lost = new LinkedBlockingQueue<>();
        try (BackgroundStream stream = new BackgroundStream(target, 10, lost::add, failed -> {})) {
            stream.write("first\n".getBytes(UTF_8));
            target.entered.await();
            for (String line : List.of("second\n", "3rd\n", "4\n", "5\n6\n", "seventh", "\n8\n")) {
                stream.write(line.getBytes(UTF_8));
            }
            assertThat(stream.finish(Duration.ofMillis(1))).isFalse();
            target.free.countDown();
            assertThat(stream.finish(LONG)).isTrue();
            assertThat(lost.take()).isEqualTo(5);
            stream.write("more than there is room for\n".getBytes(UTF_8));
            assertThat(lost.take()).as("alone").isEqualTo(1);
            stream.write("last\n".getBytes(UTF_8));
            assertThat(stream.finish(LONG)).isTrue();
        }
        assertThat(target.got.toString(UTF_8)).isEqualTo("first\nsecond\n4\nlast\n");
    }

    @Test
    void whatFailsIsToldAndTheNextIsTried() throws Exception {
        List<String> failures = Collections.synchronizedList(new ArrayList<>());
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        OutputStream target = new OutputStream() {
            @Override
            public void write(int single) throws IOException {
                if (single == '!') {
                    throw new IOException("refused");
                }
                got.write(single);
            }
        };
        try (BackgroundStream stream =
                new BackgroundStream(target, 10, lost -> {}, refused -> failures.add(refused.getMessage()))) {
            stream.write('!');
            assertThat(stream.finish(LONG)).isTrue();
            stream.write('x');
            assertThat(stream.finish(LONG)).isTrue();
        }
        assertThat(failures).containsExactly("refused");
        assertThat(got.toString(UTF_8)).isEqualTo("x");
    }

    /** Takes nothing until it is freed. */
    private static final class Stuck extends OutputStream {
        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch free = new CountDownLatch(1);
        final ByteArrayOutputStream got = new ByteArrayOutputStream();

        @Override
        public void write(int single) throws IOException {
            write(new byte[] {(byte) single}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            entered.countDown();
            try {
                free.await();
            } catch (InterruptedException end) {
                throw new IOException(end);
            }
            got.write(bytes, offset, length);
        }
    }
}
