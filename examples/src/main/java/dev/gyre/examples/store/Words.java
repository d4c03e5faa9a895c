package dev.gyre.examples.store;

/**
 * The words of a line, as people type them: with blanks between them, and quotes around those that have blanks. Within
 * double quotes, a backslash gives the next character another meaning, {@code \n} and {@code \x0a} for instance.
 *
 * <p>A word is never longer than what was typed for it, and is put in its place.
 */
final class Words {
    private final byte[] buffer;
    private final int end;
    private int at;
    private int written;

    private Words(byte[] buffer, int from, int to) {
        this.buffer = buffer;
        this.at = from;
        this.end = to;
    }

    /** Finds the words of a line, without its end, and adds them to a request that begins with the line. */
    static void split(byte[] buffer, int from, int to, Request request) throws ProtocolException {
        Words words = new Words(buffer, from, to);
        while (words.skipBlanks()) {
            int begin = words.at;
            words.written = begin;
            words.word();
            request.add(begin - from, words.written - begin);
        }
    }

    private boolean skipBlanks() {
        while (at < end && isBlank(buffer[at])) {
            at++;
        }
        return at < end;
    }

    private void word() throws ProtocolException {
        while (at < end && !isBlank(buffer[at])) {
            byte next = buffer[at++];
            if (next == '"' || next == '\'') {
                quoted(next);
            } else {
                buffer[written++] = next;
            }
        }
    }

    private void quoted(byte quote) throws ProtocolException {
        while (at < end) {
            byte next = buffer[at++];
            if (next == quote) {
                if (at < end && !isBlank(buffer[at])) {
                    break;
                }
                return;
            }
            boolean escapes = next == '\\' && at < end && (quote == '"' || buffer[at] == '\'');
            buffer[written++] = !escapes ? next : quote == '"' ? escaped() : buffer[at++];
        }
        throw new ProtocolException("unbalanced quotes in request");
    }

    private byte escaped() {
        byte letter = buffer[at++];
        return switch (letter) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'a' -> 7;
            case 'x' -> hexadecimal();
            default -> letter;
        };
    }

    private byte hexadecimal() {
        int high = at + 1 < end ? Character.digit(buffer[at], 16) : -1;
        int low = at + 1 < end ? Character.digit(buffer[at + 1], 16) : -1;
        if (high < 0 || low < 0) {
            return 'x';
        }
        at += 2;
        return (byte) ((high << 4) | low);
    }

    private static boolean isBlank(byte letter) {
        return letter == ' ' || (letter >= '\t' && letter <= '\r') || letter == 0;
    }
}
