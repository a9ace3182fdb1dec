package dev.hil.board;

import dev.hil.link.InfrastructureException;

/** The board did not come back. Says for how long it was waited for, what was last on the console, and where the evidence is. */
public final class BoardLostException extends InfrastructureException {
    private static final long serialVersionUID = 1L;

    BoardLostException(String message, Throwable cause) {
        super(message, cause);
    }
}
