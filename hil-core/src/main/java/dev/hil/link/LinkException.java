package dev.hil.link;

import org.jspecify.annotations.Nullable;

/** A machine could not be reached, or stopped answering. */
public final class LinkException extends InfrastructureException {
    private static final long serialVersionUID = 1L;

    /** What went wrong; decides whether trying again can help. */
    public enum Kind {
        /** Nothing listens at that port. */
        REFUSED(true),
        /** No route, no such host, or no answer within the time for one attempt. */
        UNREACHABLE(true),
        /** An open connection died. */
        LOST(true),
        /** The host's key stands in no known_hosts file. */
        HOST_KEY_UNKNOWN(false),
        /** The host's key is another than the known one. */
        HOST_KEY_CHANGED(false),
        /** The host's key is one that a known_hosts file revokes. */
        HOST_KEY_REVOKED(false),
        /**
         * The host accepted none of the keys. May pass: a system that goes down or comes up refuses logins for a while
         * (pam_nologin), and an ssh server that is being ended answers its last clients so.
         */
        AUTHENTICATION(true),
        /** The ssh configuration asks for something that cannot be done here. */
        CONFIGURATION(false);

        private final boolean passing;

        Kind(boolean passing) {
            this.passing = passing;
        }

        /** Whether the same attempt may succeed a moment later, for instance while a board boots. */
        public boolean mayPass() {
            return passing;
        }
    }

    private final Kind kind;

    public LinkException(Kind kind, String message) {
        this(kind, message, null);
    }

    public LinkException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
