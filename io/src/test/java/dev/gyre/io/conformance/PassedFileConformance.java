package dev.gyre.io.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.ConnectionPair;
import dev.gyre.io.Directory;
import dev.gyre.io.File;
import dev.gyre.io.Io;
import dev.gyre.io.OpenOptions;
import dev.gyre.io.Received;
import dev.gyre.io.SocketType;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and folders that are passed over a Unix socket. */
@Tag("T13")
@SuppressWarnings("try") // what is passed on is closed before, too
abstract class PassedFileConformance {
    @Test
    void filesAndFoldersArePassedOn(Io io, @TempDir Path path) throws Exception {
        OpenOptions both = new OpenOptions(OpenOptions.Access.READ_WRITE, Set.of(OpenOptions.Flag.CREATE), 0600);
        try (ConnectionPair way = io.connectPair(SocketType.SEQPACKET);
                Directory folder = io.currentDirectory().openDirectory(path.toString());
                File file = folder.openFile("file", both);
                Directory sub = folder.makeOpenPath("sub")) {
            file.writeAll("content".getBytes(StandardCharsets.UTF_8));
            way.first().writeWith(MemorySegment.ofArray(new byte[1]), List.of(file, sub));
            sub.close();
            try (Received received = way.second().readWith(MemorySegment.ofArray(new byte[1]), 2)) {
                File passed = (File) received.passed().getFirst();
                passed.seekTo(3);
                byte[] rest = new byte[10];
                assertThat(file.read(rest)).as("the position is one").isEqualTo(4);
                file.close();
                assertThat(passed.read(rest, 0)).isEqualTo(7);
                Directory passedFolder = (Directory) received.passed().getLast();
                passedFolder.openFile("inside", OpenOptions.REPLACE).close();
                assertThat(folder.stat("sub/inside").size()).isZero();
            }
        }
    }
}
