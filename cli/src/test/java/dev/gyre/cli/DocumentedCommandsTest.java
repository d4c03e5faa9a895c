package dev.gyre.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.ParameterException;

/** The commands that the documents tell people to type exist, with their options. */
final class DocumentedCommandsTest {
    /** A line of a code block, or code in a sentence, up to the first comment, pipe or redirection. */
    private static final Pattern COMMAND = Pattern.compile("(?m)(?:^|`)(?:[A-Z_]+=\\S+ )*\\./gyre\\b([^`#|&>\n]*)");

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs/serve.md"})
    void documentedCommandsExist(String document) throws IOException {
        String text = Files.readString(Path.of("").toAbsolutePath().getParent().resolve(document));

        for (String arguments : commands(text)) {
            assertThatCode(() -> parse(arguments))
                    .as("./gyre %s in %s", arguments, document)
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void theReadmeHasSome() throws IOException {
        assertThat(commands(Files.readString(Path.of("../README.md")))).contains("serve .", "doctor");
    }

    @Test
    void commandsAreFoundInBlocksAndSentences() {
        assertThat(commands("Use `./gyre doctor --json`, or\n```sh\nA=b ./gyre doctor  # checks\n./gyre x | y\n```\n"))
                .containsExactly("doctor --json", "doctor", "x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"doctr", "doctor --jsn", "doctor file"})
    void aCommandThatDoesNotExistIsNoticed(String arguments) {
        assertThatThrownBy(() -> parse(arguments)).isInstanceOf(ParameterException.class);
    }

    private static List<String> commands(String document) {
        return COMMAND.matcher(document)
                .results()
                .map(match -> match.group(1).strip())
                .toList();
    }

    private static void parse(String arguments) {
        if (!arguments.isEmpty()) {
            Main.commandLine().parseArgs(arguments.split(" +", 0));
        }
    }
}
