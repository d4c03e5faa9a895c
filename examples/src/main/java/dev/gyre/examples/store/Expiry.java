package dev.gyre.examples.store;

import org.jspecify.annotations.Nullable;

/** The moments at which keys expire, in all the ways in which clients say them. */
final class Expiry {
    private static final long MILLIS = 1000;

    private Expiry() {}

    /** What a number is: seconds or milliseconds, from now on or since 1970. */
    enum Unit {
        EX(MILLIS, true),
        PX(1, true),
        EXAT(MILLIS, false),
        PXAT(1, false);

        private final long millis;
        private final boolean fromNow;

        Unit(long millis, boolean fromNow) {
            this.millis = millis;
            this.fromNow = fromNow;
        }

        /** The one that an argument names; null if none. */
        static @Nullable Unit of(Request request, int argument) {
            for (Unit unit : values()) {
                if (request.is(argument, unit.name())) {
                    return unit;
                }
            }
            return null;
        }

        static Unit of(Command command) {
            return switch (command) {
                case EXPIRE -> EX;
                case PEXPIRE -> PX;
                case EXPIREAT -> EXAT;
                default -> PXAT;
            };
        }
    }

    /** Milliseconds since 1970, for a number above zero. */
    static long positive(long number, Unit unit, Database database, String command) {
        if (number <= 0) {
            throw invalid(command);
        }
        return atMillis(number, unit, database, command);
    }

    /** Milliseconds since 1970. */
    static long atMillis(long number, Unit unit, Database database, String command) {
        try {
            long millis = Math.multiplyExact(number, unit.millis);
            long at = unit.fromNow ? Math.addExact(millis, database.nowMillis()) : millis;
            return Math.min(at, Keyspace.NEVER - 1);
        } catch (ArithmeticException overflow) {
            throw invalid(command);
        }
    }

    private static CommandError invalid(String command) {
        return new CommandError("ERR invalid expire time in '" + command + "' command");
    }
}
