%% The scenarios of OtpTest, as Erlang has them. Each prints a line "== name" and then its trace.
-module(scenarios).
-export([main/0]).
-export([alive/1, dead/0, down/1, next/0, next/1, nothing/0, out/1, sorted/1, text/1, trap/0, yes_or_no/1]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2]).
-export([callback_mode/0, handle_event/4, terminate/3]).
-export([start_idle/2, start_stubborn/1]).

main() ->
    [run(Name, Body) || {Name, Body} <- signals() ++ exits() ++ mailboxes() ++ names() ++ timers()
        ++ supervisors() ++ servers() ++ machines() ++ sockets:all()],
    ok.

run(Name, Body) ->
    out(["== ", atom_to_list(Name)]),
    {_, Ref} = spawn_monitor(Body),
    receive {'DOWN', Ref, process, _, normal} -> ok;
            {'DOWN', Ref, process, _, Reason} -> out(["ended ", text(Reason)])
    after 10000 -> out("does not end")
    end.

%% What all share.

out(Line) -> io:format("~s~n", [Line]).

text({'EXIT', _, Reason}) -> ["EXIT ", text(Reason)];
text({'DOWN', _, process, _, Reason}) -> ["DOWN ", text(Reason)];
text(Text) when is_atom(Text) -> atom_to_list(Text);
text(Number) when is_integer(Number) -> integer_to_list(Number);
text({error, _}) -> "error";
text(Message) when is_tuple(Message), is_port(element(2, Message)) -> sockets:text(Message);
text({Reason, Stack}) when is_list(Stack) -> text(Reason);
text(Other) -> io_lib:format("~p", [Other]).

next() -> receive Message -> out(text(Message)) after 5000 -> out("nothing has come") end.

next(Times) -> [next() || _ <- lists:seq(1, Times)].

nothing() -> receive Message -> out(["unexpected ", text(Message)]) after 20 -> out("nothing") end.

sorted(Times) ->
    Lines = [receive Message -> lists:flatten(text(Message)) end || _ <- lists:seq(1, Times)],
    [out(Line) || Line <- lists:sort(Lines)].

down(Ref) -> receive {'DOWN', Ref, process, _, Reason} -> out(["DOWN ", text(Reason)]) end.

dead() -> {Pid, Ref} = spawn_monitor(fun() -> ok end), receive {'DOWN', Ref, _, _, _} -> Pid end.

idle() -> receive stop -> ok end.

yes_or_no(true) -> out("true");
yes_or_no(false) -> out("false");
yes_or_no(_) -> out("true").

alive(Pid) -> yes_or_no(is_process_alive(Pid)).

refused(Fun) -> try Fun() of _ -> out("accepted") catch _:_ -> out("refused") end.

trap() -> process_flag(trap_exit, true).

%% Sends on what comes, having said that it is there.
echo(To) -> To ! ready, echo_loop(To).
echo_loop(To) -> receive {'EXIT', _, Reason} -> To ! list_to_atom(lists:flatten(["got EXIT ", text(Reason)]));
                         Message -> To ! Message end, echo_loop(To).

ready() -> receive ready -> ok end.

trapping_echo() ->
    Me = self(),
    {Pid, Ref} = spawn_monitor(fun() -> trap(), echo(Me) end),
    ready(),
    {Pid, Ref}.

plain_echo() ->
    Me = self(),
    {Pid, Ref} = spawn_monitor(fun() -> echo(Me) end),
    ready(),
    {Pid, Ref}.

signals() -> [
    {messages_come_in_order, fun() ->
        Me = self(),
        spawn(fun() -> [Me ! N || N <- lists:seq(1, 200)] end),
        All = [receive N -> N end || _ <- lists:seq(1, 200)],
        yes_or_no(All =:= lists:seq(1, 200)) end},
    {exit_comes_after_messages, fun() ->
        trap(), Me = self(),
        spawn_link(fun() -> Me ! a, Me ! b, exit(bad) end), next(3) end},
    {down_comes_after_messages, fun() ->
        Me = self(), spawn_monitor(fun() -> Me ! a, Me ! b end), next(3) end},
    {message_after_exit_signal, fun() ->
        {Pid, _} = trapping_echo(), exit(Pid, bad), Pid ! m, exit(Pid, worse), next(3), exit(Pid, kill) end},
    {messages_of_two_senders_each_in_order, fun() ->
        Me = self(),
        [spawn(fun() -> [Me ! {S, N} || N <- lists:seq(1, 50)] end) || S <- [1, 2]],
        All = [receive {S, N} -> {S, N} end || _ <- lists:seq(1, 100)],
        [yes_or_no([N || {T, N} <- All, T =:= S] =:= lists:seq(1, 50)) || S <- [1, 2]] end},
    {link_and_monitor, fun() ->
        trap(), Pid = spawn_link(fun idle/0), monitor(process, Pid), exit(Pid, bad), sorted(2) end},
    {two_monitors, fun() ->
        Pid = spawn(fun idle/0), monitor(process, Pid), monitor(process, Pid), Pid ! stop, next(2), nothing() end},
    {demonitor_before_the_end, fun() ->
        {Pid, Ref} = spawn_monitor(fun idle/0), yes_or_no(demonitor(Ref, [flush, info])), exit(Pid, kill), nothing() end},
    {demonitor_after_the_end, fun() ->
        {Pid, Ref} = spawn_monitor(fun idle/0), Other = monitor(process, Pid), exit(Pid, kill), down(Other),
        yes_or_no(demonitor(Ref, [flush, info])), nothing() end},
    {monitor_of_the_dead, fun() -> monitor(process, dead()), next() end},
    {monitor_of_itself, fun() -> monitor(process, self()), nothing() end},
    {one_of_two_monitors_is_taken_back, fun() ->
        {Pid, First} = spawn_monitor(fun idle/0), monitor(process, Pid), demonitor(First, [flush]), Pid ! stop,
        next(), nothing() end}].

exits() -> [
    {link_to_the_dead_trapping, fun() -> trap(), link(dead()), next() end},
    {link_to_the_dead, fun() -> {_, Ref} = spawn_monitor(fun() -> link(dead()), idle() end), down(Ref) end},
    {link_twice_is_one_link, fun() ->
        trap(), Pid = spawn_link(fun idle/0), link(Pid), link(Pid), exit(Pid, bad), next(), nothing() end},
    {unlink, fun() -> trap(), Pid = spawn_link(fun idle/0), unlink(Pid), exit(Pid, bad), nothing() end},
    {unlink_twice_linked, fun() ->
        trap(), Pid = spawn_link(fun idle/0), link(Pid), unlink(Pid), exit(Pid, bad), nothing() end},
    {unlink_from_the_other_side, fun() ->
        trap(), Me = self(),
        Pid = spawn_link(fun() -> unlink(Me), Me ! unlinked, idle() end), next(), exit(Pid, bad), nothing() end},
    {link_to_itself, fun() -> link(self()), nothing() end},
    {normal_end_of_the_linked, fun() -> spawn_link(fun() -> ok end), nothing() end},
    {normal_end_of_the_linked_trapping, fun() -> trap(), spawn_link(fun() -> ok end), next() end},
    {failure_ends_the_linked, fun() ->
        {_, Ref} = spawn_monitor(fun() -> spawn_link(fun() -> exit(bad) end), idle() end), down(Ref) end},
    {failure_goes_along_a_chain, fun() ->
        {_, Ref} = spawn_monitor(fun() ->
            spawn_link(fun() -> spawn_link(fun() -> exit(bad) end), idle() end), idle() end),
        down(Ref) end},
    {shutdown_goes_along_a_chain, fun() ->
        {_, Ref} = spawn_monitor(fun() ->
            spawn_link(fun() -> spawn_link(fun() -> exit(shutdown) end), idle() end), idle() end),
        down(Ref) end},
    {who_traps_breaks_the_chain, fun() ->
        Me = self(),
        {Outer, _} = spawn_monitor(fun() ->
            spawn_link(fun() -> trap(), spawn_link(fun() -> exit(bad) end),
                receive {'EXIT', _, bad} -> Me ! trapped end, idle() end), idle() end),
        next(), alive(Outer), exit(Outer, kill), next() end},
    {kill_ends_who_traps, fun() -> {Pid, Ref} = trapping_echo(), exit(Pid, kill), down(Ref), nothing() end},
    {kill_is_killed_to_the_linked, fun() -> trap(), Pid = spawn_link(fun idle/0), exit(Pid, kill), next() end},
    {killed_ends_the_linked, fun() ->
        Me = self(),
        {Outer, Ref} = spawn_monitor(fun() -> Me ! spawn_link(fun idle/0), idle() end),
        receive Inner -> exit(Inner, kill) end, down(Ref), alive(Outer) end},
    {killed_is_trapped, fun() ->
        {Pid, _} = trapping_echo(), Killed = spawn(fun() -> link(Pid), Pid ! linked, idle() end),
        next(), exit(Killed, kill), next(), alive(Pid), exit(Pid, kill) end},
    {kill_of_its_own_is_a_reason, fun() -> trap(), spawn_link(fun() -> exit(kill) end), next() end},
    {kill_of_its_own_ends_the_linked, fun() ->
        {_, Ref} = spawn_monitor(fun() -> spawn_link(fun() -> exit(kill) end), idle() end), down(Ref) end},
    {kill_of_its_own_is_trapped, fun() ->
        {Pid, _} = trapping_echo(), spawn(fun() -> link(Pid), exit(kill) end), next(), alive(Pid),
        exit(Pid, kill) end},
    {it_kills_itself, fun() -> {_, Ref} = spawn_monitor(fun() -> exit(self(), kill), idle() end), down(Ref) end},
    {it_kills_itself_trapping, fun() ->
        {_, Ref} = spawn_monitor(fun() -> trap(), exit(self(), kill), idle() end), down(Ref) end},
    {normal_as_a_signal, fun() ->
        {Pid, _} = plain_echo(), exit(Pid, normal), Pid ! m, next(), alive(Pid), exit(Pid, kill), next() end},
    {normal_as_a_signal_trapped, fun() -> {Pid, _} = trapping_echo(), exit(Pid, normal), next(), exit(Pid, kill) end},
    {normal_to_itself, fun() -> {_, Ref} = spawn_monitor(fun() -> exit(self(), normal), idle() end), down(Ref) end},
    {signal_to_itself_trapped, fun() -> trap(), exit(self(), bad), next() end},
    {shutdown_as_a_signal, fun() -> {Pid, Ref} = plain_echo(), exit(Pid, shutdown), down(Ref) end},
    {the_first_signal_counts, fun() ->
        {Pid, Ref} = plain_echo(), exit(Pid, first), exit(Pid, second), exit(Pid, kill), down(Ref) end},
    {signal_to_the_dead, fun() -> exit(dead(), bad), nothing() end},
    {trapping_is_switched_off, fun() ->
        Me = self(),
        {Pid, Ref} = spawn_monitor(fun() -> trap(), process_flag(trap_exit, false), Me ! ready, idle() end),
        ready(), exit(Pid, bad), down(Ref) end},
    {its_own_exit_can_be_caught, fun() ->
        {_, Ref} = spawn_monitor(fun() -> try exit(bad) catch exit:bad -> ok end end), down(Ref) end},
    {exit_of_a_process_that_ended, fun() ->
        {Pid, Ref} = spawn_monitor(fun idle/0), Pid ! stop, down(Ref), exit(Pid, kill), alive(Pid) end},
    {message_to_the_dead, fun() -> dead() ! m, nothing() end}].

mailboxes() -> [
    {selective_receive, fun() ->
        [self() ! M || M <- [a, b, c]], receive c -> out("c") end, next(2) end},
    {selective_receive_waits, fun() ->
        Me = self(), spawn(fun() -> [Me ! M || M <- [a, b, x, c]] end), receive x -> out("x") end, next(3) end},
    {the_oldest_that_matches, fun() ->
        [self() ! M || M <- [a, {n, 1}, {n, 2}]], receive {n, N} -> out(text(N)) end, next(),
        receive {n, N2} -> out(text(N2)) end end},
    {zero_does_not_wait, fun() -> receive x -> out("x") after 0 -> out("over") end end},
    {zero_takes_what_is_there, fun() -> self() ! x, receive x -> out("x") after 0 -> out("over") end end},
    {over_and_others_stay, fun() -> self() ! a, receive x -> out("x") after 20 -> out("over") end, next() end},
    {others_do_not_prolong, fun() ->
        Me = self(), Pid = spawn(fun() -> chatter(Me) end), receive x -> out("x") after 30 -> out("over") end,
        exit(Pid, kill) end},
    {signals_are_messages_in_order, fun() ->
        trap(), self() ! a, exit(self(), bad), self() ! b, next(3) end}].

chatter(To) -> To ! noise, receive after 5 -> chatter(To) end.

names() -> [
    {a_name_finds, fun() ->
        {Pid, _} = plain_echo(), register(it, Pid), it ! m, next(), yes_or_no(whereis(it) =:= Pid), exit(Pid, kill),
        next() end},
    {a_name_is_free_when_down_has_come, fun() ->
        {Pid, Ref} = plain_echo(), register(it, Pid), exit(Pid, kill), down(Ref),
        yes_or_no(whereis(it) =:= undefined) end},
    {a_name_is_taken, fun() ->
        {Pid, _} = plain_echo(), register(it, Pid), refused(fun() -> register(it, self()) end), exit(Pid, kill),
        next() end},
    {one_name_each, fun() ->
        register(it, self()), refused(fun() -> register(that, self()) end), unregister(it),
        refused(fun() -> register(that, self()) end) end},
    {a_name_goes_to_another, fun() ->
        register(it, self()), unregister(it), {Pid, _} = plain_echo(), register(it, Pid), it ! m, next(),
        exit(Pid, kill), next() end},
    {nobody_has_the_name, fun() -> refused(fun() -> nobody ! m end) end},
    {the_dead_get_no_name, fun() -> Pid = dead(), refused(fun() -> register(it, Pid) end) end},
    {an_alias_delivers, fun() -> A = alias(), A ! m, next(), unalias(A), A ! n, nothing() end},
    {an_alias_is_given_up_once, fun() -> A = alias(), yes_or_no(unalias(A)), yes_or_no(unalias(A)) end},
    {what_came_by_an_alias_stays, fun() -> A = alias(), A ! m, receive n -> ok after 0 -> ok end, unalias(A), next() end}].

timers() -> [
    {a_timer_sends, fun() -> erlang:send_after(5, self(), m), next() end},
    {a_timer_is_called_off, fun() ->
        T = erlang:send_after(10, self(), m), yes_or_no(erlang:cancel_timer(T)),
        yes_or_no(erlang:cancel_timer(T)), nothing() end},
    {a_timer_has_sent, fun() ->
        T = erlang:send_after(1, self(), m), next(), yes_or_no(erlang:cancel_timer(T)) end},
    {timers_send_by_their_time, fun() ->
        erlang:send_after(40, self(), late), erlang:send_after(5, self(), early), next(2) end},
    {a_timer_for_one_that_ends, fun() ->
        {Pid, Ref} = spawn_monitor(fun idle/0), T = erlang:send_after(60000, Pid, m), exit(Pid, kill), down(Ref),
        yes_or_no(erlang:cancel_timer(T)) end},
    {a_timer_for_the_dead, fun() -> T = erlang:send_after(1, dead(), m), yes_or_no(erlang:cancel_timer(T)) end}].

%% Supervisors. A child tells the observer when it begins, and, if it traps exits, when it ends.

start_idle(Observer, Name) ->
    begun(fun() -> Observer ! {started, Name, self()} end, fun() -> idle_child(Observer, Name) end).
begun(Begin, Body) ->
    Me = self(),
    Pid = spawn_link(fun() -> trap(), Begin(), Me ! {begun, self()}, Body() end),
    receive {begun, Pid} -> {ok, Pid} end.
idle_child(Observer, Name) ->
    receive {'EXIT', _, Reason} -> Observer ! {ended, Name, Reason}, exit(Reason);
            {end_with, Reason} -> exit(Reason);
            stop -> ok end.

start_stubborn(Observer) ->
    begun(fun() -> Observer ! {started, s, self()} end, fun deaf/0).
deaf() -> receive never -> ok end.

child(Name, Restart) -> child(Name, Restart, 5000).
child(Name, Restart, Shutdown) ->
    #{id => Name, start => {?MODULE, start_idle, [self(), Name]}, restart => Restart, shutdown => Shutdown}.

failing(Name) -> #{id => Name, start => {gen_server, start_link, [?MODULE, fails, []]}}.

start(Strategy, Intensity, Children) ->
    trap(),
    supervisor:start_link(?MODULE, {supervisor, {#{strategy => Strategy, intensity => Intensity, period => 5}, Children}}).

started() -> receive {started, Name, Pid} -> out(["started ", text(Name)]), Pid end.
started(Times) -> [started() || _ <- lists:seq(1, Times)].
ended() -> receive {ended, Name, Reason} -> out(["ended ", text(Name), " ", text(Reason)]) end.

three(Strategy) ->
    {ok, Sup} = start(Strategy, 3, [child(N, permanent) || N <- [a, b, c]]), {Sup, started(3)}.

stop(Sup) ->
    Ref = monitor(process, Sup), unlink(Sup), exit(Sup, shutdown), receive {'DOWN', Ref, _, _, _} -> ok end.

children(Sup) ->
    [out(["child ", text(Id), case Pid of undefined -> " down"; _ -> " up" end])
        || {Id, Pid, _, _} <- lists:reverse(supervisor:which_children(Sup))].

%% So many events, and then no more.
events(0) ->
    receive {started, Name, _} -> out(["unexpected start of ", text(Name)]);
            {ended, Name, _} -> out(["unexpected end of ", text(Name)])
    after 20 -> ok end;
events(Times) ->
    receive {started, Name, _} -> out(["started ", text(Name)]);
            {ended, Name, Reason} -> out(["ended ", text(Name), " ", text(Reason)])
    after 5000 -> out("no event") end,
    events(Times - 1).

supervisors() -> [
    {started_in_order, fun() -> {Sup, _} = three(one_for_one), children(Sup), unlink(Sup), exit(Sup, kill) end},
    {ended_in_the_opposite_order, fun() -> {Sup, _} = three(one_for_one), stop(Sup), events(3) end},
    {one_for_one, fun() -> {Sup, [_, B, _]} = three(one_for_one), exit(B, kill), events(1), stop(Sup) end},
    {one_for_all, fun() -> {Sup, [_, B, _]} = three(one_for_all), exit(B, kill), events(5), stop(Sup) end},
    {rest_for_one, fun() -> {Sup, [_, B, _]} = three(rest_for_one), exit(B, kill), events(3), stop(Sup) end},
    {too_many_restarts, fun() ->
        {ok, _} = start(one_for_one, 1, [child(a, permanent), child(b, permanent)]), [A, _] = started(2),
        exit(A, kill), Again = started(), exit(Again, kill), ended(), next() end},
    {no_restarts_at_all, fun() ->
        {ok, _} = start(one_for_one, 0, [child(a, permanent)]), exit(started(), kill), next() end},
    {permanent_comes_back_from_a_normal_end, fun() ->
        {ok, Sup} = start(one_for_one, 3, [child(a, permanent)]), started() ! stop, started(), stop(Sup) end},
    {transient_ends_normally, fun() ->
        {ok, Sup} = start(one_for_one, 3, [child(a, transient)]), started() ! stop, events(0), children(Sup), stop(Sup) end},
    {transient_ends_for_shutdown, fun() ->
        {ok, Sup} = start(one_for_one, 3, [child(a, transient)]), started() ! {end_with, shutdown}, events(0),
        children(Sup), stop(Sup) end},
    {transient_fails, fun() ->
        {ok, Sup} = start(one_for_one, 3, [child(a, transient)]), started() ! {end_with, bad}, started(),
        children(Sup), stop(Sup) end},
    {temporary_is_forgotten, fun() ->
        {ok, Sup} = start(one_for_one, 3, [child(a, temporary), child(b, permanent)]), [A, _] = started(2),
        exit(A, kill), events(0), children(Sup), stop(Sup) end},
    {one_for_all_forgets_the_temporary, fun() ->
        {ok, Sup} = start(one_for_all, 3, [child(a, permanent), child(b, temporary), child(c, permanent)]),
        [A, _, _] = started(3), exit(A, kill), events(4), children(Sup), stop(Sup) end},
    {one_for_all_and_a_transient_that_has_ended, fun() ->
        {ok, Sup} = start(one_for_all, 3, [child(a, transient), child(b, permanent)]), [A, B] = started(2),
        A ! stop, events(0), exit(B, kill), events(2), children(Sup), stop(Sup) end},
    {rest_for_one_of_the_last, fun() ->
        {Sup, [_, _, C]} = three(rest_for_one), exit(C, kill), events(1), stop(Sup) end},
    {a_child_that_fails_to_start, fun() ->
        {error, _} = start(one_for_one, 3, [child(a, permanent), failing(b), child(c, permanent)]), out("failed"),
        started(), ended(), sorted(1) end},
    {added_child_that_fails_to_start, fun() ->
        {ok, Sup} = start(one_for_one, 3, [child(a, permanent)]), started(),
        {error, _} = supervisor:start_child(Sup, failing(b)), out("failed"), children(Sup), stop(Sup) end},
    {terminate_and_restart_a_child, fun() ->
        {Sup, _} = three(one_for_one), ok = supervisor:terminate_child(Sup, b), events(1), children(Sup),
        {ok, _} = supervisor:restart_child(Sup, b), started(), children(Sup), stop(Sup) end},
    {delete_a_child, fun() ->
        {Sup, _} = three(one_for_one), {error, _} = supervisor:delete_child(Sup, b), out("refused"),
        ok = supervisor:terminate_child(Sup, b), ok = supervisor:delete_child(Sup, b), events(1), children(Sup),
        {error, _} = supervisor:restart_child(Sup, b), out("refused"), stop(Sup) end},
    {an_id_is_used_once, fun() ->
        {Sup, _} = three(one_for_one), {error, _} = supervisor:start_child(Sup, child(b, permanent)), out("refused"),
        stop(Sup) end},
    {a_dynamic_child_is_the_last, fun() ->
        {Sup, _} = three(rest_for_one), {ok, D} = supervisor:start_child(Sup, child(d, permanent)), started(),
        exit(D, kill), events(1), stop(Sup), events(4) end},
    {too_slow_to_end, fun() ->
        {ok, Sup} = start(one_for_one, 3, [#{id => s, start => {?MODULE, start_stubborn, [self()]}, shutdown => 20}]),
        Pid = started(), Ref = monitor(process, Pid), ok = supervisor:terminate_child(Sup, s), down(Ref), stop(Sup) end},
    {killed_at_once, fun() ->
        {ok, Sup} = start(one_for_one, 3, [child(a, permanent, brutal_kill)]), Ref = monitor(process, started()),
        ok = supervisor:terminate_child(Sup, a), down(Ref), events(0), stop(Sup) end},
    {a_supervisor_is_killed, fun() ->
        {ok, Sup} = start(one_for_one, 3, [child(a, permanent)]), started(), exit(Sup, kill), sorted_ended() end},
    {a_supervisor_is_told_to_end, fun() ->
        {ok, Sup} = start(one_for_one, 3, [child(a, permanent)]), started(), exit(Sup, shutdown), ended(), next() end},
    {a_supervisor_gets_other_signals, fun() ->
        {ok, Sup} = start(one_for_one, 3, [child(a, permanent)]), started(),
        spawn(fun() -> exit(Sup, bad) end), events(0), children(Sup), stop(Sup) end},
    {nested_supervisors, fun() ->
        Inner = {supervisor, {#{strategy => one_for_one}, [child(x, permanent), child(y, permanent)]}},
        {ok, Sup} = start(one_for_one, 3, [child(a, permanent),
            #{id => i, type => supervisor, start => {supervisor, start_link, [?MODULE, Inner]}}, child(b, permanent)]),
        started(4), stop(Sup), events(4) end}].

sorted_ended() ->
    Lines = [receive {ended, N, R} -> lists:flatten(["ended ", text(N), " ", text(R)]);
                     M -> lists:flatten(text(M)) end || _ <- [1, 2]],
    [out(L) || L <- lists:sort(Lines)].

%% Servers.

server() -> {ok, Pid} = gen_server:start(?MODULE, {server, self()}, []), Pid.

call(Pid, Request) -> call(Pid, Request, 5000).
call(Pid, Request, Limit) ->
    try gen_server:call(Pid, Request, Limit) of Answer -> out(["answer ", text(Answer)])
    catch exit:{timeout, _} -> out("timeout"); exit:{Reason, _} -> out(["failed ", text(Reason)]) end.

servers() -> [
    {call, fun() -> Pid = server(), call(Pid, {echo, a}), exit(Pid, kill) end},
    {casts_come_before_a_later_call, fun() ->
        Pid = server(), [gen_server:cast(Pid, {add, N}) || N <- [1, 2, 3]], call(Pid, total), exit(Pid, kill) end},
    {call_takes_too_long, fun() -> Pid = server(), call(Pid, never, 10), call(Pid, {echo, a}), exit(Pid, kill) end},
    {a_late_answer_is_lost, fun() ->
        Pid = server(), call(Pid, defer, 10), gen_server:cast(Pid, answer), call(Pid, {echo, a}), nothing(),
        exit(Pid, kill) end},
    {call_of_the_dead, fun() -> call(dead(), {echo, a}) end},
    {the_server_fails_in_a_call, fun() -> call(server(), {fail, bad}) end},
    {the_server_ends_in_a_call, fun() -> call(server(), {fail, normal}) end},
    {the_server_is_killed_in_a_call, fun() ->
        Pid = server(), spawn(fun() -> timer:sleep(5), exit(Pid, kill) end), call(Pid, never) end},
    {a_deferred_answer, fun() ->
        Pid = server(), spawn(fun() -> timer:sleep(5), gen_server:cast(Pid, answer) end), call(Pid, defer),
        exit(Pid, kill) end},
    {another_process_answers, fun() -> Pid = server(), call(Pid, delegate), exit(Pid, kill) end},
    {an_answer_and_then_the_end, fun() ->
        Pid = server(), Ref = monitor(process, Pid), call(Pid, reply_and_stop), down(Ref) end},
    {a_server_that_fails_to_begin, fun() ->
        trap(), case gen_server:start(?MODULE, fails, []) of {error, bad} -> out("failed bad") end, nothing() end},
    {a_failed_call_ends_the_caller, fun() ->
        Pid = dead(), {_, Ref} = spawn_monitor(fun() -> gen_server:call(Pid, x) end),
        receive {'DOWN', Ref, _, _, {noproc, _}} -> out("ended noproc") end end},
    {calls_leave_the_mailbox_alone, fun() ->
        self() ! a, self() ! b, Pid = server(), call(Pid, {echo, c}), next(2), exit(Pid, kill) end},
    {the_end_of_a_server, fun() ->
        Pid = server(), Ref = monitor(process, Pid), gen_server:cast(Pid, stop), next(), down(Ref) end}].

init({supervisor, Spec}) -> {ok, Spec};
init({server, Observer}) -> {ok, {Observer, 0, none}};
init({machine, Observer}) -> {ok, first, Observer};
init(fails) -> {stop, bad}.

handle_call({echo, What}, _, State) -> {reply, What, State};
handle_call(total, _, {_, Total, _} = State) -> {reply, Total, State};
handle_call(never, _, State) -> {noreply, State};
handle_call(defer, From, {O, Total, _}) -> {noreply, {O, Total, From}};
handle_call({fail, Reason}, _, State) -> {stop, Reason, State};
handle_call(delegate, From, State) -> spawn(fun() -> gen_server:reply(From, delegated) end), {noreply, State};
handle_call(reply_and_stop, From, State) -> gen_server:reply(From, done), {stop, normal, State}.

handle_cast({add, N}, {O, Total, From}) -> {noreply, {O, Total + N, From}};
handle_cast(answer, {_, _, From} = State) -> gen_server:reply(From, late), {noreply, State};
handle_cast(stop, {Observer, _, _} = State) -> self_ended(Observer), {stop, normal, State}.

self_ended(Observer) -> put(observer, Observer).

handle_info(_, State) -> {noreply, State}.

terminate(normal, _) -> case get(observer) of undefined -> ok; Observer -> Observer ! terminated end;
terminate(_, _) -> ok.

%% State machines: first keeps k1 and k2; second says what comes, and keeps k1 as long as it is new; third says all.

machine() -> {ok, Pid} = gen_statem:start(?MODULE, {machine, self()}, []), Pid.

machines() -> [
    {postponed_comes_with_the_next_state, fun() ->
        Pid = machine(), [Pid ! E || E <- [k2, a, second]], next(2), exit(Pid, kill) end},
    {postponed_comes_in_order_and_first, fun() ->
        Pid = machine(), [Pid ! E || E <- [k2, k3, k4, third, b]], next(4), exit(Pid, kill) end},
    {postponed_twice_comes_before_later_ones, fun() ->
        Pid = machine(), [Pid ! E || E <- [k1, k2, k3, second]], next(3), exit(Pid, kill) end},
    {time_of_a_state, fun() -> Pid = machine(), Pid ! {within, 5}, next(), exit(Pid, kill) end},
    {time_of_a_state_that_is_left, fun() ->
        Pid = machine(), Pid ! {within, 100}, Pid ! third, Pid ! a, next(), timer:sleep(120), nothing(), exit(Pid, kill) end}].

callback_mode() -> handle_event_function.

handle_event(info, {within, Millis}, first, O) -> {next_state, timed, O, [{state_timeout, Millis, over}]};
handle_event(info, third, timed, O) -> {next_state, third, O};
handle_event(state_timeout, over, _, O) -> O ! over, keep_state_and_data;
handle_event(info, second, first, O) -> {next_state, second, O};
handle_event(info, third, first, O) -> {next_state, third, O};
handle_event(info, E, first, O) when E =:= a -> O ! a, keep_state_and_data;
handle_event(info, _, first, _) -> {keep_state_and_data, [postpone]};
handle_event(info, k1, second, _) -> {keep_state_and_data, [postpone]};
handle_event(info, k2, second, O) -> O ! k2, {next_state, third, O};
handle_event(info, E, _, O) -> O ! E, keep_state_and_data.

terminate(_, _, _) -> ok.
