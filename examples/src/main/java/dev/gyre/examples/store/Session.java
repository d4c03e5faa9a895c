package dev.gyre.examples.store;

import java.nio.charset.StandardCharsets;

/**
 * A client and what it asks: the request that is carried out, and the replies to all of a batch. Used with the
 * database's monitor.
 */
final class Session {
    /** So much of what a client has sent is repeated in an error. */
    private static final int START_MAX = 128;

    final Store store;
    final Database database;
    final Request request;
    final RespWriter replies = new RespWriter();
    final long id;

    /** What the client calls itself; empty if it does not. */
    String name = "";

    /** Whether the connection ends after this batch. */
    boolean ends;

    private final StringCommands strings;
    private final KeyCommands keys;
    private final ServerCommands server;

    Session(Store store, Database database, Request request, long id) {
        this.store = store;
        this.database = database;
        this.request = request;
        this.id = id;
        strings = new StringCommands(database, request, replies);
        keys = new KeyCommands(database, request, replies);
        server = new ServerCommands(this);
    }

    /** Carries the request out, and writes the one reply that it has. */
    void execute() {
        try {
            perform();
        } catch (CommandError error) {
            replies.error(error.answer());
        }
    }

    /** Carries the request out. Throws before anything is changed, or written, if that cannot be. */
    void perform() {
        Command command = Command.of(request);
        if (command == null) {
            throw unknown();
        }
        if (!command.takes(request.count())) {
            throw CommandError.arguments(command.spelling());
        }
        String failure = database.journal().failure();
        if (command.writes && failure != null) {
            throw new CommandError(unwritten(failure));
        }
        switch (command) {
            case APPEND -> strings.append();
            case DECR -> strings.add(-1);
            case DECRBY -> strings.subtract();
            case GET -> strings.get();
            case GETDEL -> strings.getAndDelete();
            case GETSET -> strings.getAndSet();
            case INCR -> strings.add(1);
            case INCRBY -> strings.add(request.integer(2));
            case MGET -> strings.getAll();
            case MSET -> strings.setAll();
            case SET -> strings.set();
            case STRLEN -> strings.length();
            case DBSIZE -> keys.count();
            case DEL -> keys.delete();
            case EXISTS -> keys.exist();
            case EXPIRE, EXPIREAT, PEXPIRE, PEXPIREAT -> keys.expire(command);
            case FLUSHALL, FLUSHDB -> keys.deleteAll();
            case KEYS -> keys.list();
            case PERSIST -> keys.persist();
            case PTTL -> keys.timeLeft(1);
            case SCAN -> keys.scan();
            case TTL -> keys.timeLeft(1000);
            case TYPE -> keys.type();
            case AUTH -> throw ServerCommands.noPassword();
            case BGREWRITEAOF -> server.rewrite();
            case CLIENT -> server.client();
            case COMMAND -> server.commands();
            case CONFIG -> server.configuration();
            case ECHO -> replies.bulk(request.buffer(), request.from(1), request.to(1));
            case HELLO -> server.hello();
            case INFO -> server.info();
            case PING -> server.ping();
            case QUIT -> server.quit();
            case SELECT -> server.select();
        }
    }

    /** Whether the request is one that changes something. */
    boolean changes() {
        Command command = Command.of(request);
        return command != null && command.writes;
    }

    /** The answer to a change that could not be written to the file. */
    static String unwritten(String why) {
        return "MISCONF Errors writing to the append-only file: " + why + ". Changes are refused until it can be"
                + " written; what was acknowledged is safe";
    }

    private CommandError unknown() {
        StringBuilder arguments = new StringBuilder();
        for (int i = 1; i < request.count() && arguments.length() < START_MAX; i++) {
            arguments.append('\'').append(start(i)).append("' ");
        }
        return new CommandError("ERR unknown command '" + start(0) + "', with args beginning with: " + arguments);
    }

    /** What an argument begins with. */
    String start(int argument) {
        return new String(
                request.buffer(),
                request.from(argument),
                Math.min(request.length(argument), START_MAX),
                StandardCharsets.ISO_8859_1);
    }
}
