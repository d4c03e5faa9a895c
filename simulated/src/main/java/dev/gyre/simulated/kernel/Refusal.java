package dev.gyre.simulated.kernel;

import dev.gyre.io.ErrorNumber;
import java.io.Serial;

/** The simulated kernel does not do what it was asked for. */
public final class Refusal extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    private final ErrorNumber number;

    public Refusal(ErrorNumber number) {
        super(number.name(), null, false, false);
        this.number = number;
    }

    /** As a call answers it. */
    public int result() {
        return -number.code();
    }
}
