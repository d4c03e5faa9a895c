package dev.gyre.simulated.turns;

import dev.gyre.simulated.SimulationOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where every choice of a simulation is made: first as it was told, then as its generator says. It remembers each with
 * what there was to choose from, so that a run can be repeated, and the next one of a systematic search be found.
 */
public final class Choices {
    private final int[] told;
    private final IntUnaryOperator rest;
    private final List<int[]> made = new ArrayList<>();
    private final boolean remembers;

    private Choices(int[] told, boolean remembers, IntUnaryOperator rest) {
        this.told = told;
        this.remembers = remembers;
        this.rest = rest;
    }

    /** As {@code options} say. */
    public static Choices of(SimulationOptions options) {
        RandomGenerator random = new SplittableRandom(options.seed());
        return new Choices(options.choices().map(Choices::parse).orElse(new int[0]), false, random::nextInt);
    }

    /** As {@code told}, and then always the first. */
    public static Choices exploring(int[] told) {
        return new Choices(told, true, count -> 0);
    }

    public static int[] parse(String text) {
        try {
            return text.isEmpty()
                    ? new int[0]
                    : Arrays.stream(text.split(",", -1)).mapToInt(Integer::parseInt).toArray();
        } catch (NumberFormatException wrong) {
            throw new IllegalArgumentException("choices '" + text + "' are not numbers with commas between", wrong);
        }
    }

    /** One of {@code count}, counted from 0. */
    int choose(int count) {
        int place = made.size();
        int choice;
        if (place < told.length) {
            choice = told[place];
            if (choice < 0 || choice >= count) {
                throw new IllegalStateException("choice " + place + " was " + choice + ", but now there are only "
                        + count + " to choose from: the program does not run the same way twice");
            }
        } else {
            choice = rest.applyAsInt(count);
        }
        if (remembers || place < told.length) {
            made.add(new int[] {choice, count});
        }
        return choice;
    }

    /** The choices that were made, as {@link #parse} reads them. */
    public String text() {
        return made.stream().map(choice -> Integer.toString(choice[0])).collect(Collectors.joining(","));
    }

    /** What to tell the next run of a search depth first; null if this was the last. */
    public int @Nullable [] next() {
        int last = made.size() - 1;
        while (last >= 0 && made.get(last)[0] + 1 == made.get(last)[1]) {
            last--;
        }
        if (last < 0) {
            return null;
        }
        int[] next = new int[last + 1];
        for (int i = 0; i <= last; i++) {
            next[i] = made.get(i)[0];
        }
        next[last]++;
        return next;
    }
}
