#!/usr/bin/env escript
%%! -kernel logger_level none inet_backend inet
%% Prints the release and the traces of all scenarios, which are in the same folder.
main(_) ->
    Folder = filename:dirname(escript:script_name()),
    [begin
        {ok, Module, Code} = compile:file(filename:join(Folder, Module), [binary, report]),
        {module, Module} = code:load_binary(Module, atom_to_list(Module), Code)
     end || Module <- [scenarios, sockets]],
    Release = erlang:system_info(otp_release),
    {ok, Version} = file:read_file(filename:join([code:root_dir(), "releases", Release, "OTP_VERSION"])),
    io:format("Erlang/OTP ~s~n", [string:trim(Version)]),
    scenarios:main().
