package dev.gyre.io.conformance;

/** How often a test runs a race: a few times with every build, as often as the property says in a stress run. */
final class Rounds {
    private static final String PROPERTY = "gyre.stress.rounds";

    private Rounds() {}

    static int of(int usual) {
        return Math.max(usual, Integer.getInteger(PROPERTY, 0));
    }
}
