package dev.gyre.simulated;

import dev.gyre.io.IpAddress;
import dev.gyre.simulated.turns.Choices;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How to simulate.
 *
 * @param seed what every choice comes from
 * @param choices the first choices, one after the other, in place of the seed's; for replaying one way of
 *     {@link Simulation#explore}
 * @param stepsMax how often a task may be given the turn before the program counts as one that does not end, positive;
 *     and how often in a row one may call its {@link dev.gyre.io.Io} while nobody else can run
 * @param diskBytesMax how much there is room for on the disk, in whole pages of 4 KiB that were written or are
 *     reserved; 0 or more
 * @param names the addresses of hosts, by their names in lower case; {@code localhost} need not be among them
 */
public record SimulationOptions(
        long seed,
        Optional<String> choices,
        long stepsMax,
        long diskBytesMax,
        Map<String, List<IpAddress>> names) {
    /** The system property that sets the seed of {@link #fromProperties()}. */
    public static final String SEED_PROPERTY = "gyre.simulated.seed";

    /** The system property that sets the choices of {@link #fromProperties()}. */
    public static final String CHOICES_PROPERTY = "gyre.simulated.choices";

    private static final long STEPS_MAX = 10_000_000;

    /** Refuses values out of range. */
    public SimulationOptions {
        if (stepsMax <= 0) {
            throw new IllegalArgumentException("stepsMax " + stepsMax + " is not positive");
        }
        if (diskBytesMax < 0) {
            throw new IllegalArgumentException("diskBytesMax " + diskBytesMax + " is negative");
        }
        choices.ifPresent(Choices::parse);
        names = Map.copyOf(names);
    }

    /**
     * A seed, ten million steps at most, and a disk without an end.
     *
     * @param seed any
     * @return the options
     */
    public static SimulationOptions ofSeed(long seed) {
        return new SimulationOptions(seed, Optional.empty(), STEPS_MAX, Long.MAX_VALUE, Map.of());
    }

    /**
     * What the properties {@value #SEED_PROPERTY} and {@value #CHOICES_PROPERTY} say; seed 0 where they say nothing.
     *
     * @return the options
     * @throws IllegalArgumentException if a property is not what it should be
     */
    public static SimulationOptions fromProperties() {
        String text = System.getProperty(SEED_PROPERTY, "0");
        try {
            SimulationOptions options = ofSeed(Long.parseLong(text));
            String choices = System.getProperty(CHOICES_PROPERTY);
            return choices == null ? options : options.withChoices(choices);
        } catch (NumberFormatException wrong) {
            throw new IllegalArgumentException(SEED_PROPERTY + " is '" + text + "' and not a number", wrong);
        }
    }

    /**
     * The same with given first choices.
     *
     * @param text numbers with commas between them, as a failure prints them
     * @return the options
     */
    public SimulationOptions withChoices(String text) {
        return new SimulationOptions(seed, Optional.of(text), stepsMax, diskBytesMax, names);
    }

    /**
     * The same with another limit.
     *
     * @param steps positive
     * @return the options
     */
    public SimulationOptions withStepsMax(long steps) {
        return new SimulationOptions(seed, choices, steps, diskBytesMax, names);
    }

    /**
     * The same with a disk of another size.
     *
     * @param bytes 0 or more
     * @return the options
     */
    public SimulationOptions withDiskBytesMax(long bytes) {
        return new SimulationOptions(seed, choices, stepsMax, bytes, names);
    }

    /**
     * The same in a world that has one more host.
     *
     * @param name of the host, in any case; a name that is there already gets these addresses instead
     * @param addresses where a lookup finds it; none for a name without any
     * @return the options
     */
    public SimulationOptions withName(String name, IpAddress... addresses) {
        Map<String, List<IpAddress>> more = new HashMap<>(names);
        more.put(name.toLowerCase(Locale.ROOT), List.of(addresses));
        return new SimulationOptions(seed, choices, stepsMax, diskBytesMax, more);
    }

    /** What replays a simulation with these options, as arguments of the virtual machine. */
    String replay() {
        return "-D" + SEED_PROPERTY + "=" + seed
                + choices.map(text -> " -D" + CHOICES_PROPERTY + "=" + text).orElse("");
    }
}
