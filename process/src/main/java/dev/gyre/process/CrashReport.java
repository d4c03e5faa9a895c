package dev.gyre.process;

import java.util.Optional;

/**
 * A process that has ended for a reason that is not {@linkplain ExitReason#isOrderly orderly}, by itself and not
 * because another one has.
 *
 * @param process the process
 * @param name under which it was registered, if it was
 * @param label where its function was written
 * @param reason why it ended
 * @param messages how many it had not received
 */
public record CrashReport(Pid process, Optional<String> name, String label, ExitReason reason, long messages) {}
