%% What dev.gyre.benchmarks.processes.Processes says, in Erlang: WHAT COUNT WARMUP WINDOW, or idle COUNT.
-module(processes).
-export([main/0, echo/2, pass/1, send/2]).

-define(RING, 10000).
-define(SENDERS, 1000).

main() ->
    case init:get_plain_arguments() of
        ["idle", Count] ->
            N = list_to_integer(Count),
            idle(1),
            Before = memory(),
            idle(N),
            io:format("~.1f~n", [(memory() - Before) / N]);
        [What, Count, Warmup, Window] ->
            N = list_to_integer(Count),
            First = rounds(What, N, 0),
            rounds(What, N, list_to_integer(Warmup)),
            Warm = rounds(What, N, list_to_integer(Window)),
            io:format("~.1f ~.1f~n", [First, Warm])
    end,
    halt().

%% Rounds until the milliseconds are over, at least one; nanoseconds each.
rounds(What, N, Millis) ->
    Begin = erlang:monotonic_time(nanosecond),
    rounds(What, N, Begin, Begin + Millis * 1000000, 1).

rounds(What, N, Begin, End, Rounds) ->
    round(What, N),
    case erlang:monotonic_time(nanosecond) of
        Now when Now < End -> rounds(What, N, Begin, End, Rounds + 1);
        Now -> (Now - Begin) / Rounds / N
    end.

%% Each round in a process of its own, as small as it begins.
round(What, N) ->
    {_, Ref} = spawn_monitor(fun() -> what(What, N) end),
    receive {'DOWN', Ref, process, _, normal} -> ok end.

what("pingPong", N) ->
    Me = self(),
    Echo = spawn_link(?MODULE, echo, [Me, N div 2]),
    ping(Echo, N div 2);
what("spawn", N) -> spawn_each(N);
what("ring", N) ->
    Next = lists:foldl(fun(_, To) -> spawn(?MODULE, pass, [To]) end, self(), lists:seq(2, ?RING)),
    Next ! N,
    pass(Next);
what("fanIn", N) ->
    Me = self(),
    Each = max(1, N div ?SENDERS),
    [spawn(?MODULE, send, [Me, Each]) || _ <- lists:seq(1, ?SENDERS)],
    take(?SENDERS * Each).

echo(_, 0) -> ok;
echo(To, N) -> receive Message -> To ! Message, echo(To, N - 1) end.

ping(_, 0) -> ok;
ping(Echo, N) -> Echo ! message, receive _ -> ping(Echo, N - 1) end.

spawn_each(0) -> ok;
spawn_each(N) -> Me = self(), spawn(fun() -> Me ! message end), receive _ -> spawn_each(N - 1) end.

pass(To) ->
    receive
        Left when Left > 0 -> To ! Left - 1, pass(To);
        Left -> To ! Left
    end.

send(_, 0) -> ok;
send(To, N) -> To ! message, send(To, N - 1).

take(0) -> ok;
take(N) -> receive _ -> take(N - 1) end.

idle(N) ->
    Me = self(),
    [spawn(fun() -> Me ! message, receive stop -> ok end end) || _ <- lists:seq(1, N)],
    take(N).

memory() ->
    erlang:garbage_collect(),
    {ok, Text} = file:read_file("/proc/self/smaps_rollup"),
    {match, [Kib]} = re:run(Text, "\nPss: *([0-9]+)", [{capture, all_but_first, list}]),
    list_to_integer(Kib) * 1024.
