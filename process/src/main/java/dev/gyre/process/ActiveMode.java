package dev.gyre.process;

/** Whether what arrives at a socket is asked for, or comes to its owner as messages, and for how many of these. */
public sealed interface ActiveMode {
    /** The largest number of messages of {@link Times}. */
    int TIMES_MAX = 32_767;

    /** Nothing comes by itself: it is received. */
    ActiveMode PASSIVE = new Passive();

    /** All comes as messages, as fast as the owner takes them, see {@link Watermarks}. */
    ActiveMode ALWAYS = new Always();

    /** The next message comes, and the socket is passive then. */
    ActiveMode ONCE = new Once();

    /**
     * So many messages come, and after the last {@link SocketMessage.Passive}.
     *
     * @param messages 1 to {@value #TIMES_MAX}. They are added to those that are left of an earlier such mode
     * @return the mode
     */
    static ActiveMode times(int messages) {
        return new Times(messages);
    }

    /** What arrives is asked for. */
    record Passive() implements ActiveMode {}

    /** All comes as messages. */
    record Always() implements ActiveMode {}

    /** One message comes. */
    record Once() implements ActiveMode {}

    /**
     * Some messages come.
     *
     * @param messages how many
     */
    record Times(int messages) implements ActiveMode {
        /** Refuses a number out of range. */
        public Times {
            if (messages < 1 || messages > TIMES_MAX) {
                throw new IllegalArgumentException("active: " + messages + " messages are not within 1.." + TIMES_MAX);
            }
        }
    }
}
