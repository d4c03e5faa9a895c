package dev.gyre.http.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.security.crypto.bcrypt.BCrypt;

@Tag("T14")
class UsersTest {
    /** Made by {@code htpasswd -nbB -C 4 bob secret} of Apache 2.4. */
    private static final String OF_HTPASSWD = "bob:$2y$04$DibX3S3lp9yI9EwpacdyOuQ8Nr5xD.J1Lcu3f8jUvvz9caKONUwGy";

    @Test
    void knowsWhatHtpasswdWrites() {
        Users users = Users.parse(List.of(OF_HTPASSWD, "ann:{PLAIN}a:b"));
        assertThat(users.verify(basic("bob:secret"))).contains("bob");
        assertThat(users.verify(basic("bob:Secret"))).isEmpty();
        assertThat(users.verify(basic("ann:a:b"))).contains("ann");
        assertThat(users.verify(basic("eve:secret"))).isEmpty();
        assertThat(users.hasPlainPasswords()).isTrue();
        assertThat(Users.parse(List.of(OF_HTPASSWD)).hasPlainPasswords()).isFalse();
    }

    @Test
    void remembersOnlyWhatWasRight() {
        Users users = Users.parse(List.of(OF_HTPASSWD));
        assertThat(users.remembered(basic("bob:secret"))).as("not seen yet").isEmpty();
        users.verify(basic("bob:wrong"));
        assertThat(users.remembered(basic("bob:wrong"))).isEmpty();
        users.verify(basic("bob:secret"));
        assertThat(users.remembered(basic("bob:secret"))).contains("bob");
        assertThat(users.remembered(basic("bob:wrong"))).isEmpty();
        assertThat(users.remembered(basic("eve:secret"))).isEmpty();
    }

    @Test
    void aPasswordIsReadAsFarAsBcryptReadsIt() {
        String hash = BCrypt.hashpw("x".repeat(72), BCrypt.gensalt(4));
        Users users = Users.parse(List.of("ann:" + hash));
        assertThat(users.verify(basic("ann:" + "x".repeat(72)))).contains("ann");
        assertThat(users.verify(basic("ann:" + "x".repeat(100)))).contains("ann");
        assertThat(users.verify(basic("ann:" + "x".repeat(71)))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "ann|is no 'name:password'", ":x|is no 'name:password'", "ann:x|no bcrypt hash", "ann:|no bcrypt hash",
        "ann:$apr1$abc$def|no bcrypt hash", "ann:{SHA}abc|no bcrypt hash", "ann:{PLAIN}|empty password",
        "ann:$2y$31$UQJ8Iiu0v8kOQ6UyTtwkkuO4vFJlIGV1iwTlqCFhx34pbYrA.Yo/i|cost of 31",
        "ann:$2y$04$short|no bcrypt hash"
    })
    void aLineThatIsNoUserIsNamed(String line, String what) {
        assertThatThrownBy(() -> Users.parse(List.of("# first", line)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("line 2 ")
                .hasMessageContaining(what);
    }

    @Test
    void aFileWithoutUsersIsNoFileOfUsers() {
        assertThatThrownBy(() -> Users.parse(List.of("", "#"))).hasMessageContaining("htpasswd -B");
        assertThatThrownBy(() -> Users.parse(List.of(OF_HTPASSWD, OF_HTPASSWD))).hasMessageContaining("before: bob");
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
}
