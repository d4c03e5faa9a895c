package dev.gyre.cli.copy;

import java.io.Serial;

/** Something is not as it should be, which no system call has told. */
final class MismatchException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    private final String what;

    /** With what it is, as the second half of a line that begins with a path. */
    MismatchException(String what) {
        super(what, null, false, false);
        this.what = what;
    }

    /** What it is. */
    String what() {
        return what;
    }
}
