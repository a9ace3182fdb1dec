package dev.hil.board;

import dev.hil.link.Console;
import dev.hil.link.Power;
import dev.hil.link.SshTarget;
import java.util.Map;
import java.util.Optional;

/** A board within reach. Closing it lets go of the board, or ends it where the provider had started it. */
public interface BoardConnection extends AutoCloseable {
    /** The definition, completed by what only the provider knows. */
    BoardDefinition definition();

    SshTarget ssh();

    Optional<Console> console();

    Optional<Power> power();

    /** The kernels that boot labels must bring up, as far as the provider knows them. */
    Map<String, KernelIdentity> kernels();

    /** Makes the definition's kernel tree this run's own until the connection is closed; see {@link Board#claimKernel}. */
    void claimKernel();

    /** Whether nothing of the board outlives this connection, so that it need not be left on its safe label. */
    boolean isThrowAway();

    /** A way to boot the safe label whatever the boot menu says, for kernels that never come up; empty where there is none. */
    default Optional<Rescue> rescue() {
        return Optional.empty();
    }

    @Override
    void close();
}
