%% Those scenarios of OtpTest that are about sockets: gen_tcp and gen_udp over the loopback.
-module(sockets).
-export([all/0, text/1]).
-import(scenarios, [alive/1, dead/0, down/1, next/0, next/1, nothing/0, out/1, sorted/1, trap/0, yes_or_no/1]).

-define(IP, {127, 0, 0, 1}).

all() -> active_modes() ++ passive_mode() ++ owners() ++ closing() ++ half_closing() ++ resets() ++ sending()
    ++ frames() ++ listeners() ++ connecting() ++ mailboxes() ++ datagrams().

%% What all share.

text({tcp, _, Data}) -> ["data ", quoted(Data)];
text({tcp_closed, _}) -> "closed";
text({tcp_error, _, Reason}) -> ["error ", atom_to_list(Reason)];
text({tcp_passive, _}) -> "passive";
text({udp, _, _, _, Data}) -> ["packet ", quoted(Data)];
text({udp_error, _, Reason}) -> ["error ", atom_to_list(Reason)];
text({udp_passive, _}) -> "passive".

quoted(<<>>) -> "(empty)";
quoted(Data) -> [case Byte of $\n -> "\\n"; $\r -> "\\r"; _ -> Byte end || <<Byte>> <= Data].

numbers(Data) -> lists:join(" ", [integer_to_list(Byte) || <<Byte>> <= Data]).

%% What a call has answered.
answer(ok) -> "ok";
answer({ok, Data}) when is_binary(Data) -> ["ok ", quoted(Data)];
answer({ok, {_, _, Data}}) -> ["ok ", quoted(Data)];
answer({ok, _}) -> "ok";
answer({error, Reason}) when Reason =:= einval; Reason =:= badarg -> "refused";
answer({error, Reason}) -> atom_to_list(Reason).

%% The same, of one that may fail.
tried(Fun) -> try answer(Fun()) catch _:_ -> "refused" end.

says(Answer) -> out(answer(Answer)).

%% What others send to the process of the scenario is text.
told(To, Answer) -> To ! list_to_atom(lists:flatten(Answer)).

listen(Options) ->
    {ok, Listener} = gen_tcp:listen(0, [binary, {active, false}, {ip, ?IP} | Options]),
    {ok, Port} = inet:port(Listener),
    {Listener, Port}.

%% A peer that is passive, has no frames, and stays open until it is closed.
connect(Port) ->
    {ok, Peer} = gen_tcp:connect(?IP, Port, [binary, {active, false}, {exit_on_close, false}]),
    Peer.

pair(Options) ->
    {Listener, Port} = listen(Options),
    Peer = connect(Port),
    {ok, Socket} = gen_tcp:accept(Listener),
    gen_tcp:close(Listener),
    {Socket, Peer}.

open(Options) -> {ok, Socket} = gen_udp:open(0, [binary, {active, false}, {ip, ?IP} | Options]), Socket.

udp_pair(Options) ->
    Socket = open(Options),
    {ok, Port} = inet:port(Socket),
    {Socket, open([]), Port}.

send(Socket, Data) -> ok = gen_tcp:send(Socket, Data).
send(Socket, Port, Data) -> ok = gen_udp:send(Socket, ?IP, Port, Data).

reset(Socket) -> ok = inet:setopts(Socket, [{linger, {true, 0}}]), gen_tcp:close(Socket).

active(Socket, Mode) -> inet:setopts(Socket, [{active, Mode}]).

%% Waits until so many messages are in its mailbox, and takes none.
holds(Many) ->
    case process_info(self(), message_queue_len) of
        {_, Are} when Are >= Many -> ok;
        _ -> timer:sleep(1), holds(Many)
    end.

%% A process that may use sockets, and another one that has got them.
helper(Fun) -> Me = self(), spawn(fun() -> Fun(Me) end).
monitored(Fun) -> Me = self(), spawn_monitor(fun() -> Fun(Me) end).

%% Tells what comes to it.
relay() -> helper(fun relay/1).
relay(To) -> receive Message -> told(To, ["got ", scenarios:text(Message)]) end, relay(To).

idle() -> receive stop -> ok end.

ended(Pid) -> Ref = monitor(process, Pid), exit(Pid, kill), receive {'DOWN', Ref, _, _, _} -> ok end.

%% How many bytes come until the end.
count(Socket, Total) ->
    case gen_tcp:recv(Socket, 0) of {ok, Data} -> count(Socket, Total + byte_size(Data)); _ -> Total end.

%% The first answer of a kind, of a call that is made until then.
until(Wanted, Fun) ->
    Answer = lists:flatten(answer(Fun())),
    case Wanted(Answer) of true -> out(Answer); false -> timer:sleep(1), until(Wanted, Fun) end.

active_modes() -> [
    {active_true, fun() ->
        {_, P} = pair([{active, true}]), send(P, "a"), next(), send(P, "b"), next(), gen_tcp:close(P), next() end},
    {active_true_has_all_in_order, fun() ->
        {_, P} = pair([{active, true}, {packet, line}]), send(P, "a\nb\nc\n"), next(3) end},
    {active_once, fun() ->
        {S, P} = pair([{active, once}]), send(P, "a"), next(), send(P, "b"), nothing(), says(gen_tcp:recv(S, 0)) end},
    {once_of_several_frames, fun() ->
        {S, P} = pair([{active, once}, {packet, line}]), send(P, "a\nb\nc\n"), next(), says(gen_tcp:recv(S, 0)),
        says(active(S, once)), next(), nothing() end},
    {once_twice, fun() ->
        {S, P} = pair([{packet, line}]), says(active(S, once)), says(active(S, once)), send(P, "a\nb\n"), next(),
        nothing(), says(gen_tcp:recv(S, 0)) end},
    {once_after_data, fun() -> {S, P} = pair([]), send(P, "a"), says(active(S, once)), next() end},
    {once_after_the_end, fun() -> {S, P} = pair([]), gen_tcp:close(P), says(active(S, once)), next() end},
    {once_again_and_again, fun() ->
        {S, P} = pair([{packet, line}]),
        send(P, "a\nb\nc\nd\n"), [begin says(active(S, once)), next() end || _ <- lists:seq(1, 4)] end},
    {active_times, fun() ->
        {S, P} = pair([{active, 2}, {packet, line}]), send(P, "a\nb\nc\n"), next(3), says(gen_tcp:recv(S, 0)) end},
    {times_add_up, fun() ->
        {S, P} = pair([{packet, line}]), says(active(S, 1)), says(active(S, 2)), send(P, "a\nb\nc\nd\n"), next(4),
        says(gen_tcp:recv(S, 0)) end},
    {times_after_once, fun() ->
        {S, P} = pair([{packet, line}]), says(active(S, once)), says(active(S, 2)), send(P, "a\nb\nc\n"), next(3),
        says(gen_tcp:recv(S, 0)) end},
    {times_after_true, fun() ->
        {S, P} = pair([{packet, line}]), says(active(S, true)), says(active(S, 2)), send(P, "a\nb\nc\n"), next(3),
        says(gen_tcp:recv(S, 0)) end},
    {once_after_times, fun() ->
        {S, P} = pair([{packet, line}]), says(active(S, 5)), says(active(S, once)), send(P, "a\nb\n"), next(),
        nothing(), says(gen_tcp:recv(S, 0)) end},
    {passive_after_times, fun() ->
        {S, P} = pair([]), says(active(S, 5)), says(active(S, false)), send(P, "a"), nothing(),
        says(gen_tcp:recv(S, 0)),
        says(active(S, 1)), send(P, "b"), next(2) end},
    {times_count_down, fun() ->
        {S, P} = pair([{active, 3}]), send(P, "a"), next(), {ok, [{active, Left}]} = inet:getopts(S, [active]),
        out(integer_to_list(Left)) end},
    {too_many_times, fun() -> {S, _} = pair([]), says(active(S, 32767)), says(active(S, 1)) end},
    {no_times, fun() -> {S, _} = pair([]), out(tried(fun() -> active(S, 0) end)), nothing() end},
    {fewer_times, fun() ->
        {S, P} = pair([{packet, line}]), says(active(S, 3)), out(tried(fun() -> active(S, -2) end)), send(P, "a\nb\n"),
        next(2) end},
    {receive_while_active, fun() ->
        {S, P} = pair([{active, true}]), says(gen_tcp:recv(S, 0)), send(P, "a"), next() end},
    {passive_holds_back, fun() ->
        {S, P} = pair([{active, true}]), send(P, "a"), next(), says(active(S, false)), send(P, "b"), nothing(),
        says(gen_tcp:recv(S, 0)) end},
    {what_came_stays_in_passive_mode, fun() ->
        {S, P} = pair([{active, true}]), send(P, "a"), holds(1), says(active(S, false)), next() end},
    {data_before_the_end, fun() ->
        {S, P} = pair([]), send(P, "a"), gen_tcp:close(P), says(active(S, true)), next(2), nothing() end},
    {times_end_before_the_end, fun() ->
        {S, P} = pair([]), send(P, "a"), gen_tcp:close(P), says(active(S, 1)), next(2), nothing(),
        says(active(S, once)),
        next() end}].

passive_mode() -> [
    {receive_what_is_there, fun() -> {S, P} = pair([]), send(P, "abc"), says(gen_tcp:recv(S, 0)) end},
    {receive_a_part, fun() ->
        {S, P} = pair([]), send(P, "abc"), says(gen_tcp:recv(S, 2)), says(gen_tcp:recv(S, 1)) end},
    {receive_over_parts, fun() ->
        {S, P} = pair([]), helper(fun(Me) -> told(Me, answer(gen_tcp:recv(S, 6))) end),
        [send(P, Part) || Part <- ["ab", "c", "def"]], next() end},
    {receive_with_zero, fun() -> {S, _} = pair([]), says(gen_tcp:recv(S, 0, 0)) end},
    {receive_the_rest_with_zero, fun() ->
        {S, P} = pair([{packet, line}]), send(P, "a\nb\n"), says(gen_tcp:recv(S, 0)), says(gen_tcp:recv(S, 0, 0)),
        says(gen_tcp:recv(S, 0, 0)) end},
    {receive_what_came_with_zero, fun() ->
        {S, P} = pair([]), send(P, "a"), until(fun(Answer) -> Answer =/= "timeout" end, fun() -> gen_tcp:recv(S, 0,
        0) end) end},
    {receive_takes_too_long, fun() ->
        {S, P} = pair([]), says(gen_tcp:recv(S, 5, 10)), send(P, "hello"), says(gen_tcp:recv(S, 5)) end},
    {too_long_in_the_middle, fun() ->
        {S, P} = pair([]), send(P, "hel"), says(gen_tcp:recv(S, 5, 20)), send(P, "lo"), says(gen_tcp:recv(S, 5)) end},
    {too_long_in_the_middle_of_a_frame, fun() ->
        {S, P} = pair([{packet, 2}]), send(P, [0, 5, "hel"]), says(gen_tcp:recv(S, 0, 20)), send(P, "lo"),
        says(gen_tcp:recv(S, 0)) end},
    {too_long_and_then_once, fun() ->
        {S, P} = pair([{packet, line}]), send(P, "hel"), says(gen_tcp:recv(S, 0, 20)), says(active(S, once)),
        send(P, "lo\n"), next() end},
    {receive_less_than_nothing, fun() -> {S, _} = pair([]), out(tried(fun() -> gen_tcp:recv(S, -1) end)) end},
    {receive_so_many_of_frames, fun() ->
        {S, P} = pair([{packet, line}]), send(P, "abc\n"), says(gen_tcp:recv(S, 2)), says(gen_tcp:recv(S, 0)) end},
    {receive_until_the_end, fun() ->
        {S, P} = pair([]), send(P, "abc"), gen_tcp:close(P), says(gen_tcp:recv(S, 0)), says(gen_tcp:recv(S, 0)) end},
    {receive_after_the_end, fun() ->
        {S, P} = pair([]), gen_tcp:close(P), says(gen_tcp:recv(S, 0)), says(gen_tcp:recv(S, 0)) end},
    {the_end_before_enough, fun() ->
        {S, P} = pair([{exit_on_close, false}]), send(P, "abc"), gen_tcp:close(P), says(gen_tcp:recv(S, 5)),
        says(gen_tcp:recv(S, 0)) end},
    {two_receive_at_once, fun() ->
        {S, P} = pair([]), [helper(fun(Me) -> told(Me, answer(gen_tcp:recv(S, 1))) end) || _ <- [1, 2]], send(P, "ab"),
        sorted(2) end},
    {another_process_receives, fun() ->
        {S, P} = pair([]), helper(fun(Me) -> told(Me, answer(gen_tcp:recv(S, 0))) end), send(P, "a"), next() end},
    {who_receives_is_killed, fun() ->
        {S, P} = pair([]), ended(helper(fun(_) -> gen_tcp:recv(S, 0) end)), send(P, "a"),
        says(gen_tcp:recv(S, 0)) end}].

owners() -> [
    {handed_over, fun() ->
        {S, P} = pair([]), R = relay(), says(gen_tcp:controlling_process(S, R)), says(active(S, once)), send(P, "a"),
        next() end},
    {handed_over_with_messages, fun() ->
        {S, P} = pair([{active, true}, {packet, line}]), R = relay(), send(P, "a\nb\nc\n"), holds(3),
        says(gen_tcp:controlling_process(S, R)), send(P, "d\n"), next(4) end},
    {handed_over_while_data_comes, fun() ->
        {S, P} = pair([{active, true}, {packet, line}]), R = relay(),
        helper(fun(_) -> [send(P, [integer_to_list(N), "\n"]) || N <- lists:seq(1, 20)] end), holds(1),
        says(gen_tcp:controlling_process(S, R)), next(20) end},
    {handed_over_beside_other_messages, fun() ->
        {S, P} = pair([{active, true}]), R = relay(), self() ! m, send(P, "a"), holds(2), self() ! n,
        says(gen_tcp:controlling_process(S, R)), sorted(3) end},
    {handed_over_in_once, fun() ->
        {S, P} = pair([{active, once}]), R = relay(), says(gen_tcp:controlling_process(S, R)), send(P, "a"), next(),
        send(P, "b"), nothing(), says(gen_tcp:recv(S, 0)) end},
    {handed_over_after_once, fun() ->
        {S, P} = pair([{active, once}]), R = relay(), send(P, "a"), holds(1), says(gen_tcp:controlling_process(S, R)),
        next(), says(active(S, once)), send(P, "b"), next() end},
    {handed_over_after_times, fun() ->
        {S, P} = pair([{active, 1}]), R = relay(), send(P, "a"), holds(2), says(gen_tcp:controlling_process(S, R)),
        sorted(2) end},
    {handed_over_after_the_end, fun() ->
        {S, P} = pair([{active, true}]), R = relay(), send(P, "a"), gen_tcp:close(P), holds(2),
        says(gen_tcp:controlling_process(S, R)), next(2) end},
    {handed_over_after_the_end_of_one_direction, fun() ->
        {S, P} = pair([{active, true}, {exit_on_close, false}]), R = relay(), send(P, "a"), gen_tcp:close(P), holds(2),
        says(gen_tcp:controlling_process(S, R)), next(2) end},
    {handed_on, fun() ->
        {S, P} = pair([{active, true}, {packet, line}]), R = relay(),
        H = helper(fun(_) -> receive go -> gen_tcp:controlling_process(S, R) end end),
        send(P, "a\nb\n"), holds(2), says(gen_tcp:controlling_process(S, H)), H ! go, next(3), send(P, "c\n"),
        next() end},
    {handed_back, fun() ->
        {S, P} = pair([{active, true}]), Me = self(),
        H = helper(fun(_) -> receive go -> gen_tcp:controlling_process(S, Me) end end), send(P, "a"), holds(1),
        says(gen_tcp:controlling_process(S, H)), H ! go, next() end},
    {handed_over_by_another, fun() ->
        {S, P} = pair([]), helper(fun(Me) -> told(Me, answer(gen_tcp:controlling_process(S, self()))) end), next(),
        send(P, "a"), says(gen_tcp:recv(S, 0)) end},
    {handed_over_to_the_dead, fun() ->
        {S, P} = pair([{active, true}]), send(P, "a"), holds(1), says(gen_tcp:controlling_process(S, dead())),
        nothing(),
        says(active(S, once)), send(P, "b"), next() end},
    {handed_over_to_itself, fun() ->
        {S, P} = pair([{active, true}]), send(P, "a"), holds(1), says(gen_tcp:controlling_process(S, self())),
        next() end},
    {handed_over_after_it_was_closed, fun() ->
        {S, _} = pair([]), gen_tcp:close(S), says(gen_tcp:controlling_process(S, relay())) end},
    {handed_over_to_a_linked_process_that_fails, fun() ->
        trap(), {S, P} = pair([]), Linked = spawn_link(fun() -> receive go -> exit(bad) end end),
        says(gen_tcp:controlling_process(S, Linked)), Linked ! go, next(), says(gen_tcp:recv(P, 0)) end},
    {handed_over_by_a_linked_process_that_fails, fun() ->
        {S, P} = pair([]), {Outer, Ref} = monitored(fun(Me) ->
            Linked = spawn_link(fun idle/0),
            receive go -> ok end, told(Me, answer(gen_tcp:controlling_process(S, Linked))),
            exit(bad) end),
        says(gen_tcp:controlling_process(S, Outer)), Outer ! go, next(), down(Ref), says(gen_tcp:recv(P, 0)) end},
    {the_first_owner_ends, fun() ->
        {Listener, Port} = listen([]), Self = self(), P = connect(Port),
        {_, Ref} = monitored(fun(Me) ->
            {ok, S} = gen_tcp:accept(Listener), gen_tcp:controlling_process(S, Self), Me ! {socket, S} end),
        S = receive {socket, It} -> It end, down(Ref), send(P, "a"), says(gen_tcp:recv(S, 0)) end},
    {the_owner_ends, fun() ->
        {S, P} = pair([]), H = helper(fun(_) -> idle() end), says(gen_tcp:controlling_process(S, H)), H ! stop,
        says(gen_tcp:recv(P, 0)) end},
    {the_owner_is_killed, fun() ->
        {S, P} = pair([]), H = helper(fun(_) -> idle() end), says(gen_tcp:controlling_process(S, H)), ended(H),
        says(gen_tcp:recv(P, 0)), says(gen_tcp:recv(S, 0)), says(gen_tcp:send(S, "a")) end},
    {the_owner_ends_while_another_receives, fun() ->
        {S, _} = pair([]), H = helper(fun(_) -> idle() end), says(gen_tcp:controlling_process(S, H)),
        helper(fun(Me) -> Me ! ready, told(Me, answer(gen_tcp:recv(S, 0))) end), next(), ended(H), next() end}].

closing() -> [
    {closed_while_another_receives, fun() ->
        {S, _} = pair([]), helper(fun(Me) -> Me ! ready, told(Me, answer(gen_tcp:recv(S, 0))) end), next(),
        gen_tcp:close(S), next() end},
    {closed_by_another, fun() ->
        {S, P} = pair([]), {_, Ref} = monitored(fun(_) -> gen_tcp:close(S) end), down(Ref), says(gen_tcp:recv(S, 0)),
        says(gen_tcp:recv(P, 0)) end},
    {closed_twice, fun() -> {S, _} = pair([]), says(gen_tcp:close(S)), says(gen_tcp:close(S)) end},
    {used_after_it_was_closed, fun() ->
        {S, _} = pair([]), gen_tcp:close(S), says(gen_tcp:recv(S, 0)), says(gen_tcp:recv(S, 0, 0)),
        says(gen_tcp:send(S, "a")) end},
    {options_after_it_was_closed, fun() -> {S, _} = pair([]), gen_tcp:close(S), says(active(S, once)), nothing() end},
    {addresses_after_it_was_closed, fun() ->
        {S, _} = pair([]), gen_tcp:close(S), says(inet:peername(S)), says(inet:sockname(S)) end},
    {addresses, fun() ->
        {S, P} = pair([]), yes_or_no(inet:peername(S) =:= inet:sockname(P)),
        yes_or_no(inet:sockname(S) =:= inet:peername(P)) end},
    {what_came_stays_when_closed, fun() ->
        {S, P} = pair([{active, true}]), send(P, "a"), holds(1), gen_tcp:close(S), next(), nothing() end},
    {closing_is_not_told_to_who_does_it, fun() -> {S, _} = pair([{active, true}]), gen_tcp:close(S), nothing() end},
    {closed_with_data_that_nobody_took, fun() ->
        {S, P} = pair([]), send(P, "abc"), gen_tcp:close(S), says(gen_tcp:recv(P, 0)) end},
    {closed_after_much_was_sent, fun() ->
        {S, P} = pair([]), helper(fun(Me) -> Me ! count(P, 0) end), send(S, binary:copy(<<"x">>, 1000000)),
        gen_tcp:close(S), next() end}].

half_closing() -> [
    {shutdown_of_writing, fun() ->
        {S, P} = pair([]), says(gen_tcp:shutdown(S, write)), says(gen_tcp:recv(P, 0)), send(P, "a"),
        says(gen_tcp:recv(S, 0)), says(gen_tcp:send(S, "b")) end},
    {shutdown_of_writing_in_active_mode, fun() ->
        {S, P} = pair([{active, true}]), says(gen_tcp:shutdown(S, write)), send(P, "a"), next(), gen_tcp:close(P),
        next() end},
    {shutdown_of_reading, fun() -> {S, _} = pair([]), says(gen_tcp:shutdown(S, read)), says(gen_tcp:recv(S, 0)) end},
    {shutdown_of_both, fun() ->
        {S, P} = pair([]), says(gen_tcp:shutdown(S, read_write)), says(gen_tcp:recv(P, 0)),
        says(gen_tcp:send(S, "a")) end},
    {shutdown_after_it_was_closed, fun() -> {S, _} = pair([]), gen_tcp:close(S), says(gen_tcp:shutdown(S, write)) end},
    {the_peer_ends_a_direction, fun() ->
        {S, P} = pair([]), gen_tcp:shutdown(P, write), says(gen_tcp:recv(S, 0)), says(gen_tcp:send(S, "a")) end},
    {the_peer_ends_a_direction_in_active_mode, fun() ->
        {S, P} = pair([{active, true}]), gen_tcp:shutdown(P, write), next(), says(gen_tcp:send(S, "a")) end},
    {exit_on_close_is_false, fun() ->
        {S, P} = pair([{exit_on_close, false}]), send(P, "a"), gen_tcp:shutdown(P, write), says(gen_tcp:recv(S, 0)),
        says(gen_tcp:recv(S, 0)), says(gen_tcp:send(S, "b")), says(gen_tcp:recv(P, 0)) end},
    {exit_on_close_is_false_in_active_mode, fun() ->
        {S, P} = pair([{active, true}, {exit_on_close, false}]), gen_tcp:shutdown(P, write), next(),
        says(gen_tcp:send(S, "b")), says(gen_tcp:recv(P, 0)), nothing() end}].

resets() -> [
    {reset, fun() ->
        {S, P} = pair([]), reset(P), says(gen_tcp:recv(S, 0)), says(gen_tcp:send(S, "a")) end},
    {reset_in_active_mode, fun() -> {_, P} = pair([{active, true}]), reset(P), next(), nothing() end},
    {reset_is_shown, fun() ->
        {_, P} = pair([{active, true}, {show_econnreset, true}]), reset(P), next(), nothing() end},
    {reset_after_data, fun() ->
        {_, P} = pair([{active, true}]), send(P, "a"), holds(1), reset(P), next(2), nothing() end},
    {reset_while_another_receives, fun() ->
        {S, P} = pair([]), helper(fun(Me) -> Me ! ready, told(Me, answer(gen_tcp:recv(S, 5))) end), next(), reset(P),
        next() end},
    {reset_while_another_sends, fun() ->
        {S, P} = pair([]), helper(fun(Me) ->
            Me ! ready, told(Me, answer(gen_tcp:send(S, binary:copy(<<"x">>, 16000000)))) end),
        next(), reset(P), next() end}].

sending() -> [
    {send_nothing, fun() ->
        {S, P} = pair([]), says(gen_tcp:send(S, "")), says(gen_tcp:send(S, "a")), says(gen_tcp:recv(P, 0)) end},
    {send_of_another_process, fun() ->
        {S, P} = pair([]), helper(fun(Me) -> told(Me, answer(gen_tcp:send(S, "a"))) end), next(),
        says(gen_tcp:recv(P, 0)) end},
    {send_to_a_peer_that_has_closed, fun() ->
        {S, P} = pair([]), gen_tcp:close(P), until(fun(Answer) -> Answer =/= "ok" end, fun() -> gen_tcp:send(S,
        "a") end) end},
    {send_takes_too_long, fun() ->
        {S, P} = pair([{send_timeout, 30}]), says(gen_tcp:send(S, binary:copy(<<"x">>, 16000000))),
        says(gen_tcp:send(S, "y")), {ok, Data} = gen_tcp:recv(P, 16000000), out(integer_to_list(byte_size(Data))),
        says(gen_tcp:send(S, "z")), gen_tcp:close(S), says(gen_tcp:recv(P, 1)) end},
    {send_while_messages_come, fun() ->
        {S, P} = pair([{active, true}]), send(P, "a"), holds(1), says(gen_tcp:send(S, "b")), next(),
        says(gen_tcp:recv(P, 0)) end}].

frames() -> [
    {frames_with_1_byte, fun() -> frames(1, <<3, "abc">>) end},
    {frames_with_2_bytes, fun() -> frames(2, <<0, 3, "abc">>) end},
    {frames_with_4_bytes, fun() -> frames(4, <<0, 0, 0, 3, "abc">>) end},
    {a_frame_of_nothing, fun() ->
        {S, P} = pair([{packet, 2}]), send(P, [0, 0, 0, 1, "a"]), says(gen_tcp:recv(S, 0)), says(gen_tcp:recv(S, 0)),
        says(gen_tcp:send(S, "")), {ok, Data} = gen_tcp:recv(P, 2), out(numbers(Data)) end},
    {a_frame_in_pieces, fun() ->
        {_, P} = pair([{packet, 4}, {active, true}, {nodelay, true}]),
        [send(P, [Byte]) || <<Byte>> <= <<0, 0, 0, 5, "hello">>], next(), nothing() end},
    {frames_at_once, fun() ->
        {S, P} = pair([{packet, 1}]), send(P, [1, "a", 2, "bc", 1, "d"]), says(gen_tcp:recv(S, 0)),
        says(active(S, 2)), next(3) end},
    {lines, fun() ->
        {S, P} = pair([{packet, line}]), says(gen_tcp:send(S, "a\n")), says(gen_tcp:send(S, "b")),
        says(gen_tcp:recv(P, 3)), send(P, "c\r\nd\n\n"), [says(gen_tcp:recv(S, 0)) || _ <- [1, 2, 3]] end},
    {a_frame_is_cut_at_the_end, fun() ->
        {S, P} = pair([{packet, 2}]), send(P, [0, 1, "a", 0, 5, "hel"]), gen_tcp:close(P),
        says(gen_tcp:recv(S, 0)), says(gen_tcp:recv(S, 0)) end},
    {a_frame_is_cut_at_the_end_in_active_mode, fun() ->
        {_, P} = pair([{packet, 2}, {active, true}]), send(P, [0, 5, "hel"]), gen_tcp:close(P), next(), nothing() end},
    {a_line_is_cut_at_the_end, fun() ->
        {S, P} = pair([{packet, line}]), send(P, "a\nb"), gen_tcp:close(P), says(gen_tcp:recv(S, 0)),
        says(gen_tcp:recv(S, 0)) end},
    {a_line_is_cut_at_the_end_in_active_mode, fun() ->
        {_, P} = pair([{packet, line}, {active, true}]), send(P, "a\nb"), gen_tcp:close(P), next(2), nothing() end},
    {a_frame_is_too_long, fun() ->
        {S, P} = pair([{packet, 4}, {packet_size, 10}]), send(P, [0, 0, 0, 11, "hello"]), says(gen_tcp:recv(S, 0)),
        says(gen_tcp:recv(P, 0)) end},
    {a_frame_is_too_long_in_active_mode, fun() ->
        {_, P} = pair([{packet, 4}, {packet_size, 10}, {active, true}]), send(P, [0, 0, 0, 11, "hello"]), next(2),
        says(gen_tcp:recv(P, 0)) end},
    {a_line_is_too_long, fun() ->
        {S, P} = pair([{packet, line}, {packet_size, 8}]), send(P, "0123456789\n"), says(gen_tcp:recv(S, 0)),
        says(gen_tcp:recv(P, 0)) end},
    {a_message_is_too_long_for_its_frame, fun() ->
        {S, P} = pair([{packet, 1}]), says(gen_tcp:send(S, binary:copy(<<"x">>, 256))), says(gen_tcp:send(S, "a")),
        {ok, Data} = gen_tcp:recv(P, 2), out(numbers(Data)) end},
    {from_lines_to_bytes, fun() ->
        {S, P} = pair([{packet, line}]), send(P, "5\nhello6\n"), says(gen_tcp:recv(S, 0)),
        says(inet:setopts(S, [{packet, raw}])), says(gen_tcp:recv(S, 5)), says(inet:setopts(S, [{packet, line}])),
        says(gen_tcp:recv(S, 0)) end},
    {from_lines_to_frames_in_once, fun() ->
        {S, P} = pair([{packet, line}, {active, once}]), send(P, ["go\n", 0, 1, "a"]), next(),
        says(inet:setopts(S, [{packet, 2}, {active, once}])), next(), says(gen_tcp:send(S, "b")),
        {ok, Data} = gen_tcp:recv(P, 3), out(numbers(Data)) end}].

frames(Packet, Frame) ->
    {S, P} = pair([{packet, Packet}]), says(gen_tcp:send(S, "abc")), {ok, Data} = gen_tcp:recv(P, byte_size(Frame)),
    out(numbers(Data)), send(P, Frame), says(gen_tcp:recv(S, 0)), says(active(S, once)), send(P, Frame), next().

listeners() -> [
    {accept_with_zero, fun() -> {Listener, _} = listen([]), says(gen_tcp:accept(Listener, 0)) end},
    {accept_takes_too_long, fun() ->
        {Listener, Port} = listen([]), says(gen_tcp:accept(Listener, 10)), P = connect(Port),
        {ok, S} = gen_tcp:accept(Listener), send(P, "a"), says(gen_tcp:recv(S, 0)) end},
    {accept_who_waits_with_zero, fun() ->
        {Listener, Port} = listen([]), connect(Port),
        until(fun(Answer) -> Answer =/= "timeout" end, fun() -> gen_tcp:accept(Listener, 0) end) end},
    {accept_one_that_has_sent_and_closed, fun() ->
        {Listener, Port} = listen([]), P = connect(Port), send(P, "a"), gen_tcp:close(P),
        {ok, S} = gen_tcp:accept(Listener),
        says(gen_tcp:recv(S, 0)), says(gen_tcp:recv(S, 0)) end},
    {accepted_in_the_mode_of_the_listener, fun() ->
        {Listener, Port} = listen([{active, 1}, {packet, line}]), P = connect(Port), send(P, "a\nb\n"),
        {ok, S} = gen_tcp:accept(Listener), next(2), says(gen_tcp:recv(S, 0)) end},
    {who_accepts_is_killed, fun() ->
        {Listener, Port} = listen([]), ended(helper(fun(_) -> gen_tcp:accept(Listener) end)), P = connect(Port),
        {ok, S} = gen_tcp:accept(Listener), send(P, "a"), says(gen_tcp:recv(S, 0)) end},
    {several_accept, fun() ->
        {Listener, Port} = listen([]), [helper(fun(Me) ->
            {ok, S} = gen_tcp:accept(Listener), told(Me, answer(gen_tcp:recv(S, 0))), idle() end) || _ <- [1, 2, 3]],
        [send(connect(Port), Data) || Data <- ["a", "b", "c"]], sorted(3) end},
    {who_has_accepted_ends, fun() ->
        {Listener, Port} = listen([]), helper(fun(_) -> gen_tcp:accept(Listener) end),
        says(gen_tcp:recv(connect(Port), 0)) end},
    {closed_while_another_accepts, fun() ->
        {Listener, _} = listen([]), helper(fun(Me) -> Me ! ready, told(Me, answer(gen_tcp:accept(Listener))) end),
        next(),
        gen_tcp:close(Listener), next(), says(gen_tcp:accept(Listener)) end},
    {the_owner_of_a_listener_ends, fun() ->
        {H, Ref} = monitored(fun(Me) -> Me ! {listener, listen([])}, idle() end),
        {Listener, Port} = receive {listener, It} -> It end, P = connect(Port), {ok, S} = gen_tcp:accept(Listener),
        helper(fun(Me) -> Me ! ready, told(Me, answer(gen_tcp:accept(Listener))) end), next(), H ! stop,
        receive {'DOWN', Ref, process, _, normal} -> ok end, next(),
        says(gen_tcp:connect(?IP, Port, [])), send(P, "a"), says(gen_tcp:recv(S, 0)) end},
    {a_listener_is_handed_over, fun() ->
        {Listener, Port} = listen([]), {H, Ref} = monitored(fun(_) -> idle() end),
        says(gen_tcp:controlling_process(Listener, H)), H ! stop, down(Ref), says(gen_tcp:accept(Listener)),
        says(gen_tcp:connect(?IP, Port, [])) end},
    {a_port_is_taken, fun() ->
        {_, Port} = listen([]), says(gen_tcp:listen(Port, [{ip, ?IP}])) end},
    {a_port_is_free_again, fun() ->
        {Listener, Port} = listen([{reuseaddr, true}]), P = connect(Port), {ok, S} = gen_tcp:accept(Listener),
        gen_tcp:close(Listener), says(gen_tcp:listen(Port, [{ip, ?IP}, {reuseaddr, true}])), send(P, "a"),
        says(gen_tcp:recv(S, 0)) end},
    {a_port_that_is_none, fun() ->
        out(tried(fun() -> gen_tcp:listen(65536, []) end)), out(tried(fun() -> gen_tcp:listen(-1, []) end)) end},
    {a_backlog_that_is_none, fun() -> out(tried(fun() -> gen_tcp:listen(0, [{backlog, -1}]) end)) end},
    {an_address_of_another_machine, fun() -> says(gen_tcp:listen(0, [{ip, {192, 0, 2, 1}}])) end}].

connecting() -> [
    {connect_to_nobody, fun() ->
        {Listener, Port} = listen([]), gen_tcp:close(Listener), says(gen_tcp:connect(?IP, Port, [])) end},
    {the_backlog_is_full, fun() ->
        {Listener, Port} = listen([{backlog, 1}]), Connected = connected(Port, []),
        [{ok, _} = gen_tcp:accept(Listener) || _ <- Connected], out("accepted"), connected(Port, []) end},
    {connect_to_a_port_that_is_none, fun() -> out(tried(fun() -> gen_tcp:connect(?IP, 65536, []) end)) end},
    {connect_from_an_address, fun() ->
        {Listener, Port} = listen([]), {ok, _} = gen_tcp:connect(?IP, Port, [{ip, {127, 0, 0, 2}}]),
        {ok, S} = gen_tcp:accept(Listener), {ok, {From, _}} = inet:peername(S), out(inet:ntoa(From)) end},
    {connect_in_active_mode, fun() ->
        {Listener, Port} = listen([]), {ok, C} = gen_tcp:connect(?IP, Port, [binary, {packet, 1}, {active, once}]),
        {ok, S} = gen_tcp:accept(Listener), send(S, [1, "a", 1, "b"]), next(), says(gen_tcp:recv(C, 0)) end}].

%% Connects until that takes too long.
connected(Port, Others) ->
    case gen_tcp:connect(?IP, Port, [], 100) of
        {ok, One} -> connected(Port, [One | Others]);
        Error -> says(Error), Others
    end.

mailboxes() -> [
    {another_message_is_waited_for, fun() ->
        {_, P} = pair([{active, true}]), send(P, "a"), holds(1), self() ! m, receive m -> out("m") end, next() end},
    {messages_and_data_in_order, fun() ->
        {_, P} = pair([{active, true}]), send(P, "a"), holds(1), self() ! m, send(P, "b"), holds(3), self() ! n,
        next(4) end},
    {data_and_the_end_among_messages, fun() ->
        {_, P} = pair([{active, true}]), self() ! m, send(P, "a"), holds(2), gen_tcp:close(P), holds(3), self() ! n,
        next(4) end},
    {a_message_comes_while_data_is_received, fun() ->
        {S, P} = pair([]), H = helper(fun(Me) ->
            told(Me, answer(gen_tcp:recv(S, 0))), receive M -> Me ! M end end), H ! m, send(P, "a"), next(2) end},
    {two_sockets, fun() ->
        {_, P} = pair([{active, true}]), {_, Q} = pair([{active, once}]), send(P, "a"), holds(1), send(Q, "b"),
        holds(2),
        send(P, "c"), next(3) end},
    {an_exit_signal_among_data, fun() ->
        trap(), {_, P} = pair([{active, true}]), send(P, "a"), holds(1), exit(self(), bad), send(P, "b"), next(3) end}].

datagrams() -> [
    {udp, fun() -> {S, P, Port} = udp_pair([]), send(P, Port, "a"), says(gen_udp:recv(S, 0)) end},
    {udp_active_true, fun() ->
        {_, P, Port} = udp_pair([{active, true}]), send(P, Port, "a"), send(P, Port, "b"), next(2) end},
    {udp_active_once, fun() ->
        {S, P, Port} = udp_pair([{active, once}]), send(P, Port, "a"), send(P, Port, "b"), next(), nothing(),
        says(gen_udp:recv(S, 0)), says(active(S, once)), send(P, Port, "c"), next() end},
    {udp_active_times, fun() ->
        {S, P, Port} = udp_pair([{active, 2}]), [send(P, Port, D) || D <- ["a", "b", "c"]], next(3),
        says(gen_udp:recv(S, 0)) end},
    {udp_of_nothing, fun() -> {S, P, Port} = udp_pair([{active, once}]), send(P, Port, ""), next(), send(P, Port, ""),
        says(gen_udp:recv(S, 0)) end},
    {udp_longer_than_the_buffer, fun() ->
        {S, P, Port} = udp_pair([{buffer, 4}]), send(P, Port, "abcdef"), send(P, Port, "g"), says(gen_udp:recv(S, 0)),
        says(active(S, once)), next() end},
    {udp_receive_while_active, fun() -> {S, _, _} = udp_pair([{active, true}]), says(gen_udp:recv(S, 0)) end},
    {udp_receive_with_zero, fun() -> {S, _, _} = udp_pair([]), says(gen_udp:recv(S, 0, 0)) end},
    {udp_receive_takes_too_long, fun() ->
        {S, P, Port} = udp_pair([]), says(gen_udp:recv(S, 0, 10)), send(P, Port, "a"), says(gen_udp:recv(S, 0)) end},
    {udp_closed_while_another_receives, fun() ->
        {S, _, _} = udp_pair([]), helper(fun(Me) -> Me ! ready, told(Me, answer(gen_udp:recv(S, 0))) end), next(),
        gen_udp:close(S), next() end},
    {udp_used_after_it_was_closed, fun() ->
        {S, _, Port} = udp_pair([]), gen_udp:close(S), says(gen_udp:recv(S, 0)),
        says(gen_udp:send(S, ?IP, Port, "a")) end},
    {udp_handed_over_with_messages, fun() ->
        {S, P, Port} = udp_pair([{active, true}]), R = relay(), [send(P, Port, D) || D <- ["a", "b"]], holds(2),
        says(gen_udp:controlling_process(S, R)), send(P, Port, "c"), next(3) end},
    {udp_to_nobody, fun() ->
        {S, P, _} = udp_pair([]), {ok, Nobody} = inet:port(P), gen_udp:close(P), says(gen_udp:connect(S, ?IP, Nobody)),
        says(gen_udp:send(S, "a")), says(gen_udp:recv(S, 0)) end},
    {udp_to_nobody_in_active_mode, fun() ->
        {S, P, _} = udp_pair([{active, true}]), {ok, Nobody} = inet:port(P), gen_udp:close(P),
        says(gen_udp:connect(S, ?IP, Nobody)), says(gen_udp:send(S, "a")), next(),
        yes_or_no(inet:getopts(S, [active]) =:= {ok, [{active, true}]}) end}].
