package dev.hil.board;

import dev.hil.link.InfrastructureException;

/** A board definition is missing or wrong. */
public final class DefinitionException extends InfrastructureException {
    private static final long serialVersionUID = 1L;

    public DefinitionException(String message) {
        super(message);
    }
}
