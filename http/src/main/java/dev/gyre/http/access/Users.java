package dev.gyre.http.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.springframework.security.crypto.bcrypt.BCrypt;

/**
 * Users and their passwords, as {@code htpasswd -B} writes them: {@code name:$2y$…}, one a line, bcrypt. A password as
 * it is, for trying something out, is {@code name:{PLAIN}password}. Lines that are empty or begin with {@code #} say
 * nothing.
 *
 * <p><b>bcrypt is slow</b>, which is its purpose: some 50 ms of a processor at cost 10. So who has given the right
 * password once is remembered by the SHA-256 of what was sent, and asked for no bcrypt again.
 *
 * <p><b>Time tells nothing:</b> secrets are compared to the end, and an unknown name costs as much as a wrong password.
 *
 * <p>Any thread may ask.
 */
public final class Users {
    private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$[./A-Za-z0-9]{53}");
    private static final String PLAIN = "{PLAIN}";

    /** A cost above this would take seconds a request. */
    private static final int COST_MAX = 16;

    /** bcrypt looks at no more. */
    private static final int PASSWORD_BYTES_MAX = 72;

    private static final String BASIC = "basic ";

    private final Map<String, String> secrets;
    private final String decoy;

    /** Of each user, the SHA-256 of the credentials that were right. */
    private final ConcurrentHashMap<String, byte[]> verified = new ConcurrentHashMap<>();

    private Users(Map<String, String> secrets) {
        this.secrets = secrets;
        this.decoy = secrets.values().stream()
                .filter(secret -> !secret.startsWith(PLAIN))
                .findFirst()
                .orElse("");
    }

    /**
     * Reads the lines of a file.
     *
     * @param lines without their ends
     * @return the users
     * @throws IllegalArgumentException with the number of the line, what is wrong and what to do about it; or if there
     *     is no user at all
     */
    public static Users parse(List<String> lines) {
        Map<String, String> secrets = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int colon = line.indexOf(':');
            if (colon <= 0) {
                throw wrong(i, "is no 'name:password'");
            }
            String name = line.substring(0, colon);
            String secret = line.substring(colon + 1);
            check(i, secret);
            if (secrets.put(name, secret) != null) {
                throw wrong(i, "has a name that was there before: " + name);
            }
        }
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("there is no user in it; add one with htpasswd -B FILE NAME");
        }
        return new Users(Map.copyOf(secrets));
    }

    private static void check(int line, String secret) {
        if (secret.startsWith(PLAIN)) {
            if (secret.length() == PLAIN.length()) {
                throw wrong(line, "has an empty password");
            }
            return;
        }
        var bcrypt = BCRYPT.matcher(secret);
        if (!bcrypt.matches()) {
            throw wrong(line, "has a password that is no bcrypt hash; make one with htpasswd -B,"
                    + " or write {PLAIN} before a password that is to stand there as it is");
        }
        int cost = Integer.parseInt(bcrypt.group(1));
        if (cost < 4 || cost > COST_MAX) {
            throw wrong(line, "has bcrypt with a cost of " + cost + "; 4 to " + COST_MAX + " are supported");
        }
    }

    private static IllegalArgumentException wrong(int line, String what) {
        return new IllegalArgumentException("line " + (line + 1) + " " + what);
    }

    /**
     * Whether there are passwords that anybody can read who can read the file.
     *
     * @return true for at least one
     */
    public boolean hasPlainPasswords() {
        return secrets.values().stream().anyMatch(secret -> secret.startsWith(PLAIN));
    }

    /**
     * The user, if the same was sent and was right before. Takes no time to speak of.
     *
     * @param authorization the value of {@code Authorization}
     * @return nobody where {@link #verify} has to look
     */
    public Optional<String> remembered(String authorization) {
        Optional<Credentials> given = Credentials.of(authorization);
        return given.filter(it -> isRemembered(it.name(), digest(authorization))).map(Credentials::name);
    }

    /**
     * The user, if the password is right. Computes for as long as bcrypt takes.
     *
     * @param authorization the value of {@code Authorization}
     * @return nobody where it is not, or where no password can be read
     */
    public Optional<String> verify(String authorization) {
        Optional<Credentials> given = Credentials.of(authorization);
        if (given.isEmpty() || !isRight(given.get())) {
            return Optional.empty();
        }
        String name = given.get().name();
        verified.put(name, digest(authorization));
        return Optional.of(name);
    }

    private boolean isRemembered(String name, byte[] digest) {
        byte[] known = verified.get(name);
        return known != null && MessageDigest.isEqual(known, digest);
    }

    private boolean isRight(Credentials given) {
        byte[] password = given.password().getBytes(StandardCharsets.UTF_8);
        String secret = secrets.get(given.name());
        if (secret != null && secret.startsWith(PLAIN)) {
            byte[] known = secret.substring(PLAIN.length()).getBytes(StandardCharsets.UTF_8);
            return MessageDigest.isEqual(digest(known), digest(password));
        }
        String hash = secret == null ? decoy : secret;
        if (hash.isEmpty()) {
            return false;
        }
        // The library knows $2a$, which is the same: what differs are the faults of other programs in the past.
        byte[] read = Arrays.copyOf(password, Math.min(password.length, PASSWORD_BYTES_MAX));
        return BCrypt.checkpw(read, "$2a" + hash.substring(3)) && secret != null;
    }

    private static byte[] digest(String text) {
        return digest(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has SHA-256", impossible);
        }
    }

    /** What a client says it is (RFC 7617). */
    private record Credentials(String name, String password) {
        static Optional<Credentials> of(String authorization) {
            if (!authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
                return Optional.empty();
            }
            try {
                byte[] pair = Base64.getDecoder().decode(authorization.substring(BASIC.length()).strip());
                String text = new String(pair, StandardCharsets.UTF_8);
                int colon = text.indexOf(':');
                return colon < 0
                        ? Optional.empty()
                        : Optional.of(new Credentials(text.substring(0, colon), text.substring(colon + 1)));
            } catch (IllegalArgumentException malformed) {
                return Optional.empty();
            }
        }
    }
}
