package dev.gyre.examples.store;

import dev.gyre.process.Pid;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Commands about the connection and the server. */
final class ServerCommands {
    /** The version of Redis whose answers these are. */
    private static final String VERSION = "7.0.15";

    private final Session session;
    private final Store store;
    private final Request request;
    private final RespWriter replies;

    ServerCommands(Session session) {
        this.session = session;
        this.store = session.store;
        this.request = session.request;
        this.replies = session.replies;
    }

    static CommandError noPassword() {
        return new CommandError("ERR AUTH <password> called without any password configured for the default user."
                + " Are you sure your configuration is correct?");
    }

    void hello() {
        int version = request.count() > 1 ? version() : replies.version();
        String name = session.name;
        for (int i = 2; i < request.count(); i++) {
            if (request.is(i, "AUTH") && i + 2 < request.count()) {
                throw noPassword();
            } else if (request.is(i, "SETNAME") && i + 1 < request.count()) {
                i++;
                name = name(i);
            } else {
                throw new CommandError("ERR Syntax error in HELLO option '" + session.start(i) + "'");
            }
        }
        replies.version(version);
        session.name = name;
        replies.map(7);
        pair("server", "gyre-store");
        pair("version", VERSION);
        pair("proto", version);
        pair("id", session.id);
        pair("mode", "standalone");
        pair("role", "master");
        replies.bulk("modules");
        replies.array(0);
    }

    private int version() {
        long version;
        try {
            version = request.integer(1);
        } catch (CommandError none) {
            throw new CommandError("ERR Protocol version is not an integer or out of range");
        }
        if (version < 2 || version > 3) {
            throw new CommandError("NOPROTO unsupported protocol version");
        }
        return (int) version;
    }

    private String name(int argument) {
        String name = request.text(argument);
        if (!name.chars().allMatch(letter -> letter > ' ' && letter <= '~')) {
            throw new CommandError("ERR Client names cannot contain spaces, newlines or special characters.");
        }
        return name;
    }

    void ping() {
        if (request.count() > 2) {
            throw CommandError.arguments("ping");
        }
        if (request.count() == 2) {
            replies.bulk(request.buffer(), request.from(1), request.to(1));
        } else {
            replies.simple("PONG");
        }
    }

    void quit() {
        session.ends = true;
        replies.ok();
    }

    void select() {
        if (request.integer(1) != 0) {
            throw new CommandError("ERR DB index is out of range");
        }
        replies.ok();
    }

    void client() {
        if (isSubcommand("ID", 2, "client")) {
            replies.integer(session.id);
        } else if (isSubcommand("GETNAME", 2, "client")) {
            if (session.name.isEmpty()) {
                replies.nullValue();
            } else {
                replies.bulk(session.name);
            }
        } else if (isSubcommand("SETNAME", 3, "client")) {
            session.name = name(2);
            replies.ok();
        } else if (isSubcommand("SETINFO", 4, "client")) {
            replies.ok();
        } else {
            throw unknownSubcommand("CLIENT");
        }
    }

    void configuration() {
        if (request.is(1, "GET") && request.count() > 2) {
            Map<String, String> found = new TreeMap<>();
            for (int i = 2; i < request.count(); i++) {
                Glob pattern = new Glob(RespWriter.ascii(request.text(i).toLowerCase(Locale.ROOT)));
                settings().forEach((name, value) -> {
                    if (pattern.matches(RespWriter.ascii(name))) {
                        found.put(name, value);
                    }
                });
            }
            replies.map(found.size());
            found.forEach(this::pair);
        } else if (request.is(1, "SET")) {
            throw new CommandError("ERR CONFIG SET failed: options are given when the store is started");
        } else {
            throw unknownSubcommand("CONFIG");
        }
    }

    private Map<String, String> settings() {
        StoreOptions options = store.options();
        return Map.of(
                "appendfsync", options.fsync().toString(),
                "appendonly", "yes",
                "auto-aof-rewrite-min-size", Long.toString(options.rewriteMin()),
                "databases", "1",
                "dir", options.folder(),
                "maxclients", Integer.toString(options.clientsMax()),
                "maxmemory", "0",
                "port", Integer.toString(store.port()),
                "proto-max-bulk-len", Integer.toString(RequestParser.ARGUMENT_MAX),
                "save", "");
    }

    void commands() {
        if (request.count() == 1) {
            describe(List.of(Command.values()));
        } else if (isSubcommand("COUNT", 2, "command")) {
            replies.integer(Command.values().length);
        } else if (request.is(1, "DOCS")) {
            replies.map(0);
        } else if (request.is(1, "INFO")) {
            List<Command> named = new ArrayList<>();
            for (int i = 2; i < request.count(); i++) {
                Command command = Command.of(request, i);
                if (command != null) {
                    named.add(command);
                }
            }
            describe(named);
        } else {
            throw unknownSubcommand("COMMAND");
        }
    }

    private void describe(List<Command> commands) {
        replies.array(commands.size());
        for (Command command : commands) {
            replies.array(6);
            replies.bulk(command.spelling());
            replies.integer(command.arity);
            replies.array(1);
            replies.simple(command.writes ? "write" : "readonly");
            replies.integer(command.keys.first);
            replies.integer(command.keys.last);
            replies.integer(command.keys.step);
        }
    }

    void rewrite() {
        Pid log = store.current().log();
        log.send(new LogProcess.Rewrite());
        replies.simple("Background append only file rewriting started");
    }

    void info() {
        Database database = session.database;
        String failure = database.journal().failure();
        replies.verbatim("""
                # Server
                redis_version:%s
                redis_mode:standalone
                server_name:gyre-store
                tcp_port:%d

                # Clients
                connected_clients:%d
                maxclients:%d

                # Persistence
                loading:0
                aof_enabled:1
                aof_last_write_status:%s

                # Keyspace
                db0:keys=%d,expires=%d,avg_ttl=0
                """.formatted(
                        VERSION, store.port(), store.clients(), store.options().clientsMax(),
                        failure == null ? "ok" : "err", database.keyspace().size(), database.keyspace().expiring())
                .replace("\n", "\r\n"));
    }

    private boolean isSubcommand(String name, int arguments, String command) {
        if (!request.is(1, name)) {
            return false;
        }
        if (request.count() != arguments) {
            throw CommandError.arguments(command + "|" + name.toLowerCase(Locale.ROOT));
        }
        return true;
    }

    private CommandError unknownSubcommand(String command) {
        return new CommandError("ERR unknown subcommand '" + session.start(1) + "'. Try " + command + " HELP.");
    }

    private void pair(String key, String value) {
        replies.bulk(key);
        replies.bulk(value);
    }

    private void pair(String key, long value) {
        replies.bulk(key);
        replies.integer(value);
    }
}
