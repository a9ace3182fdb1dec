package dev.hil.boot;

import dev.hil.link.InfrastructureException;

/** A boot menu does not hold what was asked for, or cannot be edited safely. Nothing has been written. */
public final class BootMenuException extends InfrastructureException {
    private static final long serialVersionUID = 1L;

    public BootMenuException(String message) {
        super(message);
    }
}
