package dev.gyre.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gyre.io.Clock;
import dev.gyre.io.Connection;
import dev.gyre.io.Io;
import dev.gyre.io.IoException;
import dev.gyre.io.Ip4Address;
import dev.gyre.io.ListenOptions;
import dev.gyre.io.Listener;
import dev.gyre.io.Reason;
import dev.gyre.io.ResetEvent;
import dev.gyre.io.Task;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A server and a client of one world. */
record TwoHosts(World world, Host server, Host client, ResetEvent ready) {
    static final int PORT = 7000;
    static final Duration LATENCY = Duration.ofMillis(5);

    /** A link on which nothing but the latency takes time. */
    static final LinkOptions SLOW =
            LinkOptions.DEFAULT.withLatency(LATENCY).withBytesPerSecond(LinkOptions.UNLIMITED);

    /** What is done with a connection. */
    interface Service<T> {
        T on(Io io, Connection connection) throws Exception;
    }

    /** Both on one link. */
    static TwoHosts on(World world, LinkOptions options) {
        Link link = world.link(options);
        return new TwoHosts(world, world.host("server", link), world.host("client", link), world.io().resetEvent());
    }

    static <T> SimulationResult<T> simulate(long seed, WorldProgram<T> program) {
        return Simulation.runWorld(SimulationOptions.ofSeed(seed), program);
    }

    /** What happens in a world. */
    interface Scene<T> {
        void play(T place) throws Exception;
    }

    /** Simulates a world. */
    static void inWorld(long seed, Scene<World> scene) {
        simulate(seed, world -> {
            scene.play(world);
            return null;
        });
    }

    /** Simulates a world in which both are on one link. */
    static void onLink(long seed, LinkOptions options, Scene<TwoHosts> scene) {
        inWorld(seed, world -> scene.play(on(world, options)));
    }

    /** How long the simulation has run. */
    static Duration age(Io io) {
        return Duration.ofNanos(io.now(Clock.AWAKE).nanoseconds());
    }

    static Reason reason(ThrowingCallable call) {
        IoException failure = catchThrowableOfType(IoException.class, call);
        assertThat(failure).isNotNull();
        return failure.reason();
    }

    /** Has the server do something with the first connection that comes. */
    <T> Task<T, Exception> serve(Service<T> service) throws Exception {
        Task<T, Exception> serving = server.start(io -> {
            try (Listener listener = io.listen(Ip4Address.unspecified(PORT), ListenOptions.DEFAULT)) {
                ready.set();
                try (Connection connection = listener.accept()) {
                    return service.on(io, connection);
                }
            }
        });
        ready.await();
        return serving;
    }

    /** Has the client connect, and do something with that. */
    <T> T ask(Service<T> service) throws Exception {
        return client.run(io -> {
            try (Connection connection = io.connect(server.address(PORT))) {
                return service.on(io, connection);
            }
        });
    }
}
