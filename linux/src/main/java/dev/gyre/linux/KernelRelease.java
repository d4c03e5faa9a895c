package dev.gyre.linux;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The release of a kernel.
 *
 * <p>It tells people what runs. It does not tell what works: distributions carry features back, and containers refuse
 * them, so a feature is asked for or tried instead.
 *
 * @param release all of it, for example {@code 6.1.0-18-amd64}
 * @param major the first number
 * @param minor the second number
 */
public record KernelRelease(String release, int major, int minor) {
    private static final Pattern NUMBERS = Pattern.compile("(\\d{1,9})\\.(\\d{1,9}).*", Pattern.DOTALL);

    /**
     * Reads a release as uname(2) gives it.
     *
     * @param release text that begins with two numbers and a dot between them
     * @return the release
     * @throws IllegalArgumentException if it does not begin so
     */
    public static KernelRelease parse(String release) {
        Matcher numbers = NUMBERS.matcher(release);
        if (!numbers.matches()) {
            throw new IllegalArgumentException(
                    "a kernel's release begins like 6.1, but this one is \"" + release + "\"");
        }
        return new KernelRelease(release, Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)));
    }

    /**
     * Whether this release is a given one or newer.
     *
     * @param otherMajor the first number
     * @param otherMinor the second number
     * @return whether it is
     */
    public boolean isAtLeast(int otherMajor, int otherMinor) {
        return major != otherMajor ? major > otherMajor : minor >= otherMinor;
    }

    @Override
    public String toString() {
        return release;
    }
}
