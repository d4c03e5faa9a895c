package dev.gyre.io;

import dev.gyre.io.spi.IoProvider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/** Chooses among the backends that are installed. */
final class Backends {
    private Backends() {}

    static Io open(IoOptions options) throws BackendUnavailable {
        List<IoProvider> providers = installed();
        List<String> refusals = new ArrayList<>();
        for (IoProvider provider : providers) {
            boolean wanted = options.backend().map(provider.name()::equals).orElse(provider.automatic());
            if (!wanted) {
                continue;
            }
            try {
                Io io = provider.open(options);
                announce(io, refusals);
                return io;
            } catch (BackendUnavailable refused) {
                refusals.add(refused.getMessage());
            }
        }
        throw new BackendUnavailable(failure(options, providers, refusals));
    }

    /** Only where there is something to tell: the JDK's logging takes long to begin. */
    private static void announce(Io io, List<String> refusals) {
        if (!refusals.isEmpty()) {
            System.getLogger("dev.gyre.io")
                    .log(System.Logger.Level.INFO, "{0}; using {1}", String.join("; ", refusals), io.description());
        }
    }

    private static String failure(IoOptions options, List<IoProvider> providers, List<String> refusals) {
        String known = providers.isEmpty()
                ? "no backend is on the module path or class path: add dev.gyre.uring or dev.gyre.threaded"
                : "installed: " + String.join(", ", providers.stream().map(IoProvider::name).toList());
        if (!refusals.isEmpty()) {
            return String.join("; ", refusals);
        }
        return options.backend().map(name -> "no backend is called '" + name + "'; " + known).orElse(known);
    }

    private static List<IoProvider> installed() {
        return ServiceLoader.load(IoProvider.class, IoProvider.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparingInt(IoProvider::priority).reversed())
                .toList();
    }
}
