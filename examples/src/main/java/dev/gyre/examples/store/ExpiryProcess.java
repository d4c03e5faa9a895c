package dev.gyre.examples.store;

import dev.gyre.process.Self;
import java.time.Duration;

/** The process that removes keys which have expired, and which nobody asks for any more. */
final class ExpiryProcess {
    private static final Duration PAUSE = Duration.ofMillis(100);

    private ExpiryProcess() {}

    static void run(Store store, Self self) {
        Database database = store.current().database();
        while (true) {
            self.io().sleep(PAUSE);
            while (expireSome(database)) {
                self.io().sleep(Duration.ZERO); // others first
            }
        }
    }

    private static boolean expireSome(Database database) {
        synchronized (database) {
            database.beginBatch();
            return database.expireSome();
        }
    }
}
