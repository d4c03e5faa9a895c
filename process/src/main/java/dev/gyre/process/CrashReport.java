package dev.gyre.process;

import java.util.List;
import java.util.Optional;

/**
 * A process that has ended for a reason that is not {@linkplain ExitReason#isOrderly orderly}, by itself and not
 * because another one has.
 *
 * @param process the process
 * @param name under which it was registered, if it was
 * @param label where its function was written
 * @param reason why it ended
 * @param parent the process that has started it, if one has
 * @param links the processes that it was linked to, which are about to hear of its end
 * @param messages how many it had not received
 * @param received the last that it received, {@value #RECEIVED_MAX} at most, the oldest first: each as text, of which
 *     {@value #TEXT_MAX} characters are left. Empty where the node {@linkplain ProcessesOptions#keepsMessages keeps
 *     none}; of what a socket has told, only which socket that was
 */
public record CrashReport(
        Pid process,
        Optional<String> name,
        String label,
        ExitReason reason,
        Optional<Pid> parent,
        List<Pid> links,
        long messages,
        List<String> received) {
    /** So many messages are reported at most. */
    public static final int RECEIVED_MAX = 4;

    /** So much is reported of each. */
    public static final int TEXT_MAX = 200;

    /** Keeps copies of the lists. */
    public CrashReport {
        links = List.copyOf(links);
        received = List.copyOf(received);
    }

    /** One line for a message, whatever the program makes of it. */
    static String textOf(Object message) {
        if (message instanceof ProcessSocket) {
            return "a message of " + message;
        }
        String text;
        try {
            text = String.valueOf(message);
        } catch (Throwable failure) {
            text = message.getClass().getName() + ", whose toString() has failed: " + failure.getClass().getName();
        }
        String shown = text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX) + "…";
        return shown.codePoints()
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
