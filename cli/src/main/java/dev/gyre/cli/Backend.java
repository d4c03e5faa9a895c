package dev.gyre.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.TypeConversionException;

/** What a program runs on, as {@code --backend} names it. */
enum Backend {
    /** io_uring; it is an error if the kernel refuses it. */
    URING,
    /** Blocking system calls on a pool of threads. */
    THREADED,
    /** io_uring where the kernel allows it, threads elsewhere. */
    AUTO;

    /** The backend that has this name, in small letters or capitals. */
    static Backend parse(String name) {
        return Arrays.stream(values())
                .filter(backend -> backend.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + name + "' is none of " + names()));
    }

    /** All names, for people. */
    static String names() {
        return Arrays.stream(values()).map(Backend::toString).collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
