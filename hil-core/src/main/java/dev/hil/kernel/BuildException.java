package dev.hil.kernel;

import dev.hil.link.InfrastructureException;

/** A patch does not apply, or the kernel does not build or install. */
public final class BuildException extends InfrastructureException {
    private static final long serialVersionUID = 1L;

    public BuildException(String message) {
        super(message);
    }
}
