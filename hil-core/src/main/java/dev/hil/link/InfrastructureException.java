package dev.hil.link;

import org.jspecify.annotations.Nullable;

/**
 * The lab failed, not the kernel under test: ssh, a cable, a disk, a tool, a wrong definition. JUnit reports it as an
 * <em>error</em>, where a finding about the kernel is a <em>failure</em> (an {@link AssertionError}).
 */
public class InfrastructureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InfrastructureException(String message) {
        super(message);
    }

    public InfrastructureException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
