package dev.gyre.checks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/**
 * What is linked where it is first used. A call site that fails to link for lack of memory can fail for ever (JVMS
 * 5.4.3.6), and the texts of errors are first needed when something is lacking.
 */
final class LinkageTest {

    @Test
    void textsAreMadeWithoutLinkingAnything() throws IOException {
        List<String> linking = new ArrayList<>();
        int classes = 0;
        for (String path : ColdStart.jars().split(File.pathSeparator, -1)) {
            try (JarFile jar = new JarFile(path)) {
                for (JarEntry entry : jar.stream().toList()) {
                    if (entry.getName().matches("dev/gyre/.*\\.class")) {
                        classes++;
                        byte[] content = jar.getInputStream(entry).readAllBytes();
                        if (new String(content, ISO_8859_1).contains("java/lang/invoke/StringConcatFactory")) {
                            linking.add(entry.getName());
                        }
                    }
                }
            }
        }
        assertThat(classes).isGreaterThan(300);
        assertThat(linking).isEmpty();
    }
}
