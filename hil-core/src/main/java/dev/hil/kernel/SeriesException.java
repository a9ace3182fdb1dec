package dev.hil.kernel;

import dev.hil.link.InfrastructureException;

/** A patch series is missing or wrong. */
public final class SeriesException extends InfrastructureException {
    private static final long serialVersionUID = 1L;

    public SeriesException(String message) {
        super(message);
    }
}
