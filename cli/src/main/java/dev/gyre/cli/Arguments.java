package dev.gyre.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The program's arguments as the kernel has them.
 *
 * <p>The virtual machine decodes them as the locale says, and what is no text there becomes a question mark or U+FFFD,
 * so that a file of that name cannot be found any more. The kernel still has the bytes. They become text as names of
 * files do in {@code Io}: UTF-8, and a byte that is none U+DC80 to U+DCFF.
 */
final class Arguments {
    private Arguments() {}

    /** The same arguments, exact where the kernel tells them. */
    static String[] exact(String[] decoded) {
        boolean plain = true;
        for (String argument : decoded) {
            plain &= argument.chars().allMatch(c -> c < 0x80 && c != '?');
        }
        return plain ? decoded : exact(decoded, Path.of("/proc/self/cmdline"));
    }

    /** They are the last of the command line, and as many; what does not fit is as it was decoded. */
    static String[] exact(String[] decoded, Path commandLine) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(commandLine);
        } catch (IOException hidden) {
            return decoded;
        }
        List<String> all = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                all.add(text(ByteBuffer.wrap(bytes, start, i - start)));
                start = i + 1;
            }
        }
        int before = all.size() - decoded.length;
        return before < 0 ? decoded : all.subList(before, all.size()).toArray(String[]::new);
    }

    private static String text(ByteBuffer bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer text = CharBuffer.allocate(bytes.remaining());
        for (CoderResult result = decoder.decode(bytes, text, true);
                result.isMalformed();
                result = decoder.decode(bytes, text, true)) {
            for (int i = 0; i < result.length(); i++) {
                text.put((char) (0xdc00 + Byte.toUnsignedInt(bytes.get())));
            }
        }
        return text.flip().toString();
    }
}
