package dev.gyre.io.conformance;

import org.junit.jupiter.api.Assumptions;

/** How often a test runs a race: a few times with every build, as often as the property says in a stress run. */
public final class Rounds {
    private static final String PROPERTY = "gyre.stress.rounds";

    private Rounds() {}

    /** So many, or as many as a stress run asks for if that is more. */
    public static int of(int usual) {
        return Math.max(usual, Integer.getInteger(PROPERTY, 0));
    }

    /** Skips a test that takes too long for every build. */
    public static void requireStress() {
        Assumptions.assumeTrue(System.getProperty(PROPERTY) != null, "only a stress run sets " + PROPERTY);
    }
}
