package dev.hil.record;

import dev.hil.link.InfrastructureException;

/** Somebody else has what was asked for. The message names the holder. */
public final class LeaseHeldException extends InfrastructureException {
    private static final long serialVersionUID = 1L;

    LeaseHeldException(String message) {
        super(message);
    }
}
