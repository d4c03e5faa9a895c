package dev.gyre.examples.store;

/**
 * What follows the value in SET.
 *
 * @param condition when the value is set at all
 * @param returnsOld whether the answer is what the key had
 * @param keepsExpiry whether the key expires when it did
 * @param expiresAtMillis when it expires otherwise
 */
record SetOptions(Condition condition, boolean returnsOld, boolean keepsExpiry, long expiresAtMillis) {
    enum Condition {
        ALWAYS,
        IF_THERE,
        IF_NOT_THERE
    }

    static SetOptions of(Request request, Database database) {
        Condition condition = Condition.ALWAYS;
        boolean returnsOld = false;
        boolean keepsExpiry = false;
        long expiry = Keyspace.NEVER;
        for (int i = 3; i < request.count(); i++) {
            if (request.is(i, "NX") && condition == Condition.ALWAYS) {
                condition = Condition.IF_NOT_THERE;
            } else if (request.is(i, "XX") && condition == Condition.ALWAYS) {
                condition = Condition.IF_THERE;
            } else if (request.is(i, "GET")) {
                returnsOld = true;
            } else if (request.is(i, "KEEPTTL") && expiry == Keyspace.NEVER) {
                keepsExpiry = true;
            } else {
                Expiry.Unit unit = Expiry.Unit.of(request, i);
                if (unit == null || keepsExpiry || expiry != Keyspace.NEVER || i + 1 == request.count()) {
                    throw CommandError.syntax();
                }
                i++;
                expiry = Expiry.positive(request.integer(i), unit, database, "set");
            }
        }
        return new SetOptions(condition, returnsOld, keepsExpiry, expiry);
    }
}
