package dev.gyre.cli.copy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.IoOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a copy must have in common with its source. */
@Tag("T13")
final class AttributesTest {
    private static final String ACL = "system.posix_acl_access";

    @Test
    void anAccessControlListMayBeLostAndNotGained(@TempDir Path folder) throws Exception {
        try (Io io = Io.open(IoOptions.DEFAULT.withBackend("threaded"))) {
            Bearer with = bearer(io, folder.resolve("with"));
            Bearer without = bearer(io, folder.resolve("without"));
            try {
                with.setAttribute(ACL, accessControlList());
            } catch (IoException unsupported) {
                Assumptions.abort("no access control lists in " + folder + ": " + unsupported.getMessage());
            }
            assertThat(Attributes.sameExtended(with, with, List.of())).isTrue();
            assertThat(Attributes.sameExtended(with, without, List.of())).isFalse();
            assertThat(Attributes.sameExtended(with, without, List.of(ACL))).as("counted as lost").isTrue();
            assertThat(Attributes.sameExtended(without, with, List.of())).isFalse();
            assertThat(Attributes.sameExtended(without, with, List.of(ACL))).isFalse();
        }
    }

    private static Bearer bearer(Io io, Path path) throws Exception {
        return new Bearer.OfPath(io.currentDirectory(), Files.createFile(path).toString());
    }

    /** Another user may read (linux/posix_acl_xattr.h). */
    private static byte[] accessControlList() {
        ByteBuffer list = ByteBuffer.allocate(4 + 5 * 8).order(ByteOrder.LITTLE_ENDIAN).putInt(2);
        int[][] entries = {{0x01, 6, -1}, {0x02, 4, 12_345}, {0x04, 4, -1}, {0x10, 4, -1}, {0x20, 4, -1}};
        for (int[] entry : entries) {
            list.putShort((short) entry[0]).putShort((short) entry[1]).putInt(entry[2]);
        }
        return list.array();
    }
}
