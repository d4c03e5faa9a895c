%% TCP echo, a process for each connection: what dev.gyre.benchmarks.peers.GyreProcessEcho does, on gen_tcp. Its
%% argument: once, or passive. Serves until standard input ends.
-module(sockets).
-export([main/0]).

main() ->
    [How] = init:get_plain_arguments(),
    {ok, Listener} = gen_tcp:listen(0, [binary, {ip, {127, 0, 0, 1}}, {active, false}, {backlog, 4096},
        {reuseaddr, true}, {nodelay, true}, {buffer, 65536}]),
    {ok, Port} = inet:port(Listener),
    spawn(fun() -> end_with_input() end),
    io:format("listening 127.0.0.1:~b~n", [Port]),
    accept(Listener, How).

end_with_input() ->
    case io:get_line("") of
        eof -> halt();
        {error, _} -> halt();
        _ -> end_with_input()
    end.

accept(Listener, How) ->
    {ok, Socket} = gen_tcp:accept(Listener),
    Owner = spawn(fun() -> receive start when How =:= "once" -> once(Socket); start -> passive(Socket) end end),
    ok = gen_tcp:controlling_process(Socket, Owner),
    Owner ! start,
    accept(Listener, How).

once(Socket) ->
    inet:setopts(Socket, [{active, once}]),
    receive
        {tcp, Socket, Data} -> gen_tcp:send(Socket, Data), once(Socket);
        {tcp_closed, Socket} -> ok;
        {tcp_error, Socket, _} -> ok
    end.

passive(Socket) ->
    case gen_tcp:recv(Socket, 0) of
        {ok, Data} -> gen_tcp:send(Socket, Data), passive(Socket);
        {error, _} -> ok
    end.
