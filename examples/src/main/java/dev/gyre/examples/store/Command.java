package dev.gyre.examples.store;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The commands, with what clients want to know about them. */
enum Command {
    APPEND(3, Keys.FIRST, true),
    AUTH(-2),
    BGREWRITEAOF(-1),
    CLIENT(-2),
    COMMAND(-1),
    CONFIG(-2),
    DBSIZE(1),
    DECR(2, Keys.FIRST, true),
    DECRBY(3, Keys.FIRST, true),
    DEL(-2, Keys.ALL, true),
    ECHO(2),
    EXISTS(-2, Keys.ALL, false),
    EXPIRE(-3, Keys.FIRST, true),
    EXPIREAT(-3, Keys.FIRST, true),
    FLUSHALL(-1, Keys.NONE, true),
    FLUSHDB(-1, Keys.NONE, true),
    GET(2, Keys.FIRST, false),
    GETDEL(2, Keys.FIRST, true),
    GETSET(3, Keys.FIRST, true),
    HELLO(-1),
    INCR(2, Keys.FIRST, true),
    INCRBY(3, Keys.FIRST, true),
    INFO(-1),
    KEYS(2),
    MGET(-2, Keys.ALL, false),
    MSET(-3, Keys.IN_PAIRS, true),
    PERSIST(2, Keys.FIRST, true),
    PEXPIRE(-3, Keys.FIRST, true),
    PEXPIREAT(-3, Keys.FIRST, true),
    PING(-1),
    PTTL(2, Keys.FIRST, false),
    QUIT(-1),
    SCAN(-2),
    SELECT(2),
    SET(-3, Keys.FIRST, true),
    STRLEN(2, Keys.FIRST, false),
    TTL(2, Keys.FIRST, false),
    TYPE(2, Keys.FIRST, false);

    /** Which arguments are keys: from the first to the last, of which -1 is the very last, in steps. */
    enum Keys {
        NONE(0, 0, 0),
        FIRST(1, 1, 1),
        ALL(1, -1, 1),
        IN_PAIRS(1, -1, 2);

        final int first;
        final int last;
        final int step;

        Keys(int first, int last, int step) {
            this.first = first;
            this.last = last;
            this.step = step;
        }
    }

    /** By the hash of their names; a power of two, and much larger than their number. */
    private static final @Nullable Command[] TABLE = new Command[256];

    static {
        for (Command command : values()) {
            byte[] name = RespWriter.ascii(command.name());
            int slot = slot(name, 0, name.length);
            while (TABLE[slot] != null) {
                slot = next(slot);
            }
            TABLE[slot] = command;
        }
    }

    /** How many arguments it has, its name included; as a negative number, how many at least. */
    final int arity;

    final Keys keys;

    /** Whether it may change something. */
    final boolean writes;

    private final String spelling = name().toLowerCase(Locale.ROOT);

    Command(int arity) {
        this(arity, Keys.NONE, false);
    }

    Command(int arity, Keys keys, boolean writes) {
        this.arity = arity;
        this.keys = keys;
        this.writes = writes;
    }

    /** Its name in lower case. */
    String spelling() {
        return spelling;
    }

    boolean takes(int arguments) {
        return arity >= 0 ? arguments == arity : arguments >= -arity;
    }

    /** The command that a request names; null if there is none. */
    static @Nullable Command of(Request request) {
        return of(request, 0);
    }

    /** The command that an argument names; null if there is none. */
    static @Nullable Command of(Request request, int argument) {
        int slot = slot(request.buffer(), request.from(argument), request.to(argument));
        while (true) {
            Command command = TABLE[slot];
            if (command == null || request.is(argument, command.name())) {
                return command;
            }
            slot = next(slot);
        }
    }

    private static int slot(byte[] name, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = hash * 31 + Request.upper(name[i]);
        }
        return (hash ^ (hash >>> 8)) & (TABLE.length - 1);
    }

    private static int next(int slot) {
        return (slot + 1) & (TABLE.length - 1);
    }
}
